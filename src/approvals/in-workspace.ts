import { type AuditEvent, slackPerson } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import type { Problem } from '../texts/problem.js';
import { checkRight } from './policy.js';
import type { Right } from './rights.js';
import { recordRefusal, type Tried } from './refusals.js';

/** Who tried what that concerns no incident. */
export interface WorkspaceAttempt extends Omit<Tried, 'incidentId'> {
  readonly right: Right;
}

export interface WorkspaceChange<B, T> {
  /** Runs once the actor is known to have the right, without a lock: whatever spends a code. */
  readonly before: () => Promise<Result<B, Problem>>;
  readonly change: (
    tx: Transaction,
    before: B,
  ) => Promise<Result<{ readonly value: T; readonly record: Pick<AuditEvent, 'action' | 'why' | 'detail'> }, Problem>>;
}

/**
 * The way in which somebody in a role changes what belongs to the workspace and to no incident, as `inIncident` is for those:
 * checks the actor, makes the change, and writes it or its refusal to the workspace's own chain.
 */
export async function inWorkspace<B, T>(
  core: Core,
  attempt: WorkspaceAttempt,
  { before, change }: WorkspaceChange<B, T>,
): Promise<Result<T, Problem>> {
  const allowed = await checkRight(core, attempt.actor, attempt.right);
  const prepared = allowed.ok ? await before() : allowed;
  const changed = prepared.ok
    ? await core.db.transaction(async (tx) => {
        const made = await change(tx, prepared.value);
        if (!made.ok) return made;
        const { actor, origin } = attempt;
        await appendWorkspaceEvent(core, tx, { actor: slackPerson(actor), origin, ...made.value.record });
        return ok(made.value.value);
      })
    : prepared;
  if (!changed.ok) await recordRefusal(core, outside(attempt), changed.error);
  core.dispatch();
  return changed;
}

const outside = (attempt: Omit<Tried, 'incidentId'>): Tried => ({ ...attempt, incidentId: null });

/** The same before a window is opened: whether somebody may do what belongs to no incident; a refused try is recorded. */
export async function allowedOutside(core: Core, attempt: WorkspaceAttempt): Promise<Result<null, Problem>> {
  const allowed = await checkRight(core, attempt.actor, attempt.right);
  if (!allowed.ok) await recordRefusal(core, outside(attempt), allowed.error);
  return allowed;
}
