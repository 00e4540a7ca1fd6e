import { type Incident, lockIncident, lockOpenIncident } from '../incidents/incident.js';
import { addLine } from '../incidents/posts.js';
import { type AuditEvent, appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import { requestWork } from '../outbox/outbox.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import type { Phrase } from '../texts/phrase.js';
import type { Problem } from '../texts/problem.js';
import { type Managed, managedBy } from './managed-by.js';
import { type Attempt, recordRefusal } from './refusals.js';
import type { Right } from './rights.js';

/** What a change produces besides its rows. */
interface Trace {
  readonly record: Pick<AuditEvent, 'action' | 'why' | 'detail'>;
  /** What the thread says; the same key is posted once. */
  readonly lines?: readonly { readonly key: string; readonly phrase: Phrase }[];
  /** How long the thread waits for further news, ms; absent: it does not wait. */
  readonly gatherMs?: number;
}

/** A change that was made; `null` for a trace: everything was already so, and nothing is reported. */
export interface Changed<T> {
  readonly value: T;
  readonly trace: Trace | null;
}

export interface Change<B, T> {
  /** What is left to do after the closing; left out: the incident has to be open. */
  readonly evenClosed?: boolean;
  /** Who may; left out: whoever has the right, in a role (`managedBy`). Records its own refusals. */
  readonly allowed?: (core: Core, attempt: Attempt) => Promise<Result<Managed, Problem>>;
  /**
   * What this very command has already done: checked first, and again when it is refused, because it may arrive twice
   * at once.
   */
  readonly done?: () => Promise<T | null>;
  /** Runs once the actor is known to be allowed, without a lock: anything slow, or that spends a code. */
  readonly before?: (managed: Managed) => Promise<Result<B, Problem>>;
  /** Changes the rows, with the incident locked and open. */
  readonly change: (tx: Transaction, incident: Incident, before: B) => Promise<Result<Changed<T>, Problem>>;
}

/**
 * The one way in which somebody changes an incident: checks the actor and the right, locks the incident, makes the
 * change, writes it (or its refusal) to the record and the thread, requests the redraw, and wakes the dispatcher.
 */
export async function inIncident<T, B = null>(
  core: Core,
  right: Right,
  attempt: Attempt,
  { evenClosed = false, allowed, done = () => Promise.resolve(null), before, change }: Change<B, T>,
): Promise<Result<T, Problem>> {
  const known = await done();
  if (known !== null) return ok(known);
  const managed = await (allowed ? allowed(core, attempt) : managedBy(core, right, attempt));
  if (!managed.ok) return managed;
  const prepared = before ? await before(managed.value) : ok(null as B);
  const changed = prepared.ok
    ? await core.db.transaction((tx) =>
        changeLocked(core, tx, { ...attempt, evenClosed }, (incident) => change(tx, incident, prepared.value)),
      )
    : prepared;
  core.dispatch();
  if (changed.ok) return changed;
  const meanwhile = await done();
  if (meanwhile !== null) return ok(meanwhile);
  await recordRefusal(core, attempt, changed.error);
  return changed;
}

async function changeLocked<T>(
  core: Core,
  tx: Transaction,
  attempt: Attempt & { readonly evenClosed: boolean },
  change: (incident: Incident) => Promise<Result<Changed<T>, Problem>>,
): Promise<Result<T, Problem>> {
  const { incidentId, actor, origin } = attempt;
  const locked = await (attempt.evenClosed ? lockIncident : lockOpenIncident)(core, tx, incidentId);
  if (!locked.ok) return locked;
  const changed = await change(locked.value);
  if (!changed.ok) return changed;
  const { value, trace } = changed.value;
  if (trace === null) return ok(value);
  await appendAuditEvent(core, tx, incidentId, { actor: slackPerson(actor), origin, ...trace.record });
  for (const { key, phrase: line } of trace.lines ?? []) await addLine({ core, tx }, incidentId, key, line);
  await requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'sync_incident',
    ref: incidentId,
    correlationId: origin.correlationId,
    now: core.runtime.now(),
    delayMs: trace.gatherMs ?? 0,
  });
  return ok(value);
}
