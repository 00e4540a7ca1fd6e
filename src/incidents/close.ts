import { phrase, text, user } from '../../blocks/texts/phrase.js';
import type { Core, Origin } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import { type Incident, type IncidentOutcome, lockOpenIncident } from './incident.js';
import { addLine, touchIncident } from './posts.js';
import { recordDeed, slackPerson } from './record.js';

/** Somebody takes the incident: everybody sees who is on it. Only approvers reach this. */
export async function takeIncident(
  core: Core,
  incidentId: string,
  actor: string,
  origin: Origin,
): Promise<Result<Incident, Problem>> {
  const taken = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, incidentId);
    if (!locked.ok || locked.value.owner === actor) return locked;
    await tx.query('update incidents set owner = $3 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      incidentId,
      actor,
    ]);
    await recordDeed(core, tx, incidentId, {
      actor: slackPerson(actor),
      action: 'incident.taken',
      origin,
      detail: { before: locked.value.owner },
    });
    await addLine(
      { core, tx },
      incidentId,
      `taken_${origin.correlationId}`,
      phrase('timeline.taken', { who: user(actor) }),
    );
    await touchIncident(core, tx, incidentId, origin.correlationId);
    return locked;
  });
  core.dispatch();
  return taken;
}

export interface Closing {
  readonly incidentId: string;
  readonly actor: string;
  readonly outcome: IncidentOutcome;
  readonly reason: string;
  readonly origin: Origin;
}

/** Closes the incident with what it was. Only approvers reach this, and never the person whom it is about. */
export async function closeIncident(core: Core, closing: Closing): Promise<Result<Incident, Problem>> {
  if (closing.reason.trim().length < 3) return refuse(phrase('problem.reason'), 'reason');
  const closed = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, closing.incidentId);
    if (!locked.ok) return locked;
    const now = core.runtime.now();
    const owner = locked.value.owner ?? closing.actor;
    await tx.query(
      `update incidents set status = 'closed', outcome = $3, closed_at = $4, owner = $5 where workspace_id = $1 and id = $2`,
      [core.workspaceId, closing.incidentId, closing.outcome, now, owner],
    );
    await recordDeed(core, tx, closing.incidentId, {
      actor: slackPerson(closing.actor),
      action: 'incident.closed',
      why: closing.reason,
      origin: closing.origin,
      detail: { outcome: closing.outcome },
    });
    await addLine(
      { core, tx },
      closing.incidentId,
      `closed_${closing.origin.correlationId}`,
      phrase('timeline.closed', {
        who: user(closing.actor),
        outcome: text(`outcome.${closing.outcome}`),
        reason: closing.reason,
      }),
    );
    await touchIncident(core, tx, closing.incidentId, closing.origin.correlationId);
    return ok(locked.value);
  });
  core.dispatch();
  return closed;
}
