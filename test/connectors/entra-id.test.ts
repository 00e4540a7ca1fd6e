import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EntraIdDirectory, EntraIdDirectoryOptions } from 'identity-sandbox/entra-id';
import { entraIdSettings } from '../../src/connectors/entra-id/settings.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type Command,
  type Connector,
  type ConnectorFailure,
  type Finding,
} from '../../src/ports/connector.js';
import type { Result } from '../../src/platform/result.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import {
  ADA,
  BLOCKED,
  call,
  CLIENT,
  connect,
  FEDERATED,
  GROUPS,
  playedRuntime,
  ROOT,
  settingsFor,
  startDirectory,
  SYNCED,
} from './entra-id-subject.js';
import { selfSigned } from './self-signed.js';

const NEW_PASSWORD = 'Brand-New-Passw0rd';
const RESET: Command = { kind: 'reset_password', password: new Secret(NEW_PASSWORD) };
const DISABLE: Command = { kind: 'disable_account' };
const CONFIRM: Command = { kind: 'confirm_compromised' };
const BLOCK: Command = { kind: 'block_address', ranges: ['198.51.100.66/32'] };
const AUDIT = 'AuditLog.Read.All';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Stage {
  readonly directory: EntraIdDirectory;
  readonly connector: Connector;
}

async function stage(
  runtime: Runtime = systemRuntime(),
  options: Partial<EntraIdDirectoryOptions> = {},
  settings: Record<string, unknown> = {},
): Promise<Stage> {
  const directory = await startDirectory(() => runtime.now(), options);
  open.push(directory);
  return { directory, connector: connect(directory.url, runtime, settings) };
}

function value<T>(result: Result<T, ConnectorFailure>): T {
  if (result.ok) return result.value;
  throw new Error(`expected a value, got ${result.error.kind}: ${result.error.message}`);
}
function failure<T>(result: Result<T, ConnectorFailure>): ConnectorFailure {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
}
const find = async ({ connector }: Stage, email: string): Promise<AccountRef> =>
  value(await connector.find({ emails: [email], employeeId: null }, call()));
const finding = (findings: readonly Finding[], subject: Finding['subject']): Finding | undefined =>
  findings.find((one) => one.subject === subject);

describe('signing in with a certificate', () => {
  it.each(['PS256', 'RS256'])('is taken, signed with %s', async (algorithm) => {
    const { certificate, privateKey } = selfSigned();
    const oneLine = privateKey.replaceAll('\n', '\\n');
    const settings = { client_secret: null, certificate, private_key: oneLine, assertion_algorithm: algorithm };
    const on = await stage(systemRuntime(), { certificate }, settings);
    expect((await find(on, ADA)).login).toBe(ADA);
  });

  it('is refused with another key than the uploaded one, and says what to do without quoting it', async () => {
    const { certificate, privateKey } = selfSigned();
    const settings = { client_secret: null, certificate, private_key: privateKey };
    const { connector } = await stage(systemRuntime(), { certificate: selfSigned().certificate }, settings);
    const refused = failure(await connector.find({ emails: [ADA], employeeId: null }, call()));
    expect(refused).toMatchObject({ kind: 'auth' });
    expect(refused.message).toContain('AADSTS700027');
    expect(refused.message).not.toMatch(/BEGIN|eyJ/);
  });

  it('wants one way of signing in, and readable PEM', () => {
    const { certificate, privateKey } = selfSigned();
    const problems = (more: Record<string, unknown>): string =>
      JSON.stringify(entraIdSettings.safeParse(settingsFor('http://127.0.0.1:1', more)).error?.issues ?? []);
    expect(problems({})).toBe('[]');
    expect(problems({ client_secret: null })).toContain('Give either client_secret');
    expect(problems({ certificate, private_key: privateKey })).toContain('Give either client_secret');
    expect(problems({ client_secret: null, certificate })).toContain('together');
    const broken = problems({ client_secret: null, certificate, private_key: 'nonsense-key-text' });
    expect(broken).toContain('no private key');
    expect(broken).not.toContain('nonsense-key-text');
    expect(problems({ per_user_mfa: true })).toContain('Choose one');
    expect(problems({ surprise: true })).toContain('surprise');
  });

  it('renews a token that is no longer taken, and repeats the call once', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    on.directory.expireTokens();
    expect(value(await on.connector.perform(DISABLE, account, call())).alreadyDone).toBe(false);
    const tokens = on.directory.calls().filter(({ path }) => path.endsWith('/token'));
    expect(tokens).toHaveLength(2);
  });
});

