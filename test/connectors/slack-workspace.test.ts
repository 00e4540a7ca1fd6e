import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AccountRef, Command, Connector, EvidenceSection } from '../../src/ports/connector.js';
import type { UnreadableRows } from '../../src/connectors/kit/log.js';
import { slackWorkspaceSettings } from '../../src/connectors/slack-workspace/settings.js';
import { findAnomalies } from '../../src/evidence/anomalies.js';
import type { SlackSandbox } from 'slack-sandbox';
import {
  ADA,
  AT_HOME,
  call,
  connect,
  failureOf,
  find,
  intrude,
  OLA,
  PIA,
  playedRuntime,
  SCOPES,
  startSlack,
  TOKEN,
  valueOf,
  type Plan,
} from './slack-workspace-subject.js';

const REVOKE: Command = { kind: 'revoke_sessions' };
const DISABLE: Command = { kind: 'disable_account' };
const UNROLE: Command = { kind: 'remove_admin_roles' };

interface Setup {
  readonly slack: SlackSandbox;
  readonly connector: Connector;
  readonly ada: AccountRef;
  readonly runtime: ReturnType<typeof playedRuntime>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function setUp(plan: Plan = 'enterprise', more: Record<string, unknown> = {}): Promise<Setup> {
  const runtime = playedRuntime();
  const slack = await startSlack(runtime, plan);
  open.push(() => slack.close());
  const connector = connect(slack, runtime, { plan, ...more });
  return { slack, connector, ada: await find(connector, ADA.email), runtime };
}

const perform = (connector: Connector, command: Command, account: AccountRef) =>
  connector.perform(command, account, call());
const readBack = async ({ connector, ada, runtime }: Setup, command: Command) =>
  valueOf(await connector.readBack(command, ada, runtime.now(), call()));
const sessionsOf = (slack: SlackSandbox, user: string) =>
  slack.state().office.sessions.filter(({ user_id }) => user_id === user);
const items = async (connector: Connector, account: AccountRef, section: EvidenceSection) => {
  const kept = (await connector.evidence(account, call()))[section];
  if ('unavailable' in kept) throw new Error(kept.unavailable.message);
  return kept.items;
};

describe('ending sessions on Enterprise', () => {
  it('drops every session of the person and nobody else’s', async () => {
    const set = await setUp();
    set.slack.administer({ do: 'sign_in', user: OLA.id, from: AT_HOME });
    expect(sessionsOf(set.slack, ADA.id)).toHaveLength(2);
    const receipt = valueOf(await perform(set.connector, REVOKE, set.ada));
    expect(receipt.requestId).toMatch(/\S/);
    expect(sessionsOf(set.slack, ADA.id)).toEqual([]);
    expect(sessionsOf(set.slack, OLA.id)).toHaveLength(1);
    const read = await readBack(set, REVOKE);
    expect(read.verdict).toBe('holds');
    expect(read.residual.map(({ what }) => what).join()).toMatch(/Apps .* tokens/);
  });

  it('tells a session that began after the reset from one that outlived it', async () => {
    const set = await setUp();
    expect(await readBack(set, REVOKE)).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining('2 active sessions'),
    });
    valueOf(await perform(set.connector, REVOKE, set.ada));
    set.slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME });
    expect(await readBack(set, REVOKE)).toMatchObject({
      verdict: 'holds',
      observed: expect.stringContaining('1 new one began after it'),
    });
  });

  it('does not take a reset that was recorded for one that reached every session', async () => {
    const set = await setUp();
    const body = new URLSearchParams({ user_id: ADA.id, mobile_only: 'true' });
    const headers = { authorization: `Bearer ${TOKEN}` };
    await fetch(`${set.slack.apiUrl}admin.users.session.reset`, { method: 'POST', headers, body });
    expect(await readBack(set, REVOKE)).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining('recorded the reset, but still lists 2 sessions'),
    });
  });

  it('claims nothing when sessions remain and the audit logs cannot be read', async () => {
    const set = await setUp();
    set.slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES.filter((one) => one !== 'auditlogs:read') });
    expect((await readBack(set, REVOKE)).verdict).toBe('cannot_tell');
    valueOf(await perform(set.connector, REVOKE, set.ada));
    expect((await readBack(set, REVOKE)).verdict).toBe('holds');
  });

  it('cannot be done to the primary owner, and says who can', async () => {
    const { connector } = await setUp();
    const pia = await find(connector, PIA.email);
    expect(failureOf(await perform(connector, REVOKE, pia))).toMatchObject({ kind: 'protected_account' });
  });

  it('is a lost answer like any other when Slack breaks off', async () => {
    const set = await setUp();
    set.slack.faults.add({ target: 'api', method: 'admin.users.session.reset', type: 'lost_answer' });
    expect(failureOf(await perform(set.connector, REVOKE, set.ada)).kind).toBe('unknown_outcome');
    expect((await readBack(set, REVOKE)).verdict).toBe('holds');
    set.slack.faults.add({
      target: 'api',
      method: 'admin.users.session.reset',
      type: 'error',
      error: 'internal_error',
    });
    expect(failureOf(await perform(set.connector, REVOKE, set.ada)).kind).toBe('unknown_outcome');
    const notBegun = 'user_session_reset_failed';
    set.slack.faults.add({ target: 'api', method: 'admin.users.session.reset', type: 'error', error: notBegun });
    expect(failureOf(await perform(set.connector, REVOKE, set.ada)).kind).toBe('transient');
  });
});

