import { cannotTell, doesNotHold, holds, lasting, utc, type Action, type Verdict } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { API_TOKENS } from './grants.js';
import { eventsOf, rowsSince, succeeded, type LogRow } from './log.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';
import { userPath } from './user.js';

export const SESSION_START = 'user.session.start';
const SESSION_CLEAR = 'user.session.clear';

/** Okta's log usually follows within seconds, at times within minutes. */
const LOG_LAG_MS = 2 * 60_000;

/** Okta lists no sessions: the log proves their end, and that none began after it. */
function judgeSessions(rows: readonly LogRow[] | null, since: Date, now: Date): Verdict {
  if (rows === null)
    return cannotTell(
      'Okta lists no sessions, and its log, which would tell, cannot be read, or not all of it; grant okta.logs.read, or look into the System Log.',
    );
  const ended = rows.find((row) => row.eventType === SESSION_CLEAR && succeeded(row) === true);
  const at = ended?.published ?? null;
  if (at === null) {
    const silence = `Okta's log shows no end of the sessions since ${utc(since)}`;
    return now.getTime() - since.getTime() < LOG_LAG_MS
      ? cannotTell(`${silence} yet; it may follow within minutes.`)
      : doesNotHold(`${silence}.`);
  }
  const later = rows.find(
    (row) =>
      row.eventType === SESSION_START && succeeded(row) !== false && row.published !== null && row.published > at,
  );
  if (later?.published) {
    const from = later.client?.ipAddress ?? 'an address that is not told';
    return doesNotHold(
      `Okta ended the sessions at ${utc(at)}, and a new one began at ${utc(later.published)} from ${from}.`,
    );
  }
  return holds(`Okta's log says that the sessions were ended at ${utc(at)}, and none has begun since.`);
}

export const revokeSessions = ({ api, runtime }: Parts): Action<'revoke_sessions', Reading> => ({
  can: scopes(SCOPE.manageUsers, SCOPE.readLogs),
  perform({ account, call }) {
    const path = userPath(account.accountId, '/sessions?oauthTokens=true&forgetDevices=true');
    return api.change({ method: 'DELETE', path, call });
  },
  judge(on, { since }) {
    const filter = `(${eventsOf([SESSION_CLEAR], 'target', on)}) or (${eventsOf([SESSION_START], 'actor', on)})`;
    return mapped(rowsSince(api, { filter, since }, on.call), (rows) =>
      judgeSessions(rows, since, api.vendorTime(runtime.now())),
    );
  },
  residual: [
    lasting('Access tokens that were handed out already', 3600),
    lasting(
      'Sessions that web and native applications keep for themselves: Universal Logout ends those of the applications that take it, in the Admin Console alone (Directory | People | the person | More Actions | Clear User Sessions, tick "Also include logout enabled apps and Okta API tokens")',
    ),
    API_TOKENS,
  ],
});