describe('accounts that are decided elsewhere', () => {
  it('knows a federated account, and that a password opens nothing there', async () => {
    const on = await stage();
    const account = await find(on, FEDERATED);
    const state = value(await on.connector.readState(account, call()));
    expect(state.authority).toEqual({ where: 'federated', from: 'okta' });
    const findings = await on.connector.examine(account, call());
    expect(finding(findings, 'reset_password')).toMatchObject({ verdict: 'blocked' });
    expect(finding(findings, 'reset_password')?.fix).toContain('okta');
    const since = new Date();
    value(await on.connector.perform(RESET, account, call()));
    const read = value(await on.connector.readBack(RESET, account, since, call()));
    expect(read.residual.map(({ what }) => what).join()).toContain('okta');
    expect(read).toMatchObject({
      verdict: 'cannot_tell',
      inPlace: true,
      observed: expect.stringContaining('proves itself at okta, where this password opens nothing'),
    });
    expect(read.residual.map(({ what }) => what).join()).toContain('certificate');
  });

  it('knows a synchronised account, and refuses its password without writeback', async () => {
    const on = await stage();
    const account = await find(on, SYNCED);
    const state = value(await on.connector.readState(account, call()));
    expect(state.authority).toEqual({ where: 'synced', from: 'active_directory' });
    const refused = failure(await on.connector.perform(RESET, account, call()));
    expect(refused.kind).toBe('unsupported');
    expect(refused.message).toContain('Active Directory');
    expect(finding(await on.connector.examine(account, call()), 'reset_password')?.verdict).toBe('blocked');
    value(await on.connector.perform(DISABLE, account, call()));
    const read = value(await on.connector.readBack(DISABLE, account, new Date(0), call()));
    expect(read.verdict).toBe('holds');
    expect(read.residual.map(({ what }) => what).join()).toContain('active_directory');
  });

  it('resets a synchronised password where writeback is on', async () => {
    const on = await stage(systemRuntime(), { writeback: true }, { password_writeback: true });
    const account = await find(on, SYNCED);
    const since = new Date();
    value(await on.connector.perform(RESET, account, call()));
    expect(on.directory.checkPassword(SYNCED, NEW_PASSWORD)).toBe(true);
    expect(value(await on.connector.readBack(RESET, account, since, call()))).toMatchObject({
      verdict: 'cannot_tell',
      inPlace: true,
      observed: expect.stringMatching(/copied from active_directory.*written back/),
    });
    expect(finding(await on.connector.examine(account, call()), 'reset_password')?.verdict).toBe('ok');
  });
});

describe('administrators', () => {
  it('are out of reach, and within reach once the application has the role for it', async () => {
    const on = await stage();
    const account = await find(on, ROOT);
    expect(value(await on.connector.readState(account, call())).adminRoles).toEqual(['Global Administrator']);
    expect(failure(await on.connector.perform(DISABLE, account, call())).kind).toBe('protected_account');
    on.directory.grantRole('Privileged Authentication Administrator', true);
    value(await on.connector.perform(DISABLE, account, call()));
    expect(value(await on.connector.readState(account, call())).protectedBecause).toBeNull();
    expect(on.directory.user(ROOT)?.enabled).toBe(false);
  });

  it('tells a missing permission from a protected account', async () => {
    const on = await stage();
    const account = await find(on, ROOT);
    for (const permission of ['User.EnableDisableAccount.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'])
      on.directory.permit(permission, false);
    const refused = failure(await on.connector.perform(DISABLE, account, call()));
    expect(refused).toMatchObject({ kind: 'permission', missing: 'User.EnableDisableAccount.All' });
  });
});

