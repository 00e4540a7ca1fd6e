import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { ALREADY, lasting, type Action, type Answer, type Target } from '../kit/action.js';
import { filled, joined } from '../kit/evidence.js';
import { itemAction, type Listed } from '../kit/items.js';
import type { EvidenceItem, Receipt } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { text, time, userPath } from './user.js';

export const linked = z.object({
  created: time,
  device: z.object({
    id: z.string().min(1),
    status: z.string().catch(''),
    created: time,
    profile: z
      .object({ displayName: text, platform: text, manufacturer: text, model: text, osVersion: text })
      .nullable()
      .catch(null),
  }),
});
type Linked = z.output<typeof linked>;

export const readDevices = (api: OktaApi, { account, call }: Target): Answer<Listed<Linked>> =>
  api.list(userPath(account.accountId, '/devices'), linked, call);

const titleOf = ({ device }: Linked): string => device.profile?.displayName ?? device.id;

export function deviceItem(row: Linked): EvidenceItem {
  const { id, status, profile, created } = row.device;
  const device = joined([profile?.platform, profile?.osVersion, profile?.manufacturer, profile?.model]);
  return { id, title: titleOf(row), at: row.created ?? created, ...filled({ device }), detail: status };
}

/** A device can be suspended from ACTIVE only. A device of unknown status is not overlooked, and proves nothing. */
const UNUSABLE: Readonly<Record<string, boolean>> = {
  ACTIVE: false,
  CREATED: true,
  DEACTIVATED: true,
  SUSPENDED: true,
};

export function blockDevices({ api }: Parts): Action<'block_devices', Reading> {
  const set = ({ device }: Linked, verb: 'suspend' | 'unsuspend', { call }: Target): Answer<Receipt> =>
    api.change({ method: 'POST', path: `/api/v1/devices/${segment(device.id)}/lifecycle/${verb}`, call });
  return itemAction(
    {
      words: {
        nothingLeft: 'Okta lists none of the chosen devices as active any more.',
        unread: 'Okta lists a device that cannot be read; look at the account in its console.',
      },
      list: (on) => readDevices(api, on),
      id: ({ device }) => device.id,
      title: titleOf,
      harmless: ({ device: { status } }) => (Object.hasOwn(UNUSABLE, status) ? (UNUSABLE[status] ?? null) : null),
      change: (row, on) => set(row, 'suspend', on),
      undo: {
        fact: ({ device }) => device.status || null,
        putBack: ({ fact }, present, on) =>
          present?.device.status === 'SUSPENDED' && fact === 'ACTIVE'
            ? set(present, 'unsuspend', on)
            : Promise.resolve(ok(ALREADY)),
      },
    },
    {
      can: scopes(SCOPE.readDevices, SCOPE.manageDevices),
      residual: [
        lasting('Sign-in with a password from a suspended device: the suspension stops Okta FastPass and device trust'),
      ],
    },
  );
}
