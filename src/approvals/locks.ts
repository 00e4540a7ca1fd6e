import { addLine, touchIncident } from '../incidents/posts.js';
import { type AuditEvent, appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import { at, type Phrase, phrase, user } from '../texts/phrase.js';
import { announce } from './announce.js';
import type { Tried } from './refusals.js';
import type { Lock } from './throttle.js';

/** How a person's codes stand: wrong ones in a row, and the lock that may follow from them. */
export type Attempts = Row<'totp_attempts', 'failed' | 'locked_until' | 'clock_off'>;

export async function attemptsOf(core: Core, tx: Queryable, userId: string): Promise<Attempts | null> {
  const { rows } = await tx.query<Attempts>(
    'select failed, locked_until, clock_off from totp_attempts where workspace_id = $1 and user_id = $2',
    [core.workspaceId, userId],
  );
  return rows[0] ?? null;
}

/** Under which key the channel was told of a lock: its end tells two locks apart. */
export const lockKey = (userId: string, until: Date): string => `lock_${userId}_${until.getTime()}`;

interface Told {
  readonly event: Pick<AuditEvent, 'action' | 'detail'>;
  readonly channel: Phrase;
  readonly person: Phrase;
}

function whatToTell({ actor }: Tried, lock: NonNullable<Lock>): Told {
  if (lock === 'ended')
    return {
      event: { action: 'approver.codes_ended' },
      channel: phrase('announce.ended', { who: user(actor) }),
      person: phrase('announce.ended.you'),
    };
  const until = at(lock.until);
  return {
    event: { action: 'approver.locked', detail: { until: lock.until.toISOString() } },
    channel: phrase('announce.locked', { who: user(actor), until }),
    person: phrase('announce.locked.you', { until }),
  };
}

/**
 * Wrong codes in a row have locked a person: it may be an attacker with their Slack account. The channel is told with a
 * button by which another approver lifts the lock, the person what to do, and the thread in which it happened.
 */
export async function tellLocked(core: Core, tried: Tried, lock: NonNullable<Lock>): Promise<void> {
  const { actor, origin, incidentId } = tried;
  const { event, channel, person } = whatToTell(tried, lock);
  const key = lock === 'ended' ? `ended_${actor}_${origin.correlationId}` : lockKey(actor, lock.until);
  const about =
    lock === 'ended' ? {} : { about: { kind: 'lock', user: actor, until: lock.until.toISOString() } as const };
  const told = { actor: slackPerson(actor), origin, ...event };
  await core.db.transaction(async (tx) => {
    if (incidentId !== null) {
      await appendAuditEvent(core, tx, incidentId, told);
      await addLine({ core, tx }, incidentId, key, channel);
      await touchIncident(core, tx, incidentId, origin.correlationId);
    }
    await appendWorkspaceEvent(core, tx, told);
    await announce(core, tx, { key, to: null, phrase: channel, ...about }, origin.correlationId);
    await announce(core, tx, { key: `${key}_person`, to: actor, phrase: person }, origin.correlationId);
  });
  core.dispatch();
}

/** A recovery code was used: whoever found the sheet of them can do this, so it is told. */
export async function tellRecoveryUsed(core: Core, { actor, origin }: Tried, left: number): Promise<void> {
  await core.db.transaction(async (tx) => {
    const detail = { left };
    await appendWorkspaceEvent(core, tx, { actor: slackPerson(actor), action: 'recovery_code.used', origin, detail });
    const key = `recovery_${actor}_${origin.correlationId}`;
    const channel = phrase('announce.recovery', { who: user(actor), left });
    await announce(core, tx, { key, to: null, phrase: channel }, origin.correlationId);
    const person = phrase('announce.recovery.you', { left });
    await announce(core, tx, { key: `${key}_person`, to: actor, phrase: person }, origin.correlationId);
  });
  core.dispatch();
}
