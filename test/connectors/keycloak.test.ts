import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createKeycloakDirectory, type KeycloakDirectory } from 'identity-sandbox/keycloak';
import {
  ACTION_KINDS,
  type AccountRef,
  type Command,
  type Connector,
  type Finding,
} from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { ADA, call, CLIENT, connect, playedRuntime, QUARANTINE, startDirectory } from './keycloak-subject.js';

const TOKEN = 'header.claims-of-an-opaque-token.signature';
/** A server that echoes what it was sent. */
const ECHO = 'echo';
const PASSWORD = 'Quite-Rand0m-zqzqzq';
const reset = (): Command => ({ kind: 'reset_password', password: new Secret(PASSWORD) });

let runtime: ReturnType<typeof playedRuntime>;
let directory: KeycloakDirectory;
let connector: Connector;

beforeEach(async () => {
  runtime = playedRuntime();
  directory = await startDirectory(() => runtime.now());
  connector = connect(directory, runtime);
});
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await directory.close();
});

async function accountOf(email: string, by = connector): Promise<AccountRef> {
  const found = await by.find({ emails: [email], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

async function stateOf(email: string, by = connector) {
  const state = await by.readState(await accountOf(email, by), call());
  if (!state.ok) throw new Error(state.error.message);
  return state.value;
}

async function readBackOf(command: Command, email: string, since: Date) {
  const read = await connector.readBack(command, await accountOf(email), since, call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const about = (findings: readonly Finding[], subject: Finding['subject']): Finding | undefined =>
  findings.find((finding) => finding.subject === subject);

describe('where an account is decided', () => {
  it('tells copies and federated people by the names of the systems behind them', async () => {
    expect((await stateOf('hybrid@example.com')).authority).toEqual({ where: 'synced', from: 'active_directory' });
    expect((await stateOf('broker@example.com')).authority).toEqual({ where: 'federated', from: 'entra' });
    expect((await stateOf(ADA)).authority).toEqual({ where: 'here' });
  });

  it('keeps what Keycloak calls the system when Notme has no name for it', async () => {
    const plain = connect(directory, runtime, { upstream: {} });
    expect((await stateOf('hybrid@example.com', plain)).authority).toEqual({ where: 'synced', from: 'corp-ad' });
  });

  it('gives no password to somebody who signs in elsewhere: it would be a new way in', async () => {
    const result = await connector.perform(reset(), await accountOf('broker@example.com'), call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
    expect(directory.checkPassword('broker@example.com', PASSWORD)).toBe(false);
    const findings = await connector.examine(await accountOf('broker@example.com'), call());
    expect(about(findings, 'reset_password')).toMatchObject({ verdict: 'blocked' });
    expect(about(findings, 'revoke_sessions')).toMatchObject({ verdict: 'ok' });
  });

  it('says that a read-only federation keeps the password', async () => {
    const result = await connector.perform(reset(), await accountOf('hybrid@example.com'), call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'unsupported' } });
  });

  it('proves a reset that went through to a writable federation by the admin log', async () => {
    const other = await startDirectory(() => runtime.now(), { federations: [{ name: 'corp-ad', readOnly: false }] });
    const here = connect(other, runtime);
    const account = await accountOf('hybrid@example.com', here);
    expect((await here.perform(reset(), account, call())).ok).toBe(true);
    const read = await here.readBack(reset(), account, runtime.now(), call());
    expect(read).toMatchObject({ ok: true, value: { verdict: 'holds', state: { passwordChangedAt: null } } });
    other.permit('view-events', false);
    const blind = await here.readBack(reset(), account, runtime.now(), call());
    expect(blind).toMatchObject({ ok: true, value: { verdict: 'cannot_tell' } });
    await other.close();
  });
});

describe('several changes at the same moment', () => {
  it('leave each other alone: none takes away what another demanded', async () => {
    const account = await accountOf(ADA);
    const commands: Command[] = [{ kind: 'require_two_step' }, reset(), { kind: 'disable_account' }];
    const done = await Promise.all(commands.map((command) => connector.perform(command, account, call())));
    expect(done.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(directory.user(ADA)).toMatchObject({ enabled: false, mustChange: true });
    expect([...(directory.user(ADA)?.requiredActions ?? [])].sort()).toEqual(['CONFIGURE_TOTP', 'UPDATE_PASSWORD']);
  });
});

describe('who may not be touched', () => {
  it('is whom fine-grained permissions keep from us', async () => {
    expect((await stateOf('guarded@example.com')).protectedBecause).toMatch(/Fine-grained/);
    const result = await connector.perform({ kind: 'disable_account' }, await accountOf('guarded@example.com'), call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'protected_account' } });
  });

  it('is not whoever lacks nothing but our missing role', async () => {
    directory.permit('manage-users', false);
    directory.permit('view-users', true);
    const here = connect(directory, runtime);
    expect((await stateOf(ADA, here)).protectedBecause).toBeNull();
    expect(await here.perform({ kind: 'disable_account' }, await accountOf(ADA, here), call())).toMatchObject({
      ok: false,
      error: { kind: 'permission', missing: 'realm-management: manage-users' },
    });
  });

  it('sees administrator roles that come through a group', async () => {
    await directory.close();
    directory = await startDirectory(() => runtime.now(), {
      users: [{ email: 'lead@example.com', name: 'Lead', groups: ['/admins'] }],
      groups: [{ path: '/admins', adminRoles: ['realm-admin'] }],
    });
    connector = connect(directory, runtime);
    const state = await stateOf('lead@example.com');
    expect(state.adminRoles).toEqual(['realm-admin']);
    expect(state.protectedBecause).toMatch(/realm-admin/);
    expect(
      (await stateOf('lead@example.com', connect(directory, runtime, { protected_roles: [] }))).protectedBecause,
    ).toBeNull();
  });
});

describe('administrator roles', () => {
  const remove: Command = { kind: 'remove_admin_roles' };

  it('also go when a composite realm role brings them, and come back', async () => {
    await directory.close();
    directory = await startDirectory(() => runtime.now(), {
      users: [{ email: ADA, name: 'Ada', realmRoles: ['support-lead'] }],
    });
    connector = connect(directory, runtime);
    const account = await accountOf(ADA);
    expect((await stateOf(ADA)).adminRoles).toEqual(['query-users', 'view-users']);
    const before = await connector.capture(remove, account, call());
    expect(before).toMatchObject({ ok: true, value: { client_roles: [], realm_roles: ['support-lead'] } });
    if (!before.ok) return;
    expect((await connector.perform(remove, account, call())).ok).toBe(true);
    expect((await stateOf(ADA)).adminRoles).toEqual([]);
    expect((await connector.restore(remove, account, before.value, call())).ok).toBe(true);
    expect((await stateOf(ADA)).adminRoles).toEqual(['query-users', 'view-users']);
  });

  it('that we do not hold ourselves are refused, and said so', async () => {
    directory.grantAdminRole(ADA, 'manage-clients');
    const result = await connector.perform(remove, await accountOf(ADA), call());
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'permission', missing: 'realm-management: manage-clients' },
    });
    expect((await readBackOf(remove, ADA, runtime.now())).verdict).toBe('does_not_hold');
  });

  it('cannot be told without the client, and the doctor says how to mend it', async () => {
    const blind = connect(directory, runtime, { admin_client_uuid: null });
    expect((await stateOf(ADA, blind)).adminRoles).toBeNull();
    const finding = about(await blind.examine(null, call()), 'remove_admin_roles');
    expect(finding).toMatchObject({ verdict: 'missing_permission' });
    expect(finding?.fix).toContain('admin_client_uuid');
    directory.permit('view-clients', true);
    runtime.advance(61_000);
    expect((await stateOf(ADA, blind)).adminRoles).toEqual([]);
  });
});

