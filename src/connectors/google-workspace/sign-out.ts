import { err, ok } from '../../result.js';
import { cannotTell, holds, SKEW_MS, utc, type Handler, type Tools } from './handler.js';
import { adminActsOn } from './reports.js';
import { SCOPE } from './scopes.js';
import { userPath } from './user.js';

/** Ends every web and device session. Google lists no sessions: its audit row is the only proof there is. */
export function revokeSessions(tools: Tools): Handler {
  const { api } = tools;
  return {
    capability: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.security, SCOPE.reports],
    },
    survives: [
      { what: 'Grants to apps and app passwords: signing out leaves them, revoke them as well', forSeconds: null },
      { what: 'Access tokens that apps hold already', forSeconds: 3600 },
    ],
    async perform({ account, call }) {
      const answer = await api.send({
        method: 'POST',
        path: `${userPath(account.accountId)}/signOut`,
        scope: SCOPE.security,
        what: `signing ${account.login} out`,
        call,
      });
      return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : err(answer.error.failure);
    },
    async judge({ account, call }, since) {
      const from = new Date(since.getTime() - SKEW_MS);
      const acts = await adminActsOn(tools, account.login, 'RESET_SIGNIN_COOKIES', { from, call });
      if (!acts.ok) {
        return acts.error.kind === 'permission'
          ? ok(
              cannotTell(
                `Google shows no sessions, and the audit log may not be read; grant the scope ${SCOPE.reports}.`,
              ),
            )
          : acts;
      }
      const [last] = acts.value.items;
      return ok(
        last === undefined
          ? cannotTell(
              `Google shows no sessions, and its audit log, which follows minutes later, has no sign-out since ${utc(since)} yet.`,
            )
          : holds(`Google logged at ${utc(last.at)} that every session was signed out.`),
      );
    },
  };
}
