import { requestCheckpoint } from '../../audit/request-checkpoint.js';
import type { Incident, IncidentOutcome } from '../../incidents/incident.js';
import { sayCorrections, unconfirmedOf } from '../../incidents/links.js';
import { openSteps } from '../../incidents/step-standing.js';
import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { list, type Phrase, phrase, text, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { type WaitingDecision, waitingKind } from '../../incidents/waiting-decisions.js';
import { inIncident } from '../in-incident.js';
import { type StillOpen, stillOpenIn } from '../still-open.js';

export interface Closing {
  readonly incidentId: string;
  readonly actor: string;
  readonly outcome: IncidentOutcome;
  readonly reason: string;
  readonly origin: Origin;
}

/** Closes the incident with its outcome, and lists what is still open. */
export const closeIncident = (core: Core, closing: Closing): Promise<Result<Incident, Problem>> =>
  inIncident(
    core,
    'close',
    { ...closing, action: 'close' },
    {
      change: async (tx, incident) => {
        const { incidentId, actor, outcome, reason, origin } = closing;
        if (reason.trim().length < 3) return refuse('invalid_input', phrase('problem.reason'), 'reason');
        // They count until the next line.
        const ending = sayCorrections(core, await unconfirmedOf(core, tx, incident.person_id));
        await tx.query(
          `update incidents set status = 'closed', outcome = $3, closed_at = $4, owner = $5 where workspace_id = $1 and id = $2`,
          [core.workspaceId, incidentId, outcome, core.runtime.now(), incident.owner ?? actor],
        );
        await requestCheckpoint(core, tx, origin.correlationId);
        const left = await stillOpenIn(core, tx, incidentId);
        const open = sayOpen(core, left);
        const closed = phrase('timeline.closed', { who: user(actor), outcome: text(`outcome.${outcome}`), reason });
        return ok({
          value: incident,
          trace: {
            record: { action: 'incident.closed', why: reason, detail: { outcome, ...stillOpen(left) } },
            lines: [
              { key: `closed_${origin.correlationId}`, phrase: closed },
              ...(open === null ? [] : [{ key: `closed_open_${origin.correlationId}`, phrase: open }]),
              ...(ending === null
                ? []
                : [
                    {
                      key: `closed_links_${origin.correlationId}`,
                      phrase: phrase('timeline.links_ending', { links: ending }),
                    },
                  ]),
            ],
          },
        });
      },
    },
  );

const stillOpen = ({ remaining, off, waiting, unreviewed }: StillOpen) => ({
  open: Object.fromEntries(openSteps(remaining).map(([kind, steps]) => [kind, steps.map(({ id }) => id)])),
  tasks: [...remaining.tasks],
  switched_off: [...off],
  waiting: waiting.map(({ id }) => id),
  unreviewed: unreviewed.map(({ id }) => id),
});

/** What waits, by its name. */
const sayWaiting = (row: WaitingDecision) => text(`action.${waitingKind(row)}`);

/** What is open, as the thread says it; `null` when nothing is. */
function sayOpen(core: Core, { remaining, off, waiting, unreviewed }: StillOpen): Phrase | null {
  const titles = off.map((system) => core.connectors.get(system)?.title ?? system).join(', ');
  const parts = [
    ...openSteps(remaining).map(([kind, steps]) => phrase(`closed_open.${kind}`, { count: steps.length })),
    ...(remaining.tasks.length === 0 ? [] : [phrase('closed_open.tasks', { count: remaining.tasks.length })]),
    ...waiting.map((row) => phrase('closed_open.waiting', { what: sayWaiting(row), who: user(row.signed_by) })),
    ...unreviewed.map((one) => phrase('closed_open.review', { who: user(one.decided_by) })),
    ...(off.length === 0 ? [] : [phrase('closed_open.off', { systems: titles })]),
  ];
  return parts.length === 0 ? null : phrase('timeline.closed_open', { what: list(parts, ', ') });
}