describe('licences', () => {
  it('keeps all other evidence when the sign-in log is not licensed', async () => {
    const on = await stage();
    on.directory.intrude(ADA, { ip: '198.51.100.66', country: 'DE' });
    on.directory.license('P1', false);
    const account = await find(on, ADA);
    const evidence = await on.connector.evidence(account, call());
    expect(evidence.sign_ins).toMatchObject({ unavailable: { kind: 'licence' } });
    expect('items' in evidence.factors && evidence.factors.items.length).toBe(3);
    expect('items' in evidence.mail_rules && evidence.mail_rules.items.length).toBe(2);
    const findings = await on.connector.examine(null, call());
    expect(finding(findings, 'evidence')?.verdict).toBe('unlicensed');
    expect(finding(findings, 'block_address')?.verdict).toBe('unlicensed');
    expect(failure(await on.connector.perform(BLOCK, account, call())).kind).toBe('licence');
  });

  it('says that risk needs P2', async () => {
    const on = await stage();
    on.directory.license('P2', false);
    const account = await find(on, ADA);
    expect(failure(await on.connector.perform(CONFIRM, account, call())).kind).toBe('licence');
    expect(finding(await on.connector.examine(account, call()), 'confirm_compromised')?.verdict).toBe('unlicensed');
  });
});

describe('what is seen late', () => {
  it('is not claimed before it is seen', async () => {
    const runtime = playedRuntime();
    const on = await stage(runtime);
    const account = await find(on, ADA);
    on.directory.setLag(30_000);
    const since = runtime.now();
    value(await on.connector.perform(RESET, account, call()));
    expect(value(await on.connector.readBack(RESET, account, since, call())).verdict).toBe('does_not_hold');
    runtime.advance(31_000);
    expect(value(await on.connector.readBack(RESET, account, since, call())).verdict).toBe('holds');
  });

  it("does not take an attacker's reset for its own", async () => {
    const runtime = playedRuntime();
    const on = await stage(runtime);
    const account = await find(on, ADA);
    const since = runtime.now();
    runtime.advance(5_000);
    on.directory.resetByAttacker(ADA, 'mallory@contoso.example', '198.51.100.66');
    const read = value(await on.connector.readBack(RESET, account, since, call()));
    expect(read.verdict).toBe('does_not_hold');
    expect(read.observed).toContain('somebody else');
  });
});

describe('evidence', () => {
  it('shows what an attacker left', async () => {
    const on = await stage();
    on.directory.signIn(ADA, { ip: '203.0.113.10', country: 'US', city: 'Redmond', at: new Date(Date.now() - 60_000) });
    on.directory.intrude(ADA, { ip: '198.51.100.66', country: 'DE' });
    const evidence = await on.connector.evidence(await find(on, ADA), call());
    const items = (section: keyof typeof evidence) => {
      const found = evidence[section];
      return 'items' in found ? found.items : [];
    };
    expect(items('sign_ins').map(({ ip, place, succeeded }) => [ip, place, succeeded])).toEqual(
      expect.arrayContaining([
        ['198.51.100.66', 'DE', true],
        ['198.51.100.66', 'DE', false],
        ['203.0.113.10', 'US, Redmond', true],
      ]),
    );
    expect(items('sign_ins').at(-1)?.ip).toBe('203.0.113.10');
    expect(items('factors')[0]).toMatchObject({ title: 'One-time code app' });
    expect(items('grants')[0]).toMatchObject({
      title: 'Consent to Mail Backup Tool',
      detail: 'may: Mail.Read Mail.Send offline_access',
    });
    expect(items('mail_rules').map(({ title }) => title)).toEqual([
      '.: forward to collector@mail.example',
      '..: move to another folder and mark as read',
    ]);
    expect(items('mail_rules')).toMatchObject([
      { givesMailTo: ['collector@mail.example'], hidesMail: false },
      { givesMailTo: [], hidesMail: true },
    ]);
    expect(items('devices')[0]).toMatchObject({ title: 'DESKTOP-7Q2K', device: 'Windows 10.0.22631' });
    expect(items('recovery').map(({ title }) => title)).toEqual(['Phone +1 5550100']);
    expect(items('changes').map(({ title }) => title)).toContain('User registered security info');
    expect(evidence.sessions).toMatchObject({ unavailable: { kind: 'unsupported' } });
  });

  it('is bounded, and says when it was cut', async () => {
    const on = await stage();
    for (let index = 0; index < 130; index += 1)
      on.directory.signIn(ADA, { ip: '203.0.113.10', country: 'US', at: new Date(Date.now() - index * 1000) });
    const { sign_ins: found } = await on.connector.evidence(await find(on, ADA), call());
    expect('items' in found && [found.items.length, found.complete]).toEqual([100, false]);
  });

  it('says that an account without a mailbox has no rules there', async () => {
    const on = await stage(systemRuntime(), { users: [{ email: ADA, name: 'Ada', mailbox: null }] });
    const account = await find(on, ADA);
    expect((await on.connector.evidence(account, call())).mail_rules).toMatchObject({
      unavailable: { kind: 'unsupported' },
    });
    expect(value(await on.connector.readState(account, call())).use).toBeNull();
  });
});

