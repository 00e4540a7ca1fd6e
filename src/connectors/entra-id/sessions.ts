import { err, ok } from '../../result.js';
import { PERMISSION } from './permissions.js';
import { cannotTell, doesNotHold, done, holds, SKEW_MS, userPath, utc, type Handler, type Reader } from './reader.js';
import { irreversible } from './unsupported.js';
import { readUser } from './user.js';

/** Refresh tokens and browser sessions from before now are refused. */
export function revokeSessions(reader: Reader): Handler {
  return {
    async perform({ account, call }) {
      const path = `${userPath(account)}/revokeSignInSessions`;
      const answer = await reader.api.send({ method: 'POST', path, needs: [PERMISSION.revokeSessions], call });
      return answer.ok ? done(answer.value.requestId) : err(answer.error);
    },
    capture: () => Promise.resolve(ok({})),
    restore: irreversible('Ended sessions cannot be brought back; the person signs in again.'),
    async judge(target, _state, since) {
      const user = await readUser(reader, target);
      if (!user.ok) return user;
      const from = user.value.signInSessionsValidFromDateTime;
      if (from === null) return cannotTell('Entra ID does not show since when sessions are valid.');
      const observed = `Entra ID refuses refresh tokens and browser sessions from before ${utc(from)}.`;
      return from.getTime() >= since.getTime() - SKEW_MS ? holds(observed) : doesNotHold(observed);
    },
  };
}