describe('plans and licences', () => {
  it('below Enterprise sessions and roles are manual steps, and deactivation still works', async () => {
    const { connector, ada, slack } = await setUp('business_plus');
    expect(connector.capabilities.revoke_sessions.route).toBe('console');
    expect(connector.events).toBeNull();
    expect(connector.consoleSteps(REVOKE, ada)[0]?.clicks.join(' ')).toContain(ADA.email);
    valueOf(await perform(connector, DISABLE, ada));
    expect(slack.state().users.find(({ id }) => id === ADA.id)?.deleted).toBe(true);
  });

  it('a plan that is smaller than the setting says is told as a licence', async () => {
    const { connector, ada, slack } = await setUp();
    slack.administer({ do: 'plan', plan: 'pro' });
    expect(failureOf(await perform(connector, REVOKE, ada)).kind).toBe('licence');
    expect(failureOf(await perform(connector, DISABLE, ada)).kind).toBe('licence');
    const findings = await connector.examine(null, call());
    const verdict = (subject: string) => findings.find((finding) => finding.subject === subject)?.verdict;
    expect([verdict('revoke_sessions'), verdict('disable_account'), verdict('remove_admin_roles')]).toEqual([
      'unlicensed',
      'unlicensed',
      'unlicensed',
    ]);
    expect([verdict('events'), verdict('evidence')]).toEqual(['unlicensed', 'ok']);
    slack.administer({ do: 'plan', plan: 'free' });
    expect((await connector.examine(null, call())).find(({ subject }) => subject === 'evidence')?.verdict).toBe(
      'unlicensed',
    );
  });
});

describe('roles', () => {
  it('an owner is put back as an owner, and never taken further down', async () => {
    const set = await setUp();
    const { connector, ada, slack } = set;
    slack.administer({ do: 'role', user: ADA.id, role: 'owner', by: PIA.id });
    const before = valueOf(await connector.capture(UNROLE, ada, call()));
    expect(before).toEqual({ role: 'owner' });
    valueOf(await perform(connector, UNROLE, ada));
    expect((await readBack(set, UNROLE)).verdict).toBe('holds');
    expect(valueOf(await connector.restore(UNROLE, ada, before, call())).alreadyDone).toBe(false);
    expect((await readBack(set, UNROLE)).observed).toContain('Workspace Owner');
    expect(valueOf(await connector.restore(UNROLE, ada, { role: 'admin' }, call())).alreadyDone).toBe(true);
    expect(valueOf(await connector.capture(UNROLE, ada, call()))).toEqual(before);
    expect(failureOf(await connector.restore(UNROLE, ada, { role: 'emperor' }, call())).kind).toBe('invalid_input');
  });

  it('leaves a guest a guest: Slack would make a full member of them', async () => {
    const { connector, ada, slack } = await setUp();
    expect(valueOf(await perform(connector, UNROLE, ada)).alreadyDone).toBe(true);
    expect(slack.journal().filter(({ name }) => name === 'admin.users.setRegular')).toEqual([]);
  });
});