describe('things that an account has several of', () => {
  it('revokes more grants than fit on a page, and makes all of them again', async () => {
    const on = await stage();
    for (let index = 0; index < 120; index += 1) on.directory.consent(ADA, '203.0.113.10', `App ${index}`, 'User.Read');
    const account = await find(on, ADA);
    const command: Command = { kind: 'revoke_grants', items: 'all' };
    const before = value(await on.connector.capture(command, account, call()));
    expect(Object.keys(before)).toHaveLength(120);
    value(await on.connector.perform(command, account, call()));
    expect(on.directory.user(ADA)?.grants).toEqual([]);
    value(await on.connector.restore(command, account, before, call()));
    expect(on.directory.user(ADA)?.grants).toHaveLength(120);
  });

  it('removes the default factor after the others', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    on.directory.addFactor(ADA, '198.51.100.66', { type: 'softwareOathAuthenticationMethod', fields: {} });
    value(await on.connector.perform({ kind: 'remove_factors', items: 'all' }, account, call()));
    expect(on.directory.user(ADA)?.factors).toEqual([]);
  });

  it('says that the default factor stays when it alone was chosen', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    const { factors } = await on.connector.evidence(account, call());
    const chosen = 'items' in factors ? factors.items.find(({ title }) => title.includes('Own phone')) : undefined;
    const command: Command = { kind: 'remove_factors', items: [chosen!.id] };
    expect(failure(await on.connector.perform(command, account, call())).kind).toBe('invalid_input');
    const read = value(await on.connector.readBack(command, account, new Date(), call()));
    expect([read.verdict, read.observed]).toEqual(['does_not_hold', 'Still there: Microsoft Authenticator Own phone.']);
  });

  it('never switches on what was off before', async () => {
    const on = await stage();
    on.directory.addRule(ADA, 'one', { delete: true });
    on.directory.addRule(ADA, 'two', { delete: true });
    const account = await find(on, ADA);
    const { mail_rules: rules } = await on.connector.evidence(account, call());
    const first = 'items' in rules ? rules.items[0]!.id : '';
    value(await on.connector.perform({ kind: 'disable_mail_rules', items: [first] }, account, call()));
    const all: Command = { kind: 'disable_mail_rules', items: 'all' };
    const before = value(await on.connector.capture(all, account, call()));
    value(await on.connector.perform(all, account, call()));
    value(await on.connector.restore(all, account, before, call()));
    expect(on.directory.user(ADA)?.rules.map(({ enabled }) => enabled)).toEqual([false, true]);
  });
});