describe('changes that send the whole account back', () => {
  it('blank nothing', async () => {
    const account = await accountOf(ADA);
    const before = directory.snapshot().users.find(({ email }) => email === ADA);
    for (const kind of ['require_two_step', 'disable_account', 'enable_account'] as const)
      expect((await connector.perform({ kind }, account, call())).ok).toBe(true);
    const after = directory.snapshot().users.find(({ email }) => email === ADA);
    expect(after).toEqual({ ...before, requiredActions: ['CONFIGURE_TOTP'] });
  });

  it('keep other required actions', async () => {
    const account = await accountOf(ADA);
    await connector.perform(reset(), account, call());
    await connector.perform({ kind: 'require_two_step' }, account, call());
    expect(directory.user(ADA)?.requiredActions).toEqual(['UPDATE_PASSWORD', 'CONFIGURE_TOTP']);
    expect(
      (await connector.restore({ kind: 'require_two_step' }, account, { required_action: false }, call())).ok,
    ).toBe(true);
    expect(directory.user(ADA)?.requiredActions).toEqual(['UPDATE_PASSWORD']);
  });

  it('tell a lock of brute-force protection from a disabled account', async () => {
    directory.lock(ADA, 60_000);
    expect(await stateOf(ADA)).toMatchObject({ enabled: true, locked: true });
    expect((await readBackOf({ kind: 'enable_account' }, ADA, runtime.now())).verdict).toBe('does_not_hold');
    runtime.advance(61_000);
    expect(await stateOf(ADA)).toMatchObject({ enabled: true, locked: false });
  });

  it('refuse facts of another action', async () => {
    const result = await connector.restore({ kind: 'quarantine' }, await accountOf(ADA), { enabled: true }, call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'invalid_input' } });
  });
});

