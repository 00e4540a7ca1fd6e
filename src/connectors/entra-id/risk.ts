import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import { lost } from '../http/network-failure.js';
import type { ConnectorFailure } from '../port.js';
import { PERMISSION } from './permissions.js';
import { already, doesNotHold, done, holds, type Handler, type Outcome, type Reader, type Target } from './reader.js';

const RISK = '/v1.0/identityProtection/riskyUsers';

const riskyUser = z.object({ riskState: z.string(), riskLevel: z.string().catch('none') });
type Risk = z.output<typeof riskyUser>;

const NO_RISK: Risk = { riskState: 'none', riskLevel: 'none' };

async function readRisk({ api }: Reader, { account, call }: Target): Promise<Result<Risk, ConnectorFailure>> {
  const path = `${RISK}/${encodeURIComponent(account.accountId)}`;
  const answer = await api.send({ method: 'GET', path, needs: [PERMISSION.readRisk], call });
  // Identity Protection keeps a row only for people who were ever at risk.
  if (!answer.ok) return answer.error.kind === 'not_found' ? ok(NO_RISK) : err(answer.error);
  const parsed = riskyUser.safeParse(answer.value.body);
  return parsed.success ? ok(parsed.data) : err(lost('Microsoft Graph answered something that is not a risk', false));
}

async function say(
  { api }: Reader,
  { account, call }: Target,
  verb: 'confirmCompromised' | 'dismiss',
): Promise<Outcome> {
  const json = { userIds: [account.accountId] };
  const answer = await api.send({ method: 'POST', path: `${RISK}/${verb}`, json, needs: [PERMISSION.risk], call });
  return answer.ok ? done(answer.value.requestId) : err(answer.error);
}

const CONFIRMED = 'confirmedCompromised';
const OPEN_RISK = ['atRisk', CONFIRMED];

/** Tells Identity Protection that the account is compromised (risk: high). Needs Entra ID P2. */
export function confirmCompromised(reader: Reader): Handler {
  return {
    perform: (target) => say(reader, target, 'confirmCompromised'),
    async capture(target) {
      const risk = await readRisk(reader, target);
      if (!risk.ok) return risk;
      const { riskState, riskLevel } = risk.value;
      const open = OPEN_RISK.includes(riskState);
      return ok({ confirmed_compromised: riskState === CONFIRMED, risk_level: open ? riskLevel : 'none' });
    },
    async restore(target, before) {
      if (before['confirmed_compromised'] !== false) return already;
      const risk = await readRisk(reader, target);
      if (!risk.ok) return risk;
      if (risk.value.riskState !== CONFIRMED) return already;
      if (before['risk_level'] === 'none') return say(reader, target, 'dismiss');
      const message =
        'The account was at risk before this was confirmed, and dismissing would clear that too; decide it in the Entra admin center under ID Protection | Risky users.';
      return err({ kind: 'conflict', message });
    },
    async judge(target) {
      const risk = await readRisk(reader, target);
      if (!risk.ok) return risk;
      const { riskState, riskLevel } = risk.value;
      if (riskState === CONFIRMED)
        return holds(`Identity Protection has the account as confirmed compromised, risk ${riskLevel}.`);
      return doesNotHold(`Identity Protection has the account as ${riskState}, risk ${riskLevel}.`);
    },
  };
}
