import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { cannotTell, doesNotHold, holds, type Action, type On, type Outcome } from './action.js';
import type { Parts } from './state.js';
import { userPath } from './user.js';

const risk = z.object({ riskLevel: z.enum(['NONE', 'LOW', 'MEDIUM', 'HIGH']) });

const pathOf = ({ account }: On): string => `${userPath(account.accountId)}/risk`;

/** NONE counts as LOW: Okta does not take NONE back. */
async function level({ api }: Parts, on: On): Promise<Result<'LOW' | 'MEDIUM' | 'HIGH', ConnectorFailure>> {
  const read = await api.one(pathOf(on), risk, on.call);
  if (!read.ok) return read;
  return ok(read.value.riskLevel === 'NONE' ? 'LOW' : read.value.riskLevel);
}

async function setLevel(parts: Parts, on: On, riskLevel: string): Promise<Outcome> {
  const present = await level(parts, on);
  if (!present.ok) return present;
  if (present.value === riskLevel) return ok({ alreadyDone: true, requestId: null });
  const put = await parts.api.change({ method: 'PUT', path: pathOf(on), json: { riskLevel }, call: on.call });
  return put.ok ? ok({ alreadyDone: false, requestId: put.value.requestId }) : put;
}

/** Identity Threat Protection: the org's entity risk policy acts on HIGH, e.g. by signing the person out everywhere. */
export const confirmCompromised = (parts: Parts): Action => ({
  perform: (on) => setLevel(parts, on, 'HIGH'),
  async judge(on) {
    const present = await level(parts, on);
    if (!present.ok) return present.error.kind === 'licence' ? ok(cannotTell(present.error.message)) : present;
    return ok(
      present.value === 'HIGH'
        ? holds("Okta's risk level of the account is HIGH.")
        : doesNotHold(`Okta's risk level of the account is ${present.value}.`),
    );
  },
  undo: {
    async capture(on) {
      const present = await level(parts, on);
      return present.ok ? ok({ risk_level: present.value }) : present;
    },
    /** Okta's API takes LOW and HIGH; a MEDIUM from before is kept HIGH, so that nothing becomes weaker than it was. */
    restore: (on, before) => setLevel(parts, on, before['risk_level'] === 'LOW' ? 'LOW' : 'HIGH'),
  },
  survives: [],
});
