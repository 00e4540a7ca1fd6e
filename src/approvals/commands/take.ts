import type { Incident } from '../../incidents/incident.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { phrase, user } from '../../texts/phrase.js';
import type { Problem } from '../../texts/problem.js';
import { inIncident } from '../in-incident.js';

export interface Taking {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** Somebody takes the incident: everybody sees who is on it. If the same person takes it twice, it is reported once. */
export const takeIncident = (core: Core, taking: Taking): Promise<Result<Incident, Problem>> =>
  inIncident(
    core,
    'take',
    { ...taking, action: 'take' },
    {
      change: async (tx, incident) => {
        const { incidentId, actor, origin } = taking;
        if (incident.owner === actor) return ok({ value: incident, trace: null });
        await tx.query('update incidents set owner = $3 where workspace_id = $1 and id = $2', [
          core.workspaceId,
          incidentId,
          actor,
        ]);
        return ok({
          value: incident,
          trace: {
            record: { action: 'incident.taken', detail: { before: incident.owner } },
            lines: [{ key: `taken_${origin.correlationId}`, phrase: phrase('timeline.taken', { who: user(actor) }) }],
          },
        });
      },
    },
  );