describe('who may be acted on', () => {
  it('never deactivates the account that its own token belongs to', async () => {
    const { connector, slack } = await setUp();
    const ola = await find(connector, OLA.email);
    expect(failureOf(await perform(connector, DISABLE, ola)).kind).toBe('protected_account');
    expect(slack.state().users.find(({ id }) => id === OLA.id)?.deleted).toBe(false);
    expect(valueOf(await connector.readState(ola, call())).protectedBecause).toMatch(/token belongs to/);
  });

  it('says what an administrator’s token cannot do to an owner', async () => {
    const { connector, ada, slack } = await setUp();
    slack.administer({ do: 'role', user: ADA.id, role: 'owner', by: PIA.id });
    slack.administer({ do: 'role', user: OLA.id, role: 'admin', by: PIA.id });
    expect(valueOf(await connector.readState(ada, call())).protectedBecause).toMatch(/is an owner/);
    expect(failureOf(await perform(connector, DISABLE, ada)).kind).toBe('protected_account');
    slack.administer({ do: 'role', user: OLA.id, role: 'member', by: PIA.id });
    expect(failureOf(await perform(connector, DISABLE, ada))).toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('no administrator any more'),
    });
    const findings = await connector.examine(null, call());
    expect(findings.find(({ subject }) => subject === 'disable_account')?.verdict).toBe('misconfigured');
  });

  it('finds a deactivated person too, and two people for two addresses are asked about', async () => {
    const { connector, ada } = await setUp();
    valueOf(await perform(connector, DISABLE, ada));
    const again = await find(connector, ADA.email);
    expect(again).toEqual(ada);
    expect(valueOf(await connector.readState(again, call()))).toMatchObject({ enabled: false, adminRoles: null });
    const both = { emails: [ADA.email, OLA.email], employeeId: null };
    const ola = await find(connector, OLA.email);
    expect(failureOf(await connector.find(both, call()))).toMatchObject({
      kind: 'ambiguous',
      candidates: [ada, ola].map(({ login, accountId }) => `${login} (${accountId})`),
    });
  });

  it('tells where people sign in, when Slack or the settings do', async () => {
    const { connector, ada, slack, runtime } = await setUp();
    expect(valueOf(await connector.readState(ada, call())).authority).toEqual({ where: 'here' });
    const through = connect(slack, runtime, { sign_in_through: 'okta' });
    expect(valueOf(await through.readState(ada, call())).authority).toEqual({ where: 'federated', from: 'okta' });
    slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES.filter((one) => one !== 'team:read') });
    expect(valueOf(await connector.readState(ada, call())).authority).toBeNull();
  });
});

describe('one missing scope at a time', () => {
  it.each([
    ['admin', ['evidence', 'disable_account', 'enable_account']],
    ['admin.users:read', ['revoke_sessions']],
    ['admin.users:write', ['revoke_sessions', 'remove_admin_roles']],
    ['auditlogs:read', ['events']],
    ['users:read.email', ['find']],
  ])('%s', async (missing, expected) => {
    const { connector, slack } = await setUp();
    slack.administer({ do: 'scopes', token: TOKEN, scopes: SCOPES.filter((one) => one !== missing) });
    const findings = await connector.examine(null, call());
    const bad = findings.filter(({ verdict }) => verdict === 'missing_permission');
    expect(bad.map(({ subject }) => subject)).toEqual(expected);
    for (const { detail, fix } of bad) expect(`${detail} ${fix}`).toMatch(/scope|lacks|Add/);
    expect(findings.filter(({ verdict }) => verdict === 'ok').length).toBeGreaterThan(3);
  });

  it('a withdrawn token is told as such', async () => {
    const { connector, slack } = await setUp();
    slack.administer({ do: 'scopes', token: TOKEN, scopes: null });
    const findings = await connector.examine(null, call());
    expect(findings.find(({ subject }) => subject === 'sign_in')).toMatchObject({ verdict: 'misconfigured' });
    expect(findings.find(({ subject }) => subject === 'reach')).toMatchObject({ verdict: 'ok' });
  });
});

