import { phrase, user } from '../texts/phrase.js';
import type { Core, Origin } from '../ports/core.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import { appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import type { Problem } from '../texts/problem.js';
import type { Queryable } from '../ports/database.js';
import { ownOf } from './own.js';
import { incidentAbout } from './suspect-approver.js';

/** Who clicked on which incident, and where. */
export interface Clicked {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
  /** It may be asked about again under the same correlation id, by work that is repeated: a refusal is recorded once. */
  readonly repeated?: true;
}

/** Who tried what, and where. */
export interface Attempt extends Clicked {
  readonly action: string;
}

/** The same where it may belong to no incident. */
export interface Tried extends Omit<Attempt, 'incidentId'> {
  readonly incidentId: string | null;
}

const REFUSED = 'decision.refused';
/** Everything fitted: a passkey confirms it, or nobody does. */
const ASKED = 'decision.confirmation_requested';

async function isRecorded(core: Core, tx: Queryable, { incidentId, actor, origin }: Attempt): Promise<boolean> {
  const { rows } = await tx.query(
    `select 1 as recorded from record_entries
     where workspace_id = $1 and incident_id = $2 and action = $3 and actor_id = $4 and correlation_id = $5 limit 1`,
    [core.workspaceId, incidentId, REFUSED, actor, origin.correlationId],
  );
  return rows.length > 0;
}

/** A refused attempt is recorded: an auditor sees who tried what. */
export async function recordRefusal(core: Core, attempt: Attempt, problem: Problem): Promise<void> {
  await core.db.transaction(async (tx) => {
    if (attempt.repeated && (await isRecorded(core, tx, attempt))) return;
    await appendAuditEvent(core, tx, attempt.incidentId, {
      actor: slackPerson(attempt.actor),
      action: problem.code === 'confirm_on_page' ? ASKED : REFUSED,
      origin: attempt.origin,
      detail: { action: attempt.action, problem: problem.code, said: problem.phrase.key },
    });
    if (problem.code === 'suspended') await markSuspect(core, tx, attempt, problem);
  });
  core.dispatch();
}

/** The same for an attempt that belongs to no incident yet: it is recorded in the incident about the approver. */
export async function recordSuspect(core: Core, attempt: Omit<Attempt, 'incidentId'>, problem: Problem): Promise<void> {
  if (problem.code !== 'suspended') return;
  const own = await ownOf(core, attempt.actor);
  const incident = own.ok ? await incidentAbout(core, own.value, core.runtime.now()) : null;
  if (incident) await recordRefusal(core, { ...attempt, incidentId: incident.id }, problem);
}

/** Somebody may be using an approver's Slack account: the thread says so, once for each kind of attempt. */
async function markSuspect(core: Core, tx: Queryable, attempt: Attempt, { phrase: why }: Problem): Promise<void> {
  const { incidentId, action, actor } = attempt;
  const line = phrase('timeline.suspect', { who: user(actor), reference: why.values['reference'] ?? '' });
  await addLine({ core, tx }, incidentId, `suspect_${actor}_${action}`, line);
  await touchIncident(core, tx, incidentId, attempt.origin.correlationId);
}
