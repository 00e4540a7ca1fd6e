import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, ConnectorFailure, EvidenceItem, Facts } from '../port.js';
import type { Action, On } from './action.js';
import { part } from './api.js';
import { chosenOf, each, judgeGone } from './items.js';
import type { Parts } from './state.js';
import { time, userPath } from './user.js';

const text = z.string().optional().catch(undefined);

const linked = z.object({
  created: time,
  device: z.object({
    id: z.string().min(1),
    status: z.string().catch(''),
    created: time,
    profile: z
      .object({
        displayName: text,
        platform: text,
        manufacturer: text,
        model: text,
        osVersion: text,
        registered: z.boolean().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  }),
});

export interface Device {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly item: EvidenceItem;
}

export async function readDevices(
  { api }: Parts,
  { accountId }: AccountRef,
  call: CallContext,
): Promise<Result<readonly Device[], ConnectorFailure>> {
  const rows = await api.list(`${userPath(accountId)}/devices`, linked, call);
  if (!rows.ok) return rows;
  return ok(
    rows.value.rows.map(({ created, device: { id, status, created: made, profile } }) => {
      const about = [profile?.platform, profile?.osVersion, profile?.manufacturer, profile?.model];
      const device = about.filter((value) => value !== undefined && value !== '').join(', ');
      const title = profile?.displayName ?? id;
      const item = { id, title, at: created ?? made, ...(device === '' ? {} : { device }), detail: status };
      return { id, title, status, item };
    }),
  );
}

/** A device can be suspended from ACTIVE only; CREATED and DEACTIVATED ones cannot be used either. */
const usable = (devices: readonly Device[]): readonly Device[] => devices.filter(({ status }) => status === 'ACTIVE');

export function blockDevices(parts: Parts, items: Chosen): Action {
  const set = ({ call }: On, devices: readonly Device[], verb: 'suspend' | 'unsuspend') =>
    each(devices, ({ id }) =>
      parts.api.change({ method: 'POST', path: `/api/v1/devices/${part(id)}/lifecycle/${verb}`, call }),
    );
  return {
    async perform(on) {
      const present = await readDevices(parts, on.account, on.call);
      return present.ok ? set(on, usable(chosenOf(present.value, items)), 'suspend') : present;
    },
    async judge({ account, call }) {
      const present = await readDevices(parts, account, call);
      const left = present.ok ? ok(usable(chosenOf(present.value, items))) : present;
      return judgeGone(left, 'the chosen devices as active');
    },
    undo: {
      async capture({ account, call }) {
        const present = await readDevices(parts, account, call);
        if (!present.ok) return present;
        const facts: Facts = Object.fromEntries(chosenOf(present.value, items).map(({ id, status }) => [id, status]));
        return ok(facts);
      },
      async restore(on, before) {
        const present = await readDevices(parts, on.account, on.call);
        if (!present.ok) return present;
        const ours = present.value.filter(({ id, status }) => status === 'SUSPENDED' && before[id] === 'ACTIVE');
        return set(on, ours, 'unsuspend');
      },
    },
    survives: [
      {
        what: 'Sign-in with a password from a suspended device: the suspension stops Okta FastPass and device trust',
        forSeconds: null,
      },
    ],
  };
}
