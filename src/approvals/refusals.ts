import { phrase, user } from '../texts/phrase.js';
import type { Core, Origin } from '../ports/core.js';
import { use, withhold } from '../incidents/limits.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import { appendAuditEvent, type AuditEvent, slackPerson } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Problem } from '../texts/problem.js';
import type { Queryable, Transaction } from '../ports/database.js';
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
/** In the workspace's own chain: what was tried belongs to no incident. */
const REFUSED_OUTSIDE = 'attempt.refused';
const ASKED_OUTSIDE = 'attempt.confirmation_requested';

/** Cheap tries must not hide that a suspect approver tried to decide; and who is asked for a passkey is not refused. */
const UNLIMITED: ReadonlySet<Problem['code']> = new Set(['suspended', 'confirm_on_page']);

async function isRecorded(
  core: Core,
  tx: Queryable,
  { incidentId, actor, origin }: Pick<Attempt, 'incidentId' | 'actor' | 'origin'>,
): Promise<boolean> {
  const { rows } = await tx.query(
    `select 1 as recorded from record_entries
     where workspace_id = $1 and incident_id = $2 and action = $3 and actor_id = $4 and correlation_id = $5 limit 1`,
    [core.workspaceId, incidentId, REFUSED, actor, origin.correlationId],
  );
  return rows.length > 0;
}

/**
 * A refused attempt is recorded: an auditor sees who tried what. Somebody with an open incident about themselves is told
 * of there too, whatever they tried: it may be a thief with their Slack account. Beyond the limit of the hour tries are
 * counted, and the record holds their number; what a suspect approver tries stands there each time.
 */
export async function recordRefusal(core: Core, tried: Tried, problem: Problem): Promise<void> {
  const about = problem.code === 'suspended' ? await ownIncident(core, tried.actor) : null;
  await core.db.transaction(async (tx) => {
    const { incidentId, actor } = tried;
    if (!UNLIMITED.has(problem.code) && (await use({ core, tx }, actor, 'refusals')).is !== 'within') {
      const { correlationId } = tried.origin;
      return withhold({ core, tx }, { incidentId, actor, what: 'refusals', correlationId });
    }
    const outside = problem.code === 'confirm_on_page' ? ASKED_OUTSIDE : REFUSED_OUTSIDE;
    if (tried.incidentId === null) await appendWorkspaceEvent(core, tx, eventOf(tried, problem, outside));
    else await recordIn(core, tx, { ...tried, incidentId: tried.incidentId }, problem);
    if (about !== null && about !== tried.incidentId)
      await recordIn(core, tx, { ...tried, incidentId: about }, problem);
  });
  core.dispatch();
}

async function ownIncident(core: Core, actor: string): Promise<string | null> {
  const own = await ownOf(core, actor);
  const incident = own.ok ? await incidentAbout(core, own.value, core.runtime.now()) : null;
  return incident?.id ?? null;
}

async function recordIn(core: Core, tx: Transaction, attempt: Attempt, problem: Problem): Promise<void> {
  if (attempt.repeated && (await isRecorded(core, tx, attempt))) return;
  const action = problem.code === 'confirm_on_page' ? ASKED : REFUSED;
  await appendAuditEvent(core, tx, attempt.incidentId, eventOf(attempt, problem, action));
  if (problem.code === 'suspended') await markSuspect(core, tx, attempt, problem);
}

const eventOf = ({ actor, action: tried, origin }: Tried, problem: Problem, action: string): AuditEvent => ({
  actor: slackPerson(actor),
  action,
  origin,
  detail: { action: tried, problem: problem.code, said: problem.phrase.key },
});

/** Somebody may be using an approver's Slack account: the thread says so, once for each kind of attempt. */
async function markSuspect(core: Core, tx: Queryable, attempt: Attempt, { phrase: why }: Problem): Promise<void> {
  const { incidentId, action, actor } = attempt;
  const line = phrase('timeline.suspect', { who: user(actor), reference: why.values['reference'] ?? '' });
  await addLine({ core, tx }, incidentId, `suspect_${actor}_${action}`, line);
  await touchIncident(core, tx, incidentId, attempt.origin.correlationId);
}
