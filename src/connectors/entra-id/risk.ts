import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Facts, Receipt } from '../../ports/connector.js';
import { ALREADY, cannotTell, doesNotHold, holds, native, refuse } from '../kit/action.js';
import type { Action, Answer, Reading, Target } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';

export const RISK = '/v1.0/identityProtection/riskyUsers';

const CONFIRMED = 'confirmedCompromised';
const NEW = 'unknownFutureValue';
/** Microsoft's own states and levels; `null`: not told, or a new one. */
export const riskyUser = z.object({
  riskState: z
    .enum(['none', 'confirmedSafe', 'remediated', 'dismissed', 'atRisk', CONFIRMED, NEW])
    .nullable()
    .catch(null)
    .transform((state) => (state === NEW ? null : state)),
  riskLevel: z
    .enum(['none', 'hidden', 'low', 'medium', 'high', NEW])
    .nullable()
    .catch(null)
    .transform((level) => (level === NEW ? null : level)),
});

const OPEN_RISK: readonly string[] = ['atRisk', CONFIRMED];

/** Reports to Identity Protection that the account is compromised (risk: high). Needs Entra ID P2. */
export function confirmCompromised({ api }: Reader): Action<'confirm_compromised', Reading> {
  const read = async ({ account, call }: Target): Answer<z.output<typeof riskyUser>> => {
    const path = `${RISK}/${encodeURIComponent(account.accountId)}`;
    const risk = await api.get(riskyUser, 'a risk', { path, needs: [PERMISSION.readRisk], call });
    // Identity Protection keeps a row only for people who were ever at risk.
    return !risk.ok && risk.error.kind === 'not_found' ? ok({ riskState: 'none', riskLevel: 'none' }) : risk;
  };
  const say = ({ account, call }: Target, verb: 'confirmCompromised' | 'dismiss'): Answer<Receipt> => {
    const json: Bodies['riskyUsers'] = { userIds: [account.accountId] };
    return api.change({ method: 'POST', path: `${RISK}/${verb}`, json, needs: [PERMISSION.risk], call });
  };
  return {
    can: native(PERMISSION.readUsers, PERMISSION.risk),
    perform: (task) => say(task, 'confirmCompromised'),
    judge: (task) =>
      mapped(read(task), ({ riskState, riskLevel }) => {
        const risk = `risk ${riskLevel ?? 'not told'}`;
        if (riskState === null)
          return cannotTell('Identity Protection shows a state of the account that is not known.');
        return riskState === CONFIRMED
          ? holds(`Identity Protection has the account as confirmed compromised, ${risk}.`)
          : doesNotHold(`Identity Protection has the account as ${riskState}, ${risk}.`);
      }),
    undo: {
      capture: (task) =>
        mapped(read(task), ({ riskState, riskLevel }): Facts => {
          if (riskState === null || riskLevel === null) return {};
          const open = OPEN_RISK.includes(riskState);
          return { confirmed_compromised: riskState === CONFIRMED, risk_level: open ? riskLevel : 'none' };
        }),
      async restore(task, before) {
        if (before['confirmed_compromised'] !== false) return ok(ALREADY);
        return andThen(read(task), ({ riskState }) => {
          if (riskState !== CONFIRMED) return ok(ALREADY);
          if (before['risk_level'] === 'none') return say(task, 'dismiss');
          return refuse(
            'conflict',
            'The account was at risk before this was confirmed, and dismissing would clear that too; decide it in the Entra admin center under ID Protection | Risky users.',
          );
        });
      },
    },
  };
}
