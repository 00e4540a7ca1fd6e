import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { call, connect, playedRuntime } from './slack-workspace-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ADA = { system: 'slack', accountId: 'U1', login: 'ada@harbour.test' };
const USER = { id: 'U1', team_id: 'T1', name: 'ada', deleted: false, is_admin: false, is_owner: false };
const REVOKE: Command = { kind: 'revoke_sessions' };
const SINCE = new Date('2026-03-02T09:00:00.000Z');
const at = SINCE.getTime() / 1000;
const RESET = { id: 'a1', date_create: at + 1, action: 'user_session_reset_by_admin' };
const login = (session: unknown) => ({
  id: 'a2',
  date_create: at + 2,
  action: 'user_login',
  context: { session_id: session },
});

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

interface Shown {
  readonly user?: object;
  readonly sessions?: object;
  readonly audit?: object;
}

async function slackThat({
  user = USER,
  sessions = { active_sessions: [] },
  audit = { entries: [] },
}: Shown): Promise<Connector> {
  const stub = await startStub((asked): StubAnswer | undefined => {
    if (asked.endsWith('/auth.test')) return { body: { ok: true, user_id: 'UOWNER', team_id: 'T1' } };
    if (asked.endsWith('/users.info')) return { body: { ok: true, user } };
    if (asked.endsWith('/admin.users.session.list')) return { body: { ok: true, ...sessions } };
    return asked.startsWith('GET /logs?') ? { body: audit } : { body: { ok: true } };
  });
  stubs.push(stub);
  return connect({ apiUrl: stub.url, scimUrl: stub.url, auditUrl: stub.url }, playedRuntime());
}

async function verdictOf(shown: Shown, command = REVOKE): Promise<unknown> {
  const read = await (await slackThat(shown)).readBack(command, ADA, SINCE, call());
  return read.ok ? read.value.verdict : read;
}

describe('whether the sessions of Slack began before the reset', () => {
  const one = { active_sessions: [{ session_id: 7 }] };
  const more = { response_metadata: { next_cursor: 'more' } };

  it.each<[string, object]>([
    ['the reset may be in a row that cannot be read', { entries: [{ odd: true }] }],
    ['the reset may be on pages that were cut', { entries: [], ...more }],
    ['the new sign-in may be in a row that cannot be read', { entries: [{ odd: true }, RESET] }],
    ['the new sign-in names its session in no way that can be read', { entries: [login({}), RESET] }],
    ['the new sign-in may be on pages that were cut', { entries: [RESET], ...more }],
  ])('cannot be told where %s', async (_title, audit) => {
    expect(await verdictOf({ sessions: one, audit })).toBe('cannot_tell');
  });

  it.each<[string, object, string]>([
    ['no reset', { entries: [] }, 'does_not_hold'],
    ['the reset and no sign-in', { entries: [RESET] }, 'does_not_hold'],
    ['the reset and a sign-in', { entries: [login(7), RESET] }, 'holds'],
  ])('is told where the logs are whole and show %s', async (_title, audit, verdict) => {
    expect(await verdictOf({ sessions: one, audit })).toBe(verdict);
  });

  it.each<[string, object]>([
    ['none, but one that cannot be read', { active_sessions: [{ odd: true }] }],
    ['none, but more pages', { active_sessions: [], ...more }],
    ['a new one, and one that cannot be read', { active_sessions: [{ session_id: 7 }, null] }],
  ])('is not proven by a list of sessions that shows %s', async (_title, sessions) => {
    expect(await verdictOf({ sessions, audit: { entries: [login(7), RESET] } })).toBe('cannot_tell');
  });
});

it.each<[Command['kind']]>([['disable_account'], ['enable_account']])(
  'a mark of Slack that cannot be read proves neither an active nor a deactivated account: %s',
  async (kind) => {
    const user = { ...USER, deleted: 'no' };
    const command: Command = kind === 'disable_account' ? { kind } : { kind: 'enable_account' };
    expect(await verdictOf({ user }, command)).toBe('cannot_tell');
    const slack = await slackThat({ user });
    expect(await slack.readState(ADA, call())).toMatchObject({ value: { enabled: null } });
    expect(await slack.capture(command, ADA, call())).toEqual({ ok: true, value: {} });
  },
);
