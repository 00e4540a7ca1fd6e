import { ok, type Result } from '../../platform/result.js';
import type { Core, Origin } from '../../ports/core.js';
import { phrase, user } from '../../texts/phrase.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { announce, redrawAnnouncement } from '../announce.js';
import { checkProof, type Given } from '../check-proof.js';
import { inWorkspace } from '../in-workspace.js';
import { attemptsOf, lockKey } from '../locks.js';
import { lockNow } from '../throttle.js';

export interface Lifting {
  /** Whose lock, by Slack id. */
  readonly lockedUser: string;
  readonly actor: string;
  readonly given: Given;
  /** The same click delivered twice has the same key (the window's id). */
  readonly requestKey: string;
  readonly origin: Origin;
}

/**
 * Another approver lifts a lock, with a code of their own: somebody else's guesses shut nobody out for longer than a
 * colleague needs. What was guessed still counts, so that a thief gets no more than a hundred tries by it.
 */
export async function liftLock(core: Core, lifting: Lifting): Promise<Result<null, Problem>> {
  const { lockedUser, actor, given, requestKey, origin } = lifting;
  const attempt = { action: 'lift_lock', right: 'liftLock', actor, origin } as const;
  return inWorkspace(core, attempt, {
    before: () => {
      // A thief of this Slack would go on guessing; and no code of one who is locked is looked at.
      if (actor === lockedUser) return Promise.resolve(refuse('own_account', phrase('problem.lift.own')));
      const plan = { action: 'lift_lock', user: lockedUser, request: requestKey };
      return checkProof(core, { ...attempt, incidentId: null }, given, plan);
    },
    change: async (tx, proof) => {
      const attempts = await attemptsOf(core, tx, lockedUser);
      const lock =
        attempts && lockNow({ failed: attempts.failed, lockedUntil: attempts.locked_until }, core.runtime.now());
      if (lock === null) return refuse('wrong_state', phrase('problem.lift.none'));
      if (lock === 'ended') return refuse('wrong_state', phrase('problem.lift.ended'));
      await tx.query('update totp_attempts set locked_until = null where workspace_id = $1 and user_id = $2', [
        core.workspaceId,
        lockedUser,
      ]);
      const key = lockKey(lockedUser, lock.until);
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
