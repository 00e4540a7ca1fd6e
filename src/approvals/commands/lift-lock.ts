import { ok, type Result } from '../../platform/result.js';
import type { Core } from '../../ports/core.js';
import { phrase, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { announce, redrawAnnouncement } from '../announce.js';
import { checkProof, type Given } from '../check-proof.js';
import { inWorkspace } from '../in-workspace.js';
import { liftableLock, liftAttempt, type LiftClick, notTheirOwn } from '../liftable.js';
import { lockKey } from '../locks.js';

export interface Lifting extends LiftClick {
  readonly given: Given;
  /** The same click delivered twice has the same key (the window's id). */
  readonly requestKey: string;
}

/**
 * Another approver lifts a lock, with a code of their own: somebody else's guesses shut nobody out for longer than a
 * colleague needs. What was guessed still counts, so that a thief gets no more than a hundred tries by it.
 */
export async function liftLock(core: Core, lifting: Lifting): Promise<Result<null, Problem>> {
  const { lockedUser, actor, given, requestKey, origin } = lifting;
  const attempt = liftAttempt(lifting);
  return inWorkspace(core, attempt, {
    before: async () => {
      const other = notTheirOwn(lifting);
      if (!other.ok) return other;
      // No code is spent on a lock that is gone; it is asked for once more below.
      const lock = await liftableLock(core, core.db, lockedUser);
      if (!lock.ok) return lock;
      const plan = { action: 'lift_lock', user: lockedUser, request: requestKey };
      return checkProof(core, { ...attempt, incidentId: null }, given, plan);
    },
    change: async (tx, proof) => {
      const until = await liftableLock(core, tx, lockedUser);
      if (!until.ok) return until;
      const lifted = await tx.query(
        `update totp_attempts set locked_until = null
         where workspace_id = $1 and user_id = $2 and locked_until is not null returning user_id`,
        [core.workspaceId, lockedUser],
      );
      // Two at once: the second is told so, and not the channel once more.
      if (lifted.rows.length === 0) return refuse('wrong_state', phrase('problem.lift.none'));
      const key = lockKey(lockedUser, until.value);
      const { correlationId } = origin;
      await redrawAnnouncement(core, tx, key, correlationId);
      const said = { who: user(actor), whom: user(lockedUser) };
      await announce(
        core,
        tx,
        { key: `${key}_lifted`, to: null, phrase: phrase('announce.lifted', said) },
        correlationId,
      );
      const person = phrase('announce.lifted.you', { who: user(actor) });
      await announce(core, tx, { key: `${key}_lifted_person`, to: lockedUser, phrase: person }, correlationId);
      return ok({
        value: null,
        record: { action: 'approver.lock_lifted', detail: { user: lockedUser, proof: proof.kind } },
      });
    },
  });
}