describe('evidence', () => {
  it('holds what an intruder left, and the anomalies point at it', async () => {
    const { connector, ada, slack, runtime } = await setUp();
    for (const days_ago of [60, 30, 15]) slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME, days_ago });
    intrude(slack, ADA.id);
    slack.administer({ do: 'role', user: ADA.id, role: 'admin', by: PIA.id });
    const evidence = await connector.evidence(ada, call());
    const signIns = await items(connector, ada, 'sign_ins');
    expect(signIns[0]).toMatchObject({ ip: '198.51.100.23', place: 'NG, Lagos', device: 'python-requests/2.31' });
    expect(signIns.filter(({ succeeded }) => succeeded === false)).toHaveLength(1);
    expect(await items(connector, ada, 'grants')).toMatchObject([
      { title: 'App Export helper', detail: 'scopes channels:history,files:read' },
    ]);
    expect((await items(connector, ada, 'sessions')).map(({ ip }) => ip)).toContain('198.51.100.23');
    expect(await items(connector, ada, 'groups')).toMatchObject([{ title: 'Crew' }]);
    expect(await items(connector, ada, 'roles')).toMatchObject([{ title: 'Workspace Admin' }]);
    expect(await items(connector, ada, 'changes')).toMatchObject([{ title: 'role change to admin', by: PIA.email }]);
    const found = findAnomalies([{ system: 'slack', evidence }], { opened: runtime.now(), logins: [ADA.email] });
    expect(found.map(({ section, why }) => `${section} ${why}`)).toEqual([
      'sign_ins anomaly.new_country',
      'grants anomaly.recent_grant',
      'changes anomaly.changed_by_other',
      'sign_ins anomaly.new_country',
    ]);
  });

  it('an app that was removed since is no grant any more', async () => {
    const { connector, ada, slack } = await setUp();
    intrude(slack, ADA.id);
    const snapshot = slack.snapshot();
    const [added] = snapshot.office.integrations;
    if (added === undefined) throw new Error('no app was added');
    const removed = { ...added, date: String(Number(added.date) + 5), change_type: 'removed' as const };
    slack.restore({ ...snapshot, office: { ...snapshot.office, integrations: [added, removed] } });
    expect(await items(connector, ada, 'grants')).toEqual([]);
  });

  it('reads the access log page by page, and says when it stopped', async () => {
    const { slack, ada, runtime, connector } = await setUp('business_plus', { access_log_pages: 2 });
    const snapshot = slack.snapshot();
    const [row] = snapshot.office.access;
    if (row === undefined) throw new Error('no access was logged');
    const others = Array.from({ length: 2500 }, (_, index) => ({
      ...row,
      user_id: OLA.id,
      date_last: row.date_last + 100 + index,
    }));
    slack.restore({ ...snapshot, office: { ...snapshot.office, access: [row, ...others] } });
    const cut = (await connector.evidence(ada, call())).sign_ins;
    expect(cut).toEqual({ items: [], complete: false });
    const patient = connect(slack, runtime, { plan: 'business_plus', access_log_pages: 3 });
    expect((await patient.evidence(ada, call())).sign_ins).toMatchObject({ complete: true, items: [{}, {}] });
  });

  it('below Enterprise keeps what there is and says why the rest is missing', async () => {
    const { connector, ada } = await setUp('business_plus');
    const evidence = await connector.evidence(ada, call());
    expect(evidence.sessions).toMatchObject({ unavailable: { kind: 'licence' } });
    expect(evidence.changes).toMatchObject({ unavailable: { kind: 'licence' } });
    expect(evidence.sign_ins).toMatchObject({ items: [{ succeeded: true }, { succeeded: true }] });
    expect(evidence.factors).toEqual({ items: [], complete: true });
  });
});

describe('events', () => {
  it('tells of sign-ins and of resets by Slack, each once, and goes on where it stopped', async () => {
    const { connector, slack, runtime } = await setUp();
    const { events } = connector;
    if (events === null) throw new Error('no events');
    const first = valueOf(await events.poll(null, call()));
    expect(first.events).toEqual([]);
    runtime.advance(60_000);
    intrude(slack, ADA.id);
    slack.administer({ do: 'reset_password', user: ADA.id, by: PIA.id });
    const second = valueOf(await events.poll(first.cursor, call()));
    expect(second.events.map(({ kind, login, ip, actor }) => ({ kind, login, ip, actor }))).toEqual([
      { kind: 'password_reset', login: ADA.email, ip: '127.0.0.1', actor: PIA.email },
      { kind: 'sign_in', login: ADA.email, ip: '198.51.100.23', actor: ADA.email },
    ]);
    runtime.advance(600_000);
    // The overlap returns what was told before, under the same ids.
    const third = valueOf(await events.poll(second.cursor, call()));
    expect(third.events).toEqual(second.events);
    expect(valueOf(await events.poll(third.cursor, call())).events).toEqual([]);
    expect(failureOf(await events.poll('{', call())).kind).toBe('invalid_input');
  });

  it('catches up after a long outage, and keeps the cursor when Slack fails', async () => {
    const { connector, slack, runtime } = await setUp();
    const { events } = connector;
    if (events === null) throw new Error('no events');
    const first = valueOf(await events.poll(null, call()));
    for (let day = 0; day < 8; day += 1) {
      runtime.advance(86_400_000);
      slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME });
    }
    const logins: string[] = [];
    let { cursor } = first;
    slack.faults.add({ target: 'api', method: 'audit GET logs', type: 'http_500' });
    expect(failureOf(await events.poll(cursor, call())).kind).toBe('transient');
    for (let polls = 0; polls < 3; polls += 1) {
      const next = valueOf(await events.poll(cursor, call()));
      logins.push(...next.events.map(({ eventId }) => eventId));
      ({ cursor } = next);
    }
    expect(new Set(logins).size).toBe(8);
  });
});

