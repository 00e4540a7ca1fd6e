import type { Proof } from '../incidents/proof.js';
import { canonicalJson, type JsonObject } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import { accountByRow, type LinkedAccount } from '../incidents/accounts.js';
import { type Decision, decisionById, type Step } from '../incidents/steps.js';
import type { Queryable } from '../ports/database.js';

type DecidedStep = Pick<
  Step,
  | 'id'
  | 'account_row'
  | 'system'
  | 'action'
  | 'ranges'
  | 'items'
  | 'undo_of'
  | 'incident_id'
  | 'decision_id'
  | 'round'
  | 'authenticated_at'
>;

/**
 * Everything that makes a step what an approver decided: who, on which incident, with which code, and what on which
 * account.
 */
export interface Proven {
  readonly decision: Pick<
    Decision,
    'id' | 'incident_id' | 'action' | 'decided_by' | 'decided_at' | 'plan_digest' | 'proof' | 'second' | 'break_glass'
  >;
  readonly step: DecidedStep;
  readonly account: Pick<LinkedAccount, 'id' | 'system' | 'accountId' | 'login'>;
}

const PURPOSE = 'decided step';
const BEGUN = 'begun step';

/** A time-step as it was bound when there was nothing else: what was decided then stays proven. */
export const boundProof = (proof: Proof | null): JsonObject => ({
  time_step: proof?.kind === 'totp' ? proof.timeStep : null,
  ...(proof === null || proof.kind === 'totp' ? {} : { proof: { ...proof } }),
});

const termsOf = (core: Core, { decision, step, account }: Proven): string =>
  canonicalJson({
    workspace: core.workspaceId,
    decision: decision.id,
    incident: decision.incident_id,
    kind: decision.action,
    actor: decision.decided_by,
    decided_at: decision.decided_at.toISOString(),
    ...boundProof(decision.proof),
    plan: decision.plan_digest,
    // As above: what one approver decided before there were two stays proven.
    ...(decision.second === null ? {} : { second: { ...decision.second, proof: { ...decision.second.proof } } }),
    ...(decision.break_glass === null ? {} : { break_glass: decision.break_glass }),
    step: step.id,
    of: step.decision_id,
    about: step.incident_id,
    system: step.system,
    action: step.action,
    account: account.id,
    account_of_step: step.account_row,
    account_system: account.system,
    account_id: account.accountId,
    login: account.login,
    items: step.items === null || step.items === 'all' ? step.items : [...step.items],
    ranges: [...step.ranges],
    undo_of: step.undo_of,
    round: step.round,
    authenticated_at: step.authenticated_at?.toISOString() ?? null,
  });

/**
 * Made only where a decision is taken, with its incident locked and open: write access to the rows is not enough to
 * make one.
 */
export const authenticate = (core: Core, proven: Proven): string =>
  core.sealer.authenticate(termsOf(core, proven), PURPOSE);

/** Whether this is the step that was decided, on the intended account. Rows older than the proof do not count. */
export const isAuthentic = (core: Core, tag: string | null, proven: Proven): boolean =>
  tag !== null && core.sealer.isAuthentic(tag, termsOf(core, proven), PURPOSE);

const beginningOf = (core: Core, { id, decision_id }: Pick<Step, 'id' | 'decision_id'>): string =>
  canonicalJson({ workspace: core.workspaceId, decision: decision_id, step: id });

/**
 * Made when a step is about to be sent or handed to a person: a time in a row says the same, but anybody can write it.
 */
export const begun = (core: Core, step: Pick<Step, 'id' | 'decision_id'>): string =>
  core.sealer.authenticate(beginningOf(core, step), BEGUN);

/** Whether any step of a decision has begun. Steps sent before this tag existed do not show it. */
export async function hasBegun(core: Core, tx: Queryable, decisionId: string): Promise<boolean> {
  const { rows } = await tx.query<{ id: string; begun: string }>(
    'select id, begun from steps where workspace_id = $1 and decision_id = $2 and begun is not null',
    [core.workspaceId, decisionId],
  );
  return rows.some((row) =>
    core.sealer.isAuthentic(row.begun, beginningOf(core, { ...row, decision_id: decisionId }), BEGUN),
  );
}

/**
 * How long a proof is valid, ms. Somebody with write access could restore old rows, and no tag shows that: a decision
 * older than this that has not ended must be approved again.
 */
const PROOF_HOLDS_MS = 24 * 3600 * 1000;

export const isStale = (core: Core, { authenticated_at: since }: Step): boolean =>
  since === null || core.runtime.now().getTime() - since.getTime() > PROOF_HOLDS_MS;

/**
 * Whether the record knows an end of this step that its round does not follow: an earlier run, restored in the rows.
 * Only a step that needed a human has another round.
 */
export async function hasEnded(core: Core, tx: Queryable, step: Step, round = step.round): Promise<boolean> {
  const { rows } = await tx.query(
    `select 1 as ended from record_entries where workspace_id = $1 and incident_id = $2 and detail->>'step' = $3
       and (action in ('step.verified', 'step.accepted', 'step.console')
         or (action = 'step.needs_human' and (detail->>'round')::integer >= $4)) limit 1`,
    [core.workspaceId, step.incident_id, step.id, round],
  );
  return rows.length > 0;
}

/** The proof of a retried step from now on; `null` when it is not what was decided, so that no retry makes it so. */
export async function renewed(
  core: Core,
  tx: Queryable,
  step: Step,
  next: Pick<Step, 'round' | 'authenticated_at'>,
): Promise<string | null> {
  const [account, decision, ended] = await Promise.all([
    accountByRow(tx, core.workspaceId, step.account_row),
    decisionById(tx, core.workspaceId, step.decision_id),
    hasEnded(core, tx, step, next.round),
  ]);
  if (!account || !decision || ended) return null;
  if (!isAuthentic(core, step.authentication, { decision, step, account })) return null;
  return authenticate(core, { decision, step: { ...step, ...next }, account });
}
