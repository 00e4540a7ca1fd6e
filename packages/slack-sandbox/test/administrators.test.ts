import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SlackSandbox } from '../src/index.js';
import { createSlackSandbox, derivedId } from '../src/index.js';
import { SEED, manifest, startDemo } from './demo-app.js';

const TOKEN = 'xoxp-an-owner';
const SCOPES = ['admin', 'admin.users:read', 'admin.users:write', 'auditlogs:read', 'users:read', 'users:read.email'];
const ADA = derivedId('U', 'ada');
const BEN = derivedId('U', 'ben');
const CAT = derivedId('U', 'cat');
const OLA = derivedId('U', 'ola');
const FROM = { ip: '203.0.113.7', country: 'AT', region: 'Vienna', isp: 'Net', user_agent: 'Firefox', os: 'iOS' };

const WITH_OWNERS = {
  ...SEED,
  team: { ...SEED.team, plan: 'enterprise' as const },
  users: [
    ...SEED.users,
    { name: 'ola', is_admin: true, is_owner: true, has_2fa: true, email: 'ola@harbour.test' },
    { name: 'cat', is_admin: true, is_owner: true, is_primary_owner: true, email: 'cat@harbour.test' },
  ],
};

/** The keys that Slack's own answers were seen to have; a subset is real, more would be invented. */
const SEEN = {
  session: ['user_id', 'session_id', 'team_id', 'created', 'recent'],
  client: ['device_hardware', 'os', 'os_version', 'slack_client_version', 'ip'],
  login: ['user_id', 'username', 'date_first', 'date_last', 'count', 'ip', 'user_agent', 'isp', 'country', 'region'],
  integration: ['user_id', 'user_name', 'date', 'change_type', 'app_type', 'app_id', 'scope', 'reason', 'channel'],
  scim: [
    'schemas', 'id', 'externalId', 'meta', 'userName', 'nickName', 'name', 'displayName', 'profileUrl', 'title',
    'timezone', 'active', 'emails', 'photos', 'addresses', 'phoneNumbers', 'roles', 'groups',
  ],
  list: ['schemas', 'Resources', 'totalResults', 'itemsPerPage', 'startIndex'],
  entry: ['id', 'date_create', 'action', 'actor', 'entity', 'context', 'details'],
  context: ['session_id', 'location', 'ua', 'ip_address', 'app'],
}; // prettier-ignore

const Json = z.record(z.string(), z.unknown());
const keysIn = (value: unknown, known: readonly string[]): string[] =>
  Object.keys(Json.parse(value)).filter((key) => !known.includes(key));