describe('Conditional Access and Identity Protection', () => {
  it('are called at most once a second', async () => {
    const on = await stage(systemRuntime(), { protectedCallsPerSecond: 1 }, { conditional_access_interval_ms: 1_100 });
    const account = await find(on, ADA);
    value(await on.connector.perform(BLOCK, account, call()));
    expect(value(await on.connector.readBack(BLOCK, account, new Date(), call())).verdict).toBe('holds');
  });

  it('say no wait when they are too busy, so one of our own is told', async () => {
    const on = await stage(playedRuntime(), { protectedCallsPerSecond: 1 });
    const account = await find(on, ADA);
    expect(failure(await on.connector.perform(BLOCK, account, call()))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 5_000,
    });
  });

  it('takes back only the addresses that it added', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    const other: Command = { kind: 'block_address', ranges: ['198.51.100.67/32'] };
    const both: Command = { kind: 'block_address', ranges: ['198.51.100.66', '198.51.100.67'] };
    value(await on.connector.perform(other, account, call()));
    const before = value(await on.connector.capture(both, account, call()));
    expect(before).toEqual({ 'blocked 198.51.100.66/32': false, 'blocked 198.51.100.67/32': true });
    value(await on.connector.perform(both, account, call()));
    value(await on.connector.restore(both, account, before, call()));
    const ranges = on.directory.snapshot().locations[0]?.ipRanges.map(({ cidrAddress }) => cidrAddress);
    expect(ranges).toEqual(['192.0.2.1/32', '198.51.100.67/32']);
  });

  it('keeps both addresses when two incidents block at once', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    const block = (range: string) => on.connector.perform({ kind: 'block_address', ranges: [range] }, account, call());
    for (const outcome of await Promise.all([block('198.51.100.1/32'), block('2001:db8::1/128')])) value(outcome);
    expect(on.directory.snapshot().locations[0]?.ipRanges).toHaveLength(3);
  });

  it('never adds an address to a location that is trusted', async () => {
    const on = await stage(systemRuntime(), {
      locations: [{ id: BLOCKED, name: 'Offices', ranges: ['203.0.113.0/24'], trusted: true }],
    });
    const account = await find(on, ADA);
    const refused = failure(await on.connector.perform(BLOCK, account, call()));
    expect([refused.kind, refused.message.includes('trusted')]).toEqual(['unsupported', true]);
    expect(on.directory.snapshot().locations[0]?.ipRanges).toHaveLength(1);
    expect(finding(await on.connector.examine(null, call()), 'block_address')?.verdict).toBe('misconfigured');
  });

  it('does not clear a risk that was there before', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    const before = { confirmed_compromised: false, risk_level: 'medium' };
    value(await on.connector.perform(CONFIRM, account, call()));
    expect(failure(await on.connector.restore(CONFIRM, account, before, call())).kind).toBe('conflict');
    expect(on.directory.user(ADA)?.risk).toBe('confirmedCompromised');
  });
});

describe('the examination', () => {
  it('names the one permission that is missing, for every action', async () => {
    const on = await stage();
    const least = new Set(ACTION_KINDS.flatMap((kind) => on.connector.capabilities[kind].permissions));
    for (const permission of on.directory.everyPermission)
      if (!least.has(permission)) on.directory.permit(permission, false);
    on.directory.permit(AUDIT, true);
    on.directory.permit('RoleManagement.ReadWrite.Directory', true);
    for (const permission of least) {
      on.directory.permit(permission, false);
      const findings = await on.connector.examine(null, call());
      for (const kind of ACTION_KINDS) {
        const { permissions, route } = on.connector.capabilities[kind];
        const found = finding(findings, kind);
        if (route !== 'native' && route !== 'group') continue;
        // A broader one that is still granted covers a lesser one.
        const expected = permissions.includes(permission) && permission !== 'User.Read.All';
        if (expected) {
          expect([kind, found?.verdict]).toEqual([kind, 'missing_permission']);
          expect(found?.detail).toContain(permission);
          expect(found?.fix).toContain(permission);
        }
      }
      on.directory.permit(permission, true);
    }
  });

  it('finds groups that cannot work', async () => {
    const dynamic = { id: GROUPS.twoStep, name: 'dynamic', dynamic: true };
    const unbound = { id: GROUPS.quarantine, name: 'unbound', policy: false };
    const office = { id: GROUPS.office, name: 'office' };
    const { connector } = await stage(systemRuntime(), { groups: [dynamic, unbound, office] });
    const findings = await connector.examine(null, call());
    expect(finding(findings, 'require_two_step')?.detail).toContain('dynamic membership');
    expect(finding(findings, 'quarantine')?.detail).toContain('No enabled Conditional Access policy');
    expect(finding(findings, 'limit_login_ips')?.verdict).toBe('misconfigured');
    expect((await connector.health(call())).filter(({ ok }) => !ok)).toHaveLength(3);
  });
});

