import { accountByRow, accountsOfIncident, type LinkedAccount } from '../incidents/accounts.js';
import { differences, openFacts, sayFact } from '../incidents/facts.js';
import type { Person } from '../incidents/people.js';
import { decisionById, type Step, stepById, stepsOf } from '../incidents/steps.js';
import type { TaskKey } from '../incidents/task-keys.js';
import type { JsonObject } from '../platform/canonical.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { at, type Phrase, phrase, text, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { type ComesBack, comesBack } from './comes-back.js';
import { type Managed, managedBy } from './managed-by.js';
import { passkeysOf } from './passkeys.js';
import { needsCode } from './policy.js';
import { type Signers, signersBeside, waitHours, whyTwo } from './quorum.js';
import { letsIn, openBeforeReturn } from './recovery.js';
import { type Clicked, recordRefusal } from './refusals.js';
import { supersededBy } from './superseded.js';
import { planBinding } from './step-up.js';
import { mayDecideOn } from './whose.js';

/** What an undo would restore, for the modal. */
export interface UndoPreview {
  readonly step: Step;
  readonly person: Person;
  readonly systemTitle: string;
  readonly account: LinkedAccount;
  /** Of exactly what is shown here. */
  readonly digest: string;
  readonly changes: readonly { readonly name: string; readonly now: string; readonly then: string }[];
  readonly needsCode: boolean;
  /** Why a second approver has to sign it; empty when one suffices. */
  readonly why: readonly Phrase[];
  /** Who else could sign, and who could review a break-glass; `null` where one approver suffices. */
  readonly signers: Signers | null;
  /** How long it would wait for that one. */
  readonly waitHours: number;
  /** Whether a passkey may confirm it in place of a code. */
  readonly hasPasskey: boolean;
  /** What comes back with the account; empty for an undo that lets nobody in. */
  readonly comesBack: readonly ComesBack[];
  /** What should be ended before the person comes back; empty for an undo that lets nobody in. */
  readonly leftOpen: readonly TaskKey[];
}

/** An undo lets somebody in again, so it needs a code whenever any decision that locks somebody out does. */
const undoNeedsCode = (core: Core, step: Step): boolean =>
  needsCode(core, step.action) || needsCode(core, 'enable_account');

/** What an undo would restore, for the modal. A refusal is recorded. */
export async function previewUndo(
  core: Core,
  { stepId, ...clicked }: Omit<Clicked, 'incidentId'> & { readonly stepId: string },
): Promise<Result<UndoPreview, Problem>> {
  const step = await stepById(core.db, core.workspaceId, stepId);
  if (!step) return refuse('outdated', phrase('problem.old_card'));
  const attempt = { ...clicked, incidentId: step.incident_id, action: 'undo' };
  const managed = await managedBy(core, 'undo', attempt);
  if (!managed.ok) return managed;
  const preview = await undoBy(core, clicked.actor, step, managed.value);
  if (!preview.ok) await recordRefusal(core, attempt, preview.error);
  return preview;
}

/** Whether this approver may take back a step, and what there is to restore. */
export async function undoBy(
  core: Core,
  actor: string,
  step: Step,
  { incident, person }: Managed,
): Promise<Result<UndoPreview, Problem>> {
  if (incident.status === 'closed') return refuse('incident_closed', phrase('problem.closed'));
  const account = await accountByRow(core.db, core.workspaceId, step.account_row);
  if (!account) return refuse('outdated', phrase('problem.old_card'));
  const touchable = await mayDecideOn(core, { actor, target: person, accounts: [account], undo: true });
  if (!touchable.ok) return touchable;
  const later = supersededBy(core, await stepsOf(core.db, core.workspaceId, incident.id), step);
  if (later !== null) return saySuperseded(core, step, later);
  const changes = changesOf(core, step);
  if (changes.length === 0) return refuse('nothing_to_do', phrase('problem.undo.nothing'));
  const systemTitle = core.connectors.get(step.system)?.title ?? step.system;
  const leftOpen = await leftOpenFor(core, core.db, step);
  const digest = planBinding(boundUndo(step, account, changes));
  const hasPasskey = (await passkeysOf(core, core.db, actor)).length > 0;
  const accounts = await accountsOfIncident(core.db, core.workspaceId, incident.id);
  const subject = { incidentId: incident.id, decision: { undo: step.action }, target: person, accounts };
  const why = await whyTwo(core, subject);
  if (!why.ok) return why;
  const code = undoNeedsCode(core, step) || why.value.length > 0;
  return ok({
    step,
    person,
    account,
    systemTitle,
    changes,
    digest,
    needsCode: code,
    why: why.value,
    signers: why.value.length === 0 ? null : await signersBeside(core, actor, person),
    waitHours: waitHours(core),
    hasPasskey,
    comesBack: letsIn(step.action, 'undo') ? await comesBack(core, incident, [account]) : [],
    leftOpen,
  });
}

/** A later decision has replaced it: by whom and when, and never as somebody else's change. */
async function saySuperseded(core: Core, step: Step, later: Step): Promise<Result<never, Problem>> {
  const decision = await decisionById(core.db, core.workspaceId, later.decision_id);
  return refuse(
    'wrong_state',
    phrase('problem.undo.superseded', {
      action: text(`action.${step.action}`),
      later: text(`action.${later.action}`),
      who: decision === null ? '' : user(decision.decided_by),
      when: at(decision?.decided_at ?? core.runtime.now()),
    }),
  );
}

/** What an undo would restore; nothing when the earlier values, or those the step left, are not known. */
function changesOf(core: Core, step: Step): UndoPreview['changes'] {
  const before = openFacts(core, step.id, 'before', step.before_facts);
  const left = openFacts(core, step.id, 'after', step.after_facts);
  if (!before || !left) return [];
  return differences(left, before).map(({ name, expected, found }) => ({
    name,
    now: sayFact(expected),
    then: sayFact(found),
  }));
}

/** What an approver answers for: which account, and its values afterwards. */
const boundUndo = (step: Step, account: LinkedAccount, changes: UndoPreview['changes']): JsonObject => ({
  incident: step.incident_id,
  action: 'undo',
  step: step.id,
  account: step.account_row,
  account_id: account.accountId,
  login: account.login,
  system: step.system,
  undone: step.action,
  changes: changes.map(({ name, now, then }) => [name, now, then]),
});

export const leftOpenFor = async (core: Core, tx: Queryable, step: Step): Promise<readonly TaskKey[]> =>
  letsIn(step.action, 'undo') ? openBeforeReturn(core, tx, step.incident_id) : [];
