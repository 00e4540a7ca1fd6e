import { hasAnyEvidence } from '../../evidence/evidence.js';
import { requestRescan } from '../../evidence/request-rescan.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { phrase } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { inIncident } from '../in-incident.js';

interface Asked {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** An approver wants to see the current state. */
export const rescanIncident = (core: Core, asked: Asked): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'rescan',
    { ...asked, action: 'look' },
    {
      change: async (tx) => {
        const { incidentId, origin } = asked;
        if (!(await hasAnyEvidence(core, tx, incidentId))) return refuse('not_ready', phrase('problem.look.early'));
        await requestRescan(core, tx, { incidentId, correlationId: origin.correlationId, delayMs: 0 });
        return ok({ value: null, trace: { record: { action: 'look.requested' } } });
      },
    },
  );
