import { z } from 'zod';
import { ok } from '../../platform/result.js';
import {
  ALREADY,
  cannotTell,
  doesNotHold,
  holds,
  utc,
  type Action,
  type Answer,
  type Outcome,
  type Target,
} from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import type { Facts, Receipt } from '../../ports/connector.js';
import { eventsOf, partyName, rowsSince, type LogRow } from './log.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { userPath } from './user.js';

export const risk = z.object({ riskLevel: z.string().min(1).nullable().catch(null) });
export const riskPath = (accountId: string): string => userPath(accountId, '/risk');

/** NONE counts as LOW: Okta does not accept NONE. */
const level = ({ api }: Parts, { account, call }: Target): Answer<string | null> =>
  mapped(api.one(riskPath(account.accountId), risk, call), ({ riskLevel }) =>
    riskLevel === 'NONE' ? 'LOW' : riskLevel,
  );

const setLevel = (parts: Parts, on: Target, riskLevel: 'LOW' | 'HIGH'): Answer<Receipt> =>
  andThen(level(parts, on), (present): Answer<Receipt> | Outcome<Receipt> => {
    if (present === riskLevel) return ok(ALREADY);
    const path = riskPath(on.account.accountId);
    return parts.api.change({ method: 'PUT', path, json: { riskLevel }, call: on.call });
  });

const LEVELS: ReadonlySet<string> = new Set(['LOW', 'MEDIUM', 'HIGH']);

const CHANGED = 'user.risk.change';
const OKTA_ITSELF = 'SystemPrincipal';

/** Who reset the level: the newest change, unless it is Okta's own or the only one of Notme's, which set it HIGH. */
function setBackBy([newest, ...earlier]: readonly LogRow[], own: string | null): LogRow | null {
  if (newest === undefined || newest.actor === null || newest.actor.type === OKTA_ITSELF) return null;
  const ours = (row: LogRow): boolean => row.actor?.id === own;
  return !ours(newest) || earlier.some(ours) ? newest : null;
}

/**
 * Identity Threat Protection: the org's entity risk policy acts on HIGH, e.g. by signing the person out everywhere, and
 * then Okta sets the level to LOW (Okta help, "Manual remediation actions for ITP"): no other level proves anything.
 */
export const confirmCompromised = (parts: Parts): Action<'confirm_compromised', Reading> => ({
  can: scopes(SCOPE.readRisk, SCOPE.manageRisk),
  perform: (on) => setLevel(parts, on, 'HIGH'),
  async judge(on, { since }) {
    const present = await level(parts, on);
    if (!present.ok) return present.error.kind === 'licence' ? ok(cannotTell(present.error.message)) : present;
    if (present.value === null)
      return ok(cannotTell("Okta shows the account's risk level in a form that is not known."));
    if (present.value === 'HIGH') return ok(holds("Okta's risk level of the account is HIGH."));
    const rows = await rowsSince(parts.api, { filter: eventsOf([CHANGED], 'target', on), since }, on.call);
    if (!rows.ok) return rows;
    const said = `Okta's risk level of the account is ${present.value}`;
    const back = setBackBy(rows.value ?? [], await parts.self.id(on.call));
    if (back !== null) {
      const at = back.published === null ? 'a time not told' : utc(back.published);
      return ok(doesNotHold(`${said}, set back by ${partyName(back.actor) ?? 'somebody'} at ${at}.`));
    }
    return ok(
      cannotTell(
        `${said}: Okta sets it back by itself when its entity risk policy has acted, so it does not tell whether HIGH was undone; look into the System Log.`,
      ),
    );
  },
  undo: {
    capture: (on) =>
      mapped(level(parts, on), (present): Facts =>
        // A level that is not known is no value to compare with, and none to give back.
        present !== null && LEVELS.has(present) ? { risk_level: present } : {},
      ),
    /** Okta's API accepts LOW and HIGH; an earlier MEDIUM stays HIGH, so that nothing becomes weaker than it was. */
    restore: (on, before) => setLevel(parts, on, before['risk_level'] === 'LOW' ? 'LOW' : 'HIGH'),
  },
});