describe('the administrators’ interfaces', () => {
  let slack: SlackSandbox;
  let now = new Date('2026-03-02T09:00:00Z').getTime();

  beforeEach(async () => {
    slack = await createSlackSandbox({
      manifest: manifest(),
      seed: WITH_OWNERS,
      page: false,
      clock: () => new Date(now),
      rateLimits: 'tiers',
      userTokens: { [TOKEN]: { user: OLA, scopes: SCOPES }, 'xoxp-ada': { user: ADA, scopes: SCOPES } },
    });
    slack.administer({ do: 'sign_in', user: ADA, from: FROM });
  });
  afterEach(() => slack.close());

  const answered = async (url: string, init: RequestInit, token: string) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const response = await fetch(url, { ...init, headers });
    const text = await response.text();
    const body = Json.parse(text === '' ? {} : JSON.parse(text));
    return { status: response.status, headers: response.headers, body };
  };
  const web = async (method: string, args: object, token = TOKEN) =>
    (await answered(slack.apiUrl + method, { method: 'POST', body: JSON.stringify(args) }, token)).body;
  const scim = (method: string, path: string, body?: object, token = TOKEN) =>
    answered(slack.scimUrl + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }, token);
  const audit = (query: string, token = TOKEN) => answered(`${slack.auditUrl}/logs?${query}`, {}, token);
  const patch = (value: unknown) => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value }],
  });
  const sessions = () => slack.state().office.sessions.map(({ user_id }) => user_id);
  const team = () => slack.state().team.id;

  it('a session reset drops the person’s sessions, and the person signs in again before doing anything', async () => {
    slack.administer({ do: 'sign_in', user: BEN, from: FROM });
    expect(await web('admin.users.session.reset', { user_id: ADA })).toMatchObject({ ok: true });
    expect(sessions()).toEqual([BEN]);
    expect(await web('admin.users.session.list', { user_id: ADA, team_id: team() })).toMatchObject({
      error: 'no_active_sessions',
    });
    expect(slack.state().office.signed_out).toEqual([ADA]);
    const general = slack.state().channels.find(({ name }) => name === 'general')!.id;
    await slack.act({ as: ADA, do: 'message', channel: general, text: 'back' });
    expect(sessions()).toEqual([BEN, ADA]);
    expect(slack.state().office.signed_out).toEqual([]);
    const { body } = await audit(`entity=${ADA}&action=user_login,user_session_reset_by_admin`);
    const entries = z.array(z.looseObject({ action: z.string() })).parse(body['entries']);
    expect(entries.map(({ action }) => action)).toEqual(['user_login', 'user_session_reset_by_admin', 'user_login']);
  });

  it('takes only the sessions that are meant', async () => {
    slack.administer({ do: 'sign_in', user: ADA, from: { ...FROM, os: 'Windows' } });
    await web('admin.users.session.reset', { user_id: ADA, mobile_only: true });
    expect(slack.state().office.sessions.map(({ os }) => os)).toEqual(['Windows']);
    const [left] = slack.state().office.sessions;
    const args = { session_id: left!.session_id, team_id: team() };
    expect(await web('admin.users.session.invalidate', args)).toMatchObject({ ok: true });
    expect(await web('admin.users.session.invalidate', args)).toMatchObject({ error: 'session_not_found' });
  });

  it('refuses in Slack’s words: token, scope, plan, standing, target', async () => {
    const reset = (user: string, token = TOKEN) => web('admin.users.session.reset', { user_id: user }, token);
    expect(await reset(ADA, slack.botToken)).toMatchObject({ error: 'not_allowed_token_type' });
    expect(await reset(ADA, 'xoxp-forged')).toMatchObject({ error: 'invalid_auth' });
    expect(await reset(BEN, 'xoxp-ada')).toMatchObject({ error: 'not_an_admin' });
    expect(await reset(CAT)).toMatchObject({ error: 'cannot_reset_primary_owner' });
    expect(await reset(slack.botUserId)).toMatchObject({ error: 'cannot_reset_bot' });
    expect(await reset('U0NOBODY')).toMatchObject({ error: 'user_not_found' });
    expect(await web('admin.users.session.list', { user_id: ADA })).toMatchObject({ error: 'missing_team' });
    expect(await web('admin.users.session.list', { team_id: team() })).toMatchObject({ error: 'missing_user' });
    expect(await web('admin.users.setRegular', { user_id: CAT, team_id: team() })).toMatchObject({
      error: 'cannot_modify_primary_owner',
    });
    expect(await web('admin.users.setRegular', { user_id: BEN, team_id: 'T0ELSE' })).toMatchObject({
      error: 'team_not_found',
    });
    slack.administer({ do: 'scopes', token: TOKEN, scopes: ['admin'] });
    expect(await reset(ADA)).toMatchObject({ error: 'missing_scope', needed: 'admin.users:write', provided: 'admin' });
    slack.administer({ do: 'scopes', token: TOKEN, scopes: null });
    expect(await reset(ADA)).toMatchObject({ error: 'token_revoked' });
    slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES });
    slack.administer({ do: 'plan', plan: 'business_plus' });
    expect(await reset(ADA)).toMatchObject({ error: 'feature_not_enabled' });
    expect((await audit('limit=1')).body).toMatchObject({ error: 'feature_not_enabled' });
    slack.administer({ do: 'plan', plan: 'free' });
    expect(await web('team.accessLogs', {})).toMatchObject({ error: 'paid_only' });
    expect((await scim('GET', '/Users')).status).toBe(403);
    expect(sessions()).toEqual([ADA]);
  });

  it('SCIM deactivates and reactivates for good, and says what it refuses', async () => {
    const found = await scim('GET', `/Users?filter=${encodeURIComponent('email eq "ADA@harbour.test"')}`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: ADA, active: true }] });
    expect((await scim('PATCH', `/Users/${ADA}`, patch(false))).body).toMatchObject({ id: ADA, active: false });
    expect(sessions()).toEqual([]);
    const shown = Json.parse((await web('users.info', { user: ADA }))['user']);
    expect(shown).toMatchObject({ id: ADA, deleted: true });
    expect(shown).not.toHaveProperty('is_admin');
    expect(await web('users.lookupByEmail', { email: 'ada@harbour.test' })).toMatchObject({ error: 'users_not_found' });
    await expect(slack.act({ as: ADA, do: 'home' })).rejects.toMatchObject({ code: 'account_inactive' });
    expect(await web('auth.test', {}, 'xoxp-ada')).toMatchObject({ error: 'account_inactive' });
    const active = { ...patch(true), Operations: [{ op: 'Replace', value: { active: true } }] };
    expect((await scim('PATCH', `/Users/${ADA}`, active)).status).toBe(200);
    expect(await web('users.info', { user: ADA })).toMatchObject({ user: { deleted: false, is_admin: false } });
    expect((await scim('DELETE', `/Users/${ADA}`)).status).toBe(204);

    const refusal = async (given: ReturnType<typeof scim>) => {
      const { status, body } = await given;
      return [status, z.object({ description: z.string(), code: z.number() }).parse(body['Errors']).description];
    };
    expect(await refusal(scim('PATCH', `/Users/${CAT}`, patch(false)))).toEqual([403, 'cannot_disable_primary_owner']);
    expect(await refusal(scim('PATCH', '/Users/U0NOBODY', patch(false)))).toEqual([404, 'no_such_user']);
    expect(await refusal(scim('GET', '/Users?filter=email%20co%20%22a%22'))).toEqual([400, 'invalid_query']);
    expect(await refusal(scim('GET', '/Elsewhere'))).toEqual([404, 'bad_endpoint']);
    expect(await refusal(scim('GET', '/Users', undefined, 'xoxp-ada'))).toEqual([401, 'invalid_authentication']);
    expect((await refusal(scim('PATCH', `/Users/${BEN}`, patch('no'))))[0]).toBe(400);
    slack.administer({ do: 'role', user: OLA, role: 'admin', by: CAT });
    slack.administer({ do: 'role', user: BEN, role: 'owner', by: CAT });
    expect(await refusal(scim('PATCH', `/Users/${BEN}`, patch(false)))).toEqual([403, 'cannot_modify_owner']);
    expect((await audit('limit=1')).body).toMatchObject({ error: 'team_not_authorized' });
  });

  it('keeps Slack’s rates, each interface in its own words', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 22 }, () => scim('PATCH', `/Users/${ADA}`, patch(true)).then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 429).length).toBe(2);
    const limited = await scim('PATCH', `/Users/${ADA}`, patch(true));
    expect(limited).toMatchObject({ status: 429, body: { Errors: { description: 'too_many_requests', code: 429 } } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    now += 60_000;
    expect((await scim('PATCH', `/Users/${ADA}`, patch(true))).status).toBe(200);
    for (let calls = 0; calls < 20; calls += 1) await web('team.accessLogs', { limit: 1 });
    expect(await web('team.accessLogs', { limit: 1 })).toEqual({ ok: false, error: 'ratelimited' });
  });

  it('invents no key', async () => {
    slack.administer({ do: 'add_app', user: ADA, name: 'Helper', scopes: ['chat:write'] });
    const [session] = z.array(Json).parse((await web('admin.users.session.list', {}))['active_sessions']);
    expect(keysIn(session, SEEN.session)).toEqual([]);
    expect(keysIn(session!['created'], SEEN.client)).toEqual([]);
    const [login] = z.array(Json).parse((await web('team.accessLogs', { limit: 5 }))['logins']);
    expect(keysIn(login, SEEN.login)).toEqual([]);
    const [log] = z.array(Json).parse((await web('team.integrationLogs', { user: ADA }))['logs']);
    expect(keysIn(log, SEEN.integration)).toEqual([]);
    const people = (await scim('GET', '/Users?count=1')).body;
    expect(keysIn(people, SEEN.list)).toEqual([]);
    expect(keysIn(z.array(Json).parse(people['Resources'])[0], SEEN.scim)).toEqual([]);
    const [entry] = z.array(Json).parse((await audit('limit=1')).body['entries']);
    expect(keysIn(entry, SEEN.entry)).toEqual([]);
    expect(keysIn(entry!['context'], SEEN.context)).toEqual([]);
  });

  it('snapshots keep it all, and older ones that know nothing of it still load', async () => {
    const snapshot = slack.snapshot();
    await web('admin.users.session.reset', { user_id: ADA });
    slack.restore(snapshot);
    expect(sessions()).toEqual([ADA]);
    const { office, ...older } = snapshot;
    expect(office.sessions).toHaveLength(1);
    const { plan, ...olderTeam } = older.team;
    slack.restore({ ...older, team: olderTeam });
    expect(plan).toBe('enterprise');
    expect(slack.state().team).toMatchObject({ plan: 'pro' });
    expect(sessions()).toEqual([]);
  });

  it('the control API does what administrators and the world do', async () => {
    const post = async (deed: object) => {
      const response = await fetch(`${slack.url}/control/office`, { method: 'POST', body: JSON.stringify(deed) });
      return { status: response.status, body: Json.parse(await response.json()) };
    };
    expect(await post({ do: 'role', user: ADA, role: 'admin', by: CAT })).toEqual({ status: 200, body: { ok: true } });
    expect(await web('users.info', { user: ADA })).toMatchObject({ user: { is_admin: true } });
    expect((await post({ do: 'role', user: 'U0', role: 'admin', by: CAT })).status).toBe(404);
    expect((await post({ do: 'fly' })).status).toBe(400);
    expect((await post({ do: 'second_factor', user: ADA, on: true })).status).toBe(200);
    expect(await web('users.info', { user: ADA })).toMatchObject({ user: { has_2fa: true } });
    const asBot = Json.parse((await web('users.info', { user: ADA }, slack.botToken))['user']);
    expect(asBot).not.toHaveProperty('has_2fa');
  });
});

it('the app is told of a person who was deactivated', async () => {
  const demo = await startDemo({ events: ['user_change'] }, { seed: WITH_OWNERS });
  try {
    demo.slack.administer({ do: 'active', user: ADA, active: false, by: CAT });
    await demo.slack.wait({ until: { journal: { kind: 'ack', name: 'user_change', status: 'acked' } } });
    const Body = z.looseObject({ event: z.looseObject({ user: Json }) });
    const { event } = Body.parse(demo.seen.find(({ kind }) => kind === 'user_change')?.body);
    expect(event.user).toMatchObject({ id: ADA, deleted: true });
    expect(event.user).not.toHaveProperty('has_2fa');
  } finally {
    await demo.close();
  }
});
