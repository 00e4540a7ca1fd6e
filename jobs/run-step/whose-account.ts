import { mayHoldOn } from '../../src/approvals/hold.js';
import { SELF_HOLD } from '../../src/incidents/step-standing.js';
import { askWhose, mayDecideOn } from '../../src/approvals/whose.js';
import type { ActionKind, CallContext, Connector } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import type { LinkedAccount } from '../../src/incidents/accounts.js';
import type { Person } from '../../src/incidents/people.js';
import type { Decision, Step } from '../../src/incidents/steps.js';
import { beforeSending } from './attempt.js';
import type { StepOutcome } from '../../src/containment/outcome.js';

/** Joining a prepared group is a call as well: it can lock an account out like any other. */
const calls = (connector: Connector, action: ActionKind): boolean =>
  ['native', 'group'].includes(connector.capabilities[action].route);

/**
 * Before anything is sent, also on a repeat: whose account this is now, by its id in the system itself. No row changed
 * after the decision, alias or other spelling gets around a barred account. `null`: it may be acted on.
 */
export async function barredAccount(
  core: Core,
  step: Step,
  about: { account: LinkedAccount | null; decision: Decision | null; person: Person | null },
  call: CallContext,
): Promise<StepOutcome | null> {
  const { account, decision, person } = about;
  const connector = core.connectors.get(step.system);
  if (!connector || !account || account.accountId === null || !decision || !person) return null;
  if (!calls(connector, step.action)) return null;
  const actor = decision.decided_by;
  const ownHold = decision.action === SELF_HOLD;
  for (const one of [actor, ...(decision.second === null ? [] : [decision.second.by])]) {
    const known = ownHold
      ? await mayHoldOn(core, person, account)
      : await mayDecideOn(core, { actor: one, target: person, accounts: [account], undo: step.undo_of !== null });
    if (!known.ok) return { kind: 'needs_human', why: { kind: 'barred', phrase: known.error.phrase } };
    const asked = await askWhose(core, { actor: one, account, ownHold }, { connector, call });
    if (asked.ok) continue;
    return 'failure' in asked.error
      ? beforeSending({ core, step }, asked.error.failure)
      : { kind: 'needs_human', why: { kind: 'barred', phrase: asked.error.problem.phrase } };
  }
  return null;
}