describe('events', () => {
  it("tells an attacker's reset once, with actor and address, and factors", async () => {
    const runtime = playedRuntime();
    const on = await stage(runtime);
    const { cursor } = value(await on.connector.events!.poll(null, call()));
    runtime.advance(60_000);
    on.directory.resetByAttacker(ADA, 'mallory@contoso.example', '198.51.100.66');
    on.directory.addFactor(ADA, '198.51.100.66', { type: 'softwareOathAuthenticationMethod', fields: {} });
    runtime.advance(3_000);
    on.directory.resetByAttacker(ADA, 'mallory@contoso.example', '198.51.100.66');
    runtime.advance(60_000);
    const { events } = value(await on.connector.events!.poll(cursor, call()));
    const told = events.map(({ kind, login, actor, ip }) => [kind, login, actor, ip]);
    const reset = ['password_reset', ADA, 'mallory@contoso.example', '198.51.100.66'];
    expect(told).toHaveLength(3);
    expect(told).toEqual(expect.arrayContaining([reset, ['two_step_changed', ADA, ADA, '198.51.100.66']]));
    expect(told.filter(([kind]) => kind === 'password_reset')).toEqual([reset, reset]);
  });

  it('has the same ids when the overlap begins between the rows of one change', async () => {
    const runtime = playedRuntime();
    const on = await stage(runtime, {}, { poll_overlap_s: 60 });
    const { cursor } = value(await on.connector.events!.poll(null, call()));
    on.directory.resetByAttacker(ADA, 'mallory@contoso.example', '198.51.100.66');
    runtime.advance(1_000);
    const first = value(await on.connector.events!.poll(cursor, call()));
    const later: (typeof first)[] = [];
    for (let step = 0; step < 30; step += 1) {
      runtime.advance(5_000);
      later.push(value(await on.connector.events!.poll((later.at(-1) ?? first).cursor, call())));
    }
    expect(new Set([first, ...later].flatMap(({ events }) => events.map(({ eventId }) => eventId))).size).toBe(1);
  });

  it('tells successful sign-ins when they are wanted', async () => {
    const runtime = playedRuntime();
    const on = await stage(runtime, {}, { sign_in_notices: true });
    const { cursor } = value(await on.connector.events!.poll(null, call()));
    on.directory.signIn(ADA, { ip: '198.51.100.66', country: 'DE', errorCode: 50126 });
    on.directory.signIn(ADA, { ip: '198.51.100.66', country: 'DE' });
    runtime.advance(1_000);
    const { events } = value(await on.connector.events!.poll(cursor, call()));
    expect(events.map(({ kind, ip }) => [kind, ip])).toEqual([['sign_in', '198.51.100.66']]);
  });

  it('says what to do about a cursor that cannot be read', async () => {
    const { connector } = await stage();
    expect(failure(await connector.events!.poll('{', call())).kind).toBe('invalid_input');
  });
});

describe('a next page at another address', () => {
  const listen = async (server: Server): Promise<string> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  };

  it('is not followed: the token stays here', async () => {
    const asked: (string | undefined)[] = [];
    const elsewhere = await listen(
      createServer((request, response) => {
        asked.push(request.headers.authorization);
        response.end('{"value":[]}');
      }),
    );
    const url = await listen(
      createServer((request, response) => {
        response.setHeader('content-type', 'application/json');
        const isToken = request.url?.endsWith('/token') === true;
        const page = { value: [], '@odata.nextLink': `${elsewhere}/v1.0/users?page=2` };
        response.end(JSON.stringify(isToken ? { access_token: 'a.b.c', expires_in: 3599 } : page));
      }),
    );
    const connector = connect(url, systemRuntime());
    expect(failure(await connector.find({ emails: [ADA], employeeId: null }, call())).kind).toBe('transient');
    expect(asked).toEqual([]);
  });
});

describe('secrets', () => {
  it('stand in no text, whatever goes wrong', async () => {
    const on = await stage();
    const account = await find(on, ADA);
    const said: unknown[] = [];
    for (const type of ['throttle', 'http_500', 'drop_after_effect', 'nonsense', 'unauthorized'] as const) {
      on.directory.faults.add({ type, times: 2 });
      said.push(await on.connector.perform(RESET, account, call()));
      on.directory.faults.clear();
    }
    said.push(
      await on.connector.perform({ kind: 'reset_password', password: new Secret('weak-zqz') }, account, call()),
    );
    said.push(await on.connector.examine(account, call()), await on.connector.evidence(account, call()));
    said.push(on.directory.state(), on.directory.calls());
    const all = JSON.stringify(said);
    for (const secret of [NEW_PASSWORD, CLIENT.clientSecret, 'weak-zqz', 'eyJ']) expect(all).not.toContain(secret);
  });
});
