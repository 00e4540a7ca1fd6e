import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { asPages, type Pages } from '../http/pages.js';
import { cannotTell, doesNotHold, holds, lasting, native, SKEW_MS } from '../kit/action.js';
import type { Answer, Evidenced, Target, Verdict } from '../kit/action.js';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import { readList, type SlackApi } from './api.js';
import { readAudit } from './audit.js';
import { METHOD, SCOPE } from './permissions.js';
import { teamOf, type Reader, type Reading, type SlackAction } from './reader.js';

const text = z.string().catch('');
const client = z.object({ device_hardware: text, os: text, os_version: text, ip: text }).nullish().catch(null);

/** One signed-in browser or app. Slack gives no time for it. */
export const session = z
  .object({
    session_id: z.union([z.number().int(), z.string().min(1)]).transform(String),
    created: client,
    recent: client,
  })
  .transform(({ session_id: id, created, recent }) => {
    const { ip = '', device_hardware = '', os = '', os_version = '' } = recent ?? created ?? {};
    return { id, ip, device: [device_hardware, os, os_version].filter((part) => part !== '').join(' ') };
  });
type ActiveSession = z.output<typeof session>;

/** Slack's error for "there is none". */
const isNone = ({ kind, message }: ConnectorFailure): boolean =>
  kind === 'unsupported' && message.includes('no_active_sessions');

/** Whether sessions can be read at all. Changes nothing. */
export async function probeSessions(api: SlackApi, call: CallContext): Answer<unknown> {
  const answer = await api.web(METHOD.sessions, { limit: '1' }, call);
  return answer.ok || isNone(answer.error) ? ok(null) : answer;
}

/** The person's active sessions in one workspace. Needs `admin.users:read`, on Enterprise. */
export async function readSessions(
  api: SlackApi,
  { userId, teamId }: { readonly userId: string; readonly teamId: string },
  call: CallContext,
): Answer<Pages<ActiveSession>> {
  const found = await readList(
    { key: 'active_sessions', item: session, what: 'a list of sessions', mostPages: 1, size: 200 },
    (page) => api.web(METHOD.sessions, { user_id: userId, team_id: teamId, ...page }, call),
  );
  return !found.ok && isNone(found.error) ? ok(asPages({ items: [], unreadable: 0 })) : found;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Ends a sentence about sessions that the audit logs do not explain. */
const NOT_WHOLE =
  'whether they began before the reset, the audit logs would tell, and they hold a row that cannot be read, or more than are read at once.';
const UNSEEN = 'Slack has sessions of this person that it did not show, or not in a form that can be read.';

/** Slack gives no time for a session; the audit logs show which of them began after the reset. */
async function judgeRemaining(
  { api }: Reader,
  { account, call }: Target,
  { items: sessions, complete }: Pages<ActiveSession>,
  since: Date,
): Promise<Verdict> {
  const from = new Date(since.getTime() - SKEW_MS);
  const actions = ['user_session_reset_by_admin', 'user_login'];
  const rows = await readAudit(api, { actions, entity: account.accountId, from }, 2, call);
  const listed = `Slack lists ${plural(sessions.length, 'active session')}`;
  if (!rows.ok)
    return cannotTell(
      `${listed}; whether they began before the reset, the audit logs would tell, and they could not be read (${rows.error.kind}).`,
    );
  const { items: entries, complete: whole } = rows.value;
  const reset = entries.find(({ action }) => action === 'user_session_reset_by_admin');
  if (reset === undefined && !whole) return cannotTell(`${listed}; ${NOT_WHOLE}`);
  if (reset === undefined) return doesNotHold(`${listed}, and its audit logs show no reset since then.`);
  const logins = entries.filter(({ action, at }) => action === 'user_login' && at.getTime() >= reset.at.getTime());
  const begun = new Set(logins.map(({ sessionId }) => sessionId));
  const old = sessions.filter(({ id }) => !begun.has(id));
  if (old.length > 0 && (!whole || begun.has(null)))
    return cannotTell(`Slack recorded the reset. ${listed}; ${NOT_WHOLE}`);
  if (old.length > 0)
    return doesNotHold(`Slack recorded the reset, but still lists ${plural(old.length, 'session')} from before it.`);
  if (!complete) return cannotTell(UNSEEN);
  return holds(
    `All sessions from before the reset are gone; ${plural(sessions.length, 'new one')} began after it, so somebody has signed in again.`,
  );
}

async function judge(
  reader: Reader,
  target: Target,
  { reading: { user }, since }: Evidenced<Reading>,
): Promise<Verdict> {
  const identity = await reader.identity.get(target.call);
  if (!identity.ok) return cannotTell(`The sessions could not be read (${identity.error.kind}).`);
  const teamId = teamOf(reader, identity.value, user);
  const read = await readSessions(reader.api, { userId: user.id, teamId }, target.call);
  if (!read.ok)
    return cannotTell(`The sessions could not be read (${read.error.kind}); admin.users:read is needed for it.`);
  if (read.value.items.length > 0) return judgeRemaining(reader, target, read.value, since);
  return read.value.complete ? holds('Slack lists no active session of this person.') : cannotTell(UNSEEN);
}

export const APPS = lasting(
  'Apps that the person added and their tokens: they go on until an administrator removes them under Manage apps',
);

/** Also where a person signs somebody out by hand. */
export const RESIDUAL = [
  lasting(
    'Whoever still knows the password, or can sign in through the identity provider or the mailbox, signs in again at once: contain those too',
  ),
  APPS,
];

/** Signs the person out everywhere. */
export const revokeSessions = (reader: Reader): SlackAction<'revoke_sessions'> => ({
  can: native(SCOPE.writeAdminUsers, SCOPE.readAdminUsers, SCOPE.readUsers, SCOPE.readAudit),
  residual: RESIDUAL,
  perform: ({ account, call }) => reader.api.change(METHOD.resetSessions, { user_id: account.accountId }, call),
  judge: async (task, found) => ok(await judge(reader, task, found)),
});