describe('what a reset reads back as', () => {
  const since = () => runtime.now();

  it('does not hold when another password was set after it', async () => {
    const begun = since();
    await connector.perform(reset(), await accountOf(ADA), call());
    runtime.advance(60_000);
    directory.resetByAttacker(ADA, 'root@example.com', '198.51.100.66');
    const read = await readBackOf(reset(), ADA, begun);
    expect(read.verdict).not.toBe('holds');
  });

  it('holds when the person has chosen a new one with the temporary one', async () => {
    const begun = since();
    await connector.perform(reset(), await accountOf(ADA), call());
    runtime.advance(60_000);
    directory.resetByAttacker(ADA, ADA, '203.0.113.7');
    expect(await readBackOf(reset(), ADA, begun)).toMatchObject({ verdict: 'holds' });
  });

  it('waits for a lag instead of claiming', async () => {
    directory.setLag(30_000);
    const begun = since();
    const account = await accountOf(ADA);
    await connector.perform({ kind: 'disable_account' }, account, call());
    expect((await readBackOf({ kind: 'disable_account' }, ADA, begun)).verdict).toBe('does_not_hold');
    runtime.advance(31_000);
    expect((await readBackOf({ kind: 'disable_account' }, ADA, begun)).verdict).toBe('holds');
  });
});