describe('what Slack says is never trusted', () => {
  let server: Server | undefined;
  afterEach(async () => {
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    server = undefined;
  });

  async function nonsense(answer: () => { status: number; body: string }): Promise<string> {
    server = createServer((request, response) => {
      request.resume();
      const { status, body } = answer();
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  it('any body gives a value or a classified failure, and no text holds the token', async () => {
    let current = { status: 200, body: '' };
    const url = await nonsense(() => current);
    const connector = connect({ apiUrl: url, scimUrl: url, auditUrl: url }, playedRuntime(), {});
    const account: AccountRef = { system: 'slack', accountId: 'U1', login: ADA.email };
    const half = fc.constantFrom(
      { ok: true },
      { ok: true, user: { id: 'U1' } },
      { ok: true, user_id: 'U2', team_id: 'T1' },
      {
        ok: true,
        user: { id: 'U1' },
        user_id: 'U2',
        team_id: 'T1',
        active_sessions: [{ session_id: 1 }],
        logins: [null],
      },
      { ok: true, logs: [{ date: 'x' }], entries: [{}], Resources: [{ id: 7 }], user: 3 },
      { ok: false, error: `bad ${TOKEN}` },
      { Errors: { description: `because ${TOKEN}`, code: 403 } },
    );
    const body = fc.oneof(
      half.map((one) => JSON.stringify(one)),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 201, 204, 400, 401, 403, 404, 409, 418), async (text, status) => {
        current = { status, body: status === 204 ? '' : text };
        const said = JSON.stringify([
          await connector.find({ emails: [ADA.email], employeeId: null }, call()),
          await connector.readState(account, call()),
          await perform(connector, DISABLE, account),
          await perform(connector, REVOKE, account),
          await connector.readBack(REVOKE, account, new Date(0), call()),
          await connector.capture(UNROLE, account, call()),
          await connector.restore(UNROLE, account, { role: 'admin' }, call()),
          await connector.evidence(account, call()),
          await connector.examine(account, call()),
          await connector.health(call()),
          await connector.events?.poll(null, call()),
        ]);
        expect(said).not.toContain(TOKEN);
      }),
      { numRuns: 60 },
    );
  }, 240_000);
});

describe('settings', () => {
  it('take https and Slack’s own addresses by default, and no key they do not know', () => {
    const settings = slackWorkspaceSettings.parse({ token: 'xoxp-1', plan: 'enterprise' });
    expect(settings).toMatchObject({
      api_base_url: 'https://slack.com/api',
      scim_base_url: 'https://api.slack.com/scim/v2',
      audit_base_url: 'https://api.slack.com/audit/v1',
      audit_token: null,
      team_id: null,
    });
    expect(JSON.stringify(settings)).not.toContain('xoxp');
    expect(slackWorkspaceSettings.safeParse({ token: 'x', plan: 'free' }).success).toBe(false);
    expect(slackWorkspaceSettings.safeParse({ token: 'x', plan: 'enterprise', tokn: 'y' }).success).toBe(false);
    expect(
      slackWorkspaceSettings.safeParse({ token: 'x', plan: 'enterprise', api_base_url: 'http://slack.com' }).success,
    ).toBe(false);
  });

  it('a token of its own reads the audit logs', async () => {
    const { slack, runtime, ada } = await setUp();
    const broken = connect(slack, runtime, { audit_token: 'xoxp-other' });
    expect((await broken.health(call())).filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      'audit logs (auditlogs:read)',
    ]);
    expect((await broken.evidence(ada, call())).changes).toMatchObject({ unavailable: { kind: 'auth' } });
  });

  it('unreadable audit rows are counted for the log', async () => {
    const { slack, runtime } = await setUp();
    const reports: UnreadableRows[] = [];
    const connector = connect(slack, runtime, {}, { unreadableRows: (report) => reports.push(report) });
    const first = valueOf(await connector.events!.poll(null, call()));
    runtime.advance(1000);
    const snapshot = slack.snapshot();
    const [row] = snapshot.office.audit;
    if (row === undefined) throw new Error('nothing was logged');
    const strange = { ...row, id: 'gone', entity: 'U0GONE', date_create: Math.floor(runtime.now().getTime() / 1000) };
    slack.restore({ ...snapshot, office: { ...snapshot.office, audit: [...snapshot.office.audit, strange] } });
    valueOf(await connector.events!.poll(first.cursor, call()));
    expect(reports).toMatchObject([{ system: 'slack', count: 1 }]);
  });
});
