import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { allowedOutside } from './in-workspace.js';
import { attemptsOf } from './locks.js';
import { recordRefusal } from './refusals.js';
import { lockNow } from './throttle.js';

export interface LiftClick {
  /** Whose lock, by Slack id. */
  readonly lockedUser: string;
  readonly actor: string;
  readonly origin: Origin;
}

export const liftAttempt = ({ actor, origin }: LiftClick) =>
  ({ action: 'lift_lock', right: 'liftLock', actor, origin }) as const;

/** A thief of this Slack would go on guessing; and no code of one who is locked is looked at. */
export const notTheirOwn = ({ actor, lockedUser }: LiftClick): Result<null, Problem> =>
  actor === lockedUser ? refuse('own_account', phrase('problem.lift.own')) : ok(null);

/** The end of the lock that is on now; refused when there is none, or none that anybody may lift. */
export async function liftableLock(core: Core, tx: Queryable, lockedUser: string): Promise<Result<Date, Problem>> {
  const attempts = await attemptsOf(core, tx, lockedUser);
  const lock = attempts && lockNow({ failed: attempts.failed, lockedUntil: attempts.locked_until }, core.runtime.now());
  if (lock === null) return refuse('wrong_state', phrase('problem.lift.none'));
  return lock === 'ended' ? refuse('wrong_state', phrase('problem.lift.ended')) : ok(lock.until);
}

/** Whether the window in which a lock is lifted opens for somebody: a card may be older than what it is about. */
export async function liftableBy(core: Core, click: LiftClick): Promise<Result<null, Problem>> {
  const allowed = await allowedOutside(core, liftAttempt(click));
  if (!allowed.ok) return allowed;
  const other = notTheirOwn(click);
  const lock = other.ok ? await liftableLock(core, core.db, click.lockedUser) : other;
  if (lock.ok) return ok(null);
  await recordRefusal(core, { ...liftAttempt(click), incidentId: null }, lock.error);
  return lock;
}