describe('sessions, factors and what comes after', () => {
  it('ends offline sessions too, and tells what survives', async () => {
    directory.intrude(ADA, { ip: '198.51.100.66' });
    expect(directory.user(ADA)).toMatchObject({ sessions: 1, offlineSessions: 1 });
    runtime.advance(10_000);
    const begun = runtime.now();
    const account = await accountOf(ADA);
    expect((await readBackOf({ kind: 'revoke_sessions' }, ADA, begun)).verdict).toBe('does_not_hold');
    expect((await connector.perform({ kind: 'revoke_sessions' }, account, call())).ok).toBe(true);
    expect(directory.user(ADA)).toMatchObject({ sessions: 0, offlineSessions: 0 });
    const read = await readBackOf({ kind: 'revoke_sessions' }, ADA, begun);
    expect(read.verdict).toBe('holds');
    expect(read.residual).toContainEqual(expect.objectContaining({ forSeconds: 300 }));
    runtime.advance(10_000);
    directory.signIn(ADA, '203.0.113.7');
    expect(await readBackOf({ kind: 'revoke_sessions' }, ADA, begun)).toMatchObject({
      verdict: 'holds',
      observed: expect.stringContaining('came after'),
    });
  });

  it('takes a factor that was enrolled afterwards for the proof of two steps, not for a leftover', async () => {
    const begun = runtime.now();
    const account = await accountOf(ADA);
    await connector.perform({ kind: 'require_two_step' }, account, call());
    await connector.restore({ kind: 'require_two_step' }, account, { required_action: false }, call());
    expect((await readBackOf({ kind: 'require_two_step' }, ADA, begun)).verdict).toBe('does_not_hold');
    runtime.advance(10_000);
    directory.addFactor(ADA, 'otp', 'Phone');
    expect((await readBackOf({ kind: 'require_two_step' }, ADA, begun)).verdict).toBe('holds');
    expect((await readBackOf({ kind: 'remove_factors', items: 'all' }, ADA, begun)).verdict).toBe('holds');
  });

  it('never removes the password as if it were a factor', async () => {
    const account = await accountOf(ADA);
    directory.addFactor(ADA, 'recovery-authn-codes', 'Codes');
    const stored = directory.snapshot().users.find(({ email }) => email === ADA);
    const all: Command = {
      kind: 'remove_factors',
      items: [`password-${account.accountId}`, stored?.credentials[0]?.id ?? ''],
    };
    expect(await connector.perform(all, account, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(directory.checkPassword(ADA, 'The-0ld-secret')).toBe(true);
  });
});

describe('evidence', () => {
  it('shows what an attacker left, newest first', async () => {
    directory.signIn(ADA, '203.0.113.7');
    runtime.advance(3_600_000);
    directory.intrude(ADA, { ip: '198.51.100.66' });
    runtime.advance(1000);
    directory.resetByAttacker(ADA, 'root@example.com', '198.51.100.66');
    const evidence = await connector.evidence(await accountOf(ADA), call());
    expect(evidence.sign_ins).toMatchObject({
      complete: true,
      items: [
        expect.objectContaining({ ip: '198.51.100.66' }),
        expect.objectContaining({ ip: '198.51.100.66' }),
        expect.objectContaining({ ip: '203.0.113.7', succeeded: true }),
      ],
    });
    expect(evidence.factors).toMatchObject({ items: [{ title: 'otp: New phone' }] });
    expect(evidence.grants).toMatchObject({ items: [{ id: 'wiki' }, { id: 'mail-client' }] });
    expect(evidence.changes).toMatchObject({
      items: [{ title: 'ACTION reset-password', ip: '198.51.100.66' }, {}, {}, {}],
    });
    expect(evidence.recovery).toMatchObject({ items: [{ title: `"Forgot password" goes to ${ADA}` }] });
  });

  it('says so when the realm keeps no events', async () => {
    await directory.close();
    directory = await startDirectory(() => runtime.now(), { eventsEnabled: false, adminEventsEnabled: false });
    connector = connect(directory, runtime);
    const { sign_ins } = await connector.evidence(await accountOf(ADA), call());
    expect(sign_ins).toMatchObject({ unavailable: { kind: 'unsupported' } });
    const finding = about(await connector.examine(null, call()), 'events');
    expect(finding).toMatchObject({
      verdict: 'misconfigured',
      fix: expect.stringContaining('Realm settings | Events'),
    });
  });
});

describe('events', () => {
  const poll = async (cursor: string | null) => {
    const polled = await connector.events?.poll(cursor, call());
    if (polled?.ok !== true) throw new Error('the poll failed');
    return polled.value;
  };

  it('tell who did it from where, across more than one page, and nothing twice', async () => {
    const { cursor } = await poll(null);
    for (let index = 0; index < 130; index += 1) {
      runtime.advance(10);
      directory.signIn('guarded@example.com', '203.0.113.7');
    }
    directory.intrude(ADA, { ip: '198.51.100.66' });
    directory.resetByAttacker(ADA, 'root@example.com', '198.51.100.66');
    runtime.advance(1000);
    const news = await poll(cursor);
    expect(news.events.filter(({ kind }) => kind === 'sign_in')).toHaveLength(131);
    const hers = news.events
      .filter(({ login }) => login === ADA)
      .map(({ kind, actor, ip }) => `${kind} ${actor} ${ip}`);
    expect(hers.toSorted()).toEqual([
      `password_reset root@example.com 198.51.100.66`,
      `sign_in ${ADA} 198.51.100.66`,
      `two_step_changed ${ADA} 198.51.100.66`,
    ]);
    const seen = new Set(news.events.map(({ eventId }) => eventId));
    runtime.advance(1000);
    expect((await poll(news.cursor)).events.filter(({ eventId }) => !seen.has(eventId))).toEqual([]);
  });

  it('refuse a cursor that is not theirs', async () => {
    expect(await connector.events?.poll('nonsense', call())).toMatchObject({
      ok: false,
      error: { kind: 'invalid_input' },
    });
  });
});

describe('the doctor', () => {
  it('names a switched-off required action and a group that is not there', async () => {
    await directory.close();
    directory = await startDirectory(() => runtime.now(), { disabledActions: ['CONFIGURE_TOTP'] });
    connector = connect(directory, runtime, { quarantine_group: '/elsewhere' });
    const findings = await connector.examine(null, call());
    expect(about(findings, 'require_two_step')).toMatchObject({ verdict: 'misconfigured' });
    expect(about(findings, 'quarantine')).toMatchObject({
      verdict: 'misconfigured',
      fix: expect.stringContaining('/elsewhere'),
    });
  });

  it.each(['manage-users', 'view-events'])('finds out that %s is missing', async (role) => {
    directory.permit(role, false);
    const missing = (await connector.examine(null, call())).filter(({ verdict }) => verdict === 'missing_permission');
    expect(missing.length).toBeGreaterThan(0);
    for (const { fix } of missing) expect(fix).toContain(role);
  });

  it('uses today’s roles, not those of an old token', async () => {
    expect(about(await connector.examine(null, call()), 'disable_account')).toMatchObject({ verdict: 'ok' });
    directory.permit('manage-users', false);
    expect(about(await connector.examine(null, call()), 'disable_account')).toMatchObject({
      verdict: 'missing_permission',
    });
  });
});

describe('the wire', () => {
  it('renews a token that ran out in between', async () => {
    const account = await accountOf(ADA);
    directory.expireTokens();
    expect((await connector.perform({ kind: 'disable_account' }, account, call())).ok).toBe(true);
  });

  it('keeps state across a restart', async () => {
    await connector.perform({ kind: 'quarantine' }, await accountOf(ADA), call());
    const snapshot = directory.snapshot();
    const again = await createKeycloakDirectory({
      ...CLIENT,
      realm: 'staff',
      clock: () => runtime.now(),
      users: [],
      snapshot,
    });
    expect(again.user(ADA)?.groups).toContain(QUARANTINE);
    await again.close();
  });

  it('answers unknown routes, methods and realms as Keycloak does', async () => {
    const status = async (path: string, init?: RequestInit): Promise<number> =>
      (await fetch(`${directory.url}${path}`, init)).status;
    expect(await status('/admin/realms/staff/users')).toBe(401);
    expect(await status('/admin/realms/staff/nothing')).toBe(401);
    expect(await status('/realms/other/protocol/openid-connect/token', { method: 'POST' })).toBe(404);
    expect(await status('/elsewhere')).toBe(404);
  });

  it('takes any answer without throwing, and never tells a secret', async () => {
    let body = '';
    let status = 200;
    const server = createServer((request, response) => {
      const isToken = request.url?.endsWith('/token') === true;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const echo = `${Buffer.concat(chunks).toString()} ${request.headers.authorization ?? ''}`;
        const echoed = JSON.stringify({ error: echo, error_description: echo });
        response.writeHead(isToken ? 200 : status, { 'content-type': 'application/json' });
        response.end(isToken ? `{"access_token":"${TOKEN}","expires_in":300}` : body === ECHO ? echoed : body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const here = connect({ ...directory, url: `http://127.0.0.1:${address.port}` }, runtime);
    const account: AccountRef = { system: 'keycloak', accountId: 'x', login: ADA };
    const any = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constant(ECHO),
      fc
        .record({ id: fc.string(), username: fc.anything(), enabled: fc.anything(), requiredActions: fc.anything() })
        .map((value) => JSON.stringify(value)),
      fc
        .array(fc.record({ id: fc.anything(), time: fc.double(), type: fc.string() }))
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(
        any,
        fc.constantFrom(200, 204, 302, 400, 401, 403, 404, 409, 418, 429, 500, 503),
        async (text, code) => {
          body = code === 204 ? '' : text;
          status = code;
          const said = [
            await here.find({ emails: [ADA], employeeId: '1' }, call()),
            await here.readState(account, call()),
            await here.perform(reset(), account, call()),
            await here.readBack(reset(), account, runtime.now(), call()),
            await here.capture({ kind: 'remove_admin_roles' }, account, call()),
            await here.restore({ kind: 'disable_account' }, account, { enabled: true }, call()),
            await here.evidence(account, call()),
            await here.examine(account, call()),
            await here.health(call()),
            await here.events?.poll(null, call()),
          ];
          expect(JSON.stringify(said)).not.toContain(PASSWORD);
          expect(JSON.stringify(said)).not.toContain(TOKEN);
        },
      ),
      { numRuns: 60 },
    );
  }, 240_000);
});

it('has exact steps for what is left to a person, and none for what it does itself', async () => {
  const account = await accountOf(ADA);
  for (const kind of ACTION_KINDS) {
    const { route } = connector.capabilities[kind];
    const command: Command =
      kind === 'reset_password'
        ? reset()
        : kind === 'limit_login_ips' || kind === 'block_address'
          ? { kind, ranges: ['198.51.100.66/32'] }
          : kind === 'remove_factors' ||
              kind === 'unlink_identity_providers' ||
              kind === 'delete_app_passwords' ||
              kind === 'revoke_grants' ||
              kind === 'disable_mail_rules' ||
              kind === 'block_devices'
            ? { kind, items: 'all' }
            : { kind };
    expect(connector.consoleSteps(command, account).length > 0).toBe(route === 'console');
  }
});
