import { at, phrase, user } from '../../blocks/texts/phrase.js';
import type { Core, Origin } from '../core.js';
import { addLine, touchIncident } from '../incidents/posts.js';
import { recordDeed, slackPerson } from '../incidents/record.js';
import type { Problem } from '../problem.js';

/** Who tried what, and where. */
export interface Attempt {
  readonly incidentId: string;
  readonly action: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** A refused attempt leaves an entry in the record: an auditor sees who tried what. */
export async function recordRefusal(core: Core, attempt: Attempt, problem: Problem): Promise<void> {
  await core.db.transaction((tx) =>
    recordDeed(core, tx, attempt.incidentId, {
      actor: slackPerson(attempt.actor),
      action: 'decision.refused',
      origin: attempt.origin,
      detail: { action: attempt.action, problem: problem.phrase.key },
    }),
  );
}

/** The fifth wrong code locks the approver: the channel is told, for it may be an attacker who holds their Slack. */
export async function tellLocked(core: Core, attempt: Attempt, until: Date): Promise<void> {
  await core.db.transaction(async (tx) => {
    await recordDeed(core, tx, attempt.incidentId, {
      actor: slackPerson(attempt.actor),
      action: 'approver.locked',
      origin: attempt.origin,
      detail: { until: until.toISOString() },
    });
    const line = phrase('timeline.locked', { who: user(attempt.actor), until: at(until) });
    await addLine({ core, tx }, attempt.incidentId, `locked_${attempt.actor}_${until.getTime()}`, line);
    await touchIncident(core, tx, attempt.incidentId, attempt.origin.correlationId);
  });
  core.dispatch();
}
