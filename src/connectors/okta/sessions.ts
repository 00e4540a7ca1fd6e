import { ok } from '../../result.js';
import { cannotTell, doesNotHold, holds, SKEW_MS, utc, type Action, type Verdict } from './action.js';
import { eventIs, newestRows, succeeded, type LogRow } from './log.js';
import { tell, type Parts } from './state.js';
import { userPath } from './user.js';

export const SESSION_START = 'user.session.start';
const SESSION_CLEAR = 'user.session.clear';

/** Okta's log usually follows within seconds, at times within minutes. */
const LOG_LAG_MS = 2 * 60_000;

/** Okta lists no sessions: what proves their end is the log, and that none began after it. */
export function judgeSessions(rows: readonly LogRow[] | null, since: Date, now: Date): Verdict {
  if (rows === null) {
    return cannotTell('Okta lists no sessions, and its log, which would tell, may not be read; grant okta.logs.read.');
  }
  const cleared = rows.find(({ eventType }) => eventType === SESSION_CLEAR);
  const at = cleared?.published ?? null;
  if (at === null) {
    const silence = `Okta's log shows no end of the sessions since ${utc(since)}`;
    if (now.getTime() - since.getTime() < LOG_LAG_MS)
      return cannotTell(`${silence} yet; it may follow within minutes.`);
    return doesNotHold(`${silence}.`);
  }
  const later = rows.find((row) => row.eventType === SESSION_START && row.published !== null && row.published > at);
  if (later?.published) {
    const from = later.client?.ipAddress ?? 'an address that is not told';
    return doesNotHold(
      `Okta ended the sessions at ${utc(at)}, and a new one began at ${utc(later.published)} from ${from}.`,
    );
  }
  return holds(`Okta's log says that the sessions were ended at ${utc(at)}, and none has begun since.`);
}

export const revokeSessions = (parts: Parts): Action => ({
  async perform({ account, call }) {
    const path = `${userPath(account.accountId)}/sessions?oauthTokens=true&forgetDevices=true`;
    const ended = await parts.api.change({ method: 'DELETE', path, call });
    return ended.ok ? ok({ alreadyDone: false, requestId: ended.value.requestId }) : ended;
  },
  async judge({ account, call }, { since }) {
    const id = `"${account.accountId}"`;
    const filter = `(${eventIs([SESSION_CLEAR])} and target.id eq ${id}) or (${eventIs([SESSION_START])} and actor.id eq ${id})`;
    const from = new Date(since.getTime() - SKEW_MS);
    const found = tell(await newestRows(parts.api, { filter, since: from, limit: 50 }, call));
    if (!found.ok) return found;
    return ok(judgeSessions(found.value?.rows.filter(succeeded) ?? null, since, parts.runtime.now()));
  },
  undo: null,
  survives: [
    { what: 'Access tokens that were handed out already', forSeconds: 3600 },
    { what: 'Sessions that web and native applications keep for themselves', forSeconds: null },
  ],
});
