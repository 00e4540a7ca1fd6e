import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connector, ConnectorFailure, Finding } from '../../src/ports/connector.js';
import type { Result } from '../../src/platform/result.js';
import { Secret } from '../../src/platform/secret.js';
import type { OktaDirectory, OktaDirectoryOptions } from 'identity-sandbox/okta';
import {
  ADA,
  BOB,
  call,
  CLIENT_ID,
  connectApp,
  connectToken,
  GROUPS,
  KEYS,
  OWNER,
  playedRuntime,
  refOf,
  startDirectory,
  TWO_STEP,
} from './okta-subject.js';

const reset = { kind: 'reset_password', password: new Secret('Chosen-Passw0rd-zq') } as const;
const disable = { kind: 'disable_account' } as const;
const ATTACKER = { ip: '198.51.100.66', country: 'Brazil' };

let directory: OktaDirectory;
afterEach(() => directory.close());

async function start(more: Record<string, unknown> = GROUPS, options: Partial<OktaDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  directory = await startDirectory(() => runtime.now(), options);
  return { runtime, okta: connectApp(directory.url, runtime, more) };
}

function valueOf<T>(result: Result<T, ConnectorFailure>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.kind}: ${result.error.message}`);
}

const failureOf = <T>(result: Result<T, ConnectorFailure>): ConnectorFailure => {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
};

async function findingsOf(okta: Connector, email: string | null): Promise<ReadonlyMap<string, Finding>> {
  const account = email === null ? null : await refOf(okta, email);
  return new Map((await okta.examine(account, call())).map((finding) => [finding.subject, finding]));
}

describe('suspending in Okta', () => {
  it.each(['LOCKED_OUT', 'PASSWORD_EXPIRED', 'RECOVERY'] as const)(
    'does not take "cannot suspend a user that is not active" for success when the status is %s',
    async (status) => {
      const { okta, runtime } = await start();
      const ada = await refOf(okta, ADA);
      directory.setStatus(ADA, status);
      expect(valueOf(await okta.perform(disable, ada, call())).alreadyDone).toBe(false);
      expect(directory.user(ADA)?.status).toBe('SUSPENDED');
      expect(valueOf(await okta.readBack(disable, ada, runtime.now(), call())).verdict).toBe('holds');
      expect(valueOf(await okta.perform(disable, ada, call())).alreadyDone).toBe(true);
    },
  );

  it('replaces the password by one that no rule about names can refuse, whatever chance makes of it', async () => {
    const adaa = Buffer.from('adaa'.repeat(10), 'base64url');
    const runtime = { ...playedRuntime(), randomBytes: (size: number) => adaa.subarray(0, size) };
    directory = await startDirectory(() => runtime.now());
    const okta = connectApp(directory.url, runtime);
    const ada = await refOf(okta, ADA);
    directory.setStatus(ADA, 'PASSWORD_EXPIRED');
    valueOf(await okta.perform(disable, ada, call()));
    expect(directory.user(ADA)?.status).toBe('SUSPENDED');
  });

  it('leaves an account that was never activated to a person, and says so', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    directory.setStatus(ADA, 'PROVISIONED');
    expect(failureOf(await okta.perform(disable, ada, call())).kind).toBe('conflict');
  });

  it('undoes to a status that is as strict as before', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    valueOf(await okta.perform(reset, ada, call()));
    const before = valueOf(await okta.capture(disable, ada, call()));
    expect(before).toEqual({ status: 'PASSWORD_EXPIRED' });
    valueOf(await okta.perform(disable, ada, call()));
    expect(directory.checkPassword(ADA, 'Chosen-Passw0rd-zq')).toBe(false);
    valueOf(await okta.restore(disable, ada, before, call()));
    expect(directory.user(ADA)?.status).toBe('PASSWORD_EXPIRED');
  });

  it('never opens an account that was locked when it was disabled', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    directory.setStatus(ADA, 'SUSPENDED');
    const undone = await okta.restore(disable, ada, { status: 'LOCKED_OUT' }, call());
    expect(failureOf(undone).kind).toBe('unsupported');
    expect(directory.user(ADA)?.status).toBe('SUSPENDED');
  });
});

describe('resetting a password in Okta', () => {
  it('unlocks a locked account by the way, and leaves a suspended one alone', async () => {
    const { okta, runtime } = await start();
    const ada = await refOf(okta, ADA);
    directory.setStatus(ADA, 'LOCKED_OUT');
    valueOf(await okta.perform(reset, ada, call()));
    expect(valueOf(await okta.readBack(reset, ada, runtime.now(), call())).verdict).toBe('holds');
    directory.setStatus(ADA, 'SUSPENDED');
    expect(failureOf(await okta.perform(reset, ada, call())).message).toContain('enable the account first');
  });

  it('is not done while a new password is not demanded', async () => {
    const { okta, runtime } = await start();
    const ada = await refOf(okta, ADA);
    const path = `/api/v1/users/${ada.accountId}/lifecycle/expire_password`;
    directory.faults.add({ type: 'http_500', path, times: 1 });
    expect(failureOf(await okta.perform(reset, ada, call())).kind).toBe('unknown_outcome');
    const half = valueOf(await okta.readBack(reset, ada, runtime.now(), call()));
    expect(half).toMatchObject({ verdict: 'does_not_hold', state: { mustChangePassword: false } });
  });

  it("sees an attacker's reset after its own", async () => {
    const { okta, runtime } = await start();
    const ada = await refOf(okta, ADA);
    const since = runtime.now();
    valueOf(await okta.perform(reset, ada, call()));
    runtime.advance(60_000);
    directory.resetByAttacker(ADA, 'mallory@example.com', ATTACKER.ip);
    const first = valueOf(await okta.readBack(reset, ada, since, call()));
    expect(first.verdict).not.toBe('holds');
    directory.setStatus(ADA, 'PASSWORD_EXPIRED');
    expect(valueOf(await okta.readBack(reset, ada, since, call())).verdict).toBe('cannot_tell');
  });

  it('is told as one event, and a bare expiry as well', async () => {
    const { okta, runtime } = await start();
    const ada = await refOf(okta, ADA);
    const first = valueOf(await okta.events!.poll(null, call()));
    directory.resetByAttacker(ADA, 'mallory@example.com', ATTACKER.ip);
    runtime.advance(120_000);
    valueOf(await okta.perform(reset, ada, call()));
    const { events } = valueOf(await okta.events!.poll(first.cursor, call()));
    expect(events).toMatchObject([
      { kind: 'password_reset', login: ADA, actor: 'mallory@example.com', ip: ATTACKER.ip },
      { kind: 'password_reset', login: ADA, actor: CLIENT_ID },
    ]);
  });
});

describe('what decides about an account', () => {
  it.each([
    ['synced@example.com', { where: 'synced', from: 'active_directory' }],
    ['federated@example.com', { where: 'federated', from: 'Partner' }],
    [ADA, { where: 'here' }],
  ])('is read from %s', async (email, authority) => {
    const { okta } = await start();
    const account = await refOf(okta, email);
    expect(valueOf(await okta.readState(account, call())).authority).toEqual(authority);
    const findings = await findingsOf(okta, email);
    expect(findings.get('reset_password')?.verdict).toBe(authority.where === 'here' ? 'ok' : 'blocked');
    expect(findings.get('revoke_sessions')?.verdict).toBe('ok');
    if (authority.where !== 'here') {
      expect(failureOf(await okta.perform(reset, account, call())).kind).toBe('unsupported');
    }
  });

  it('tells service accounts only by the types that the org names', async () => {
    const { okta, runtime } = await start();
    const marked = connectApp(directory.url, runtime, { service_user_types: ['service'] });
    const uses = async (connector: Connector) =>
      Promise.all(
        [OWNER, ADA].map(async (email) => {
          const state = await connector.readState(await refOf(connector, email), call());
          return valueOf(state).use;
        }),
      );
    expect(await uses(okta)).toEqual([null, null]);
    expect(await uses(marked)).toEqual(['service', 'person']);
  });

  it('keeps administrators out of reach of a lesser administrator, and says so before', async () => {
    const { okta } = await start();
    directory.setAdminRole('USER_ADMIN');
    const findings = await findingsOf(okta, 'admin@example.com');
    expect(findings.get('disable_account')).toMatchObject({ verdict: 'blocked' });
    expect(findings.get('block_address')).toMatchObject({ verdict: 'missing_permission' });
    expect(findings.get('remove_admin_roles')?.fix).toContain('Super Administrator');
    const admin = await refOf(okta, 'admin@example.com');
    expect(failureOf(await okta.perform(reset, admin, call())).kind).toBe('permission');
  });

  it("never touches the account behind Notme's own token", async () => {
    const { runtime } = await start();
    const okta = connectToken(directory.url, runtime);
    const owner = await refOf(okta, OWNER);
    for (const command of [reset, disable, { kind: 'revoke_grants', items: 'all' } as const]) {
      expect(failureOf(await okta.perform(command, owner, call())).kind).toBe('protected_account');
    }
    expect(directory.user(OWNER)?.enabled).toBe(true);
  });
});

describe('administrator roles', () => {
  const remove = { kind: 'remove_admin_roles' } as const;

  it('come back with their limits, and roles of a group are left to a person', async () => {
    const { okta, runtime } = await start();
    directory.limitRole('admin@example.com', 'USER_ADMIN', ['Sales']);
    const admin = await refOf(okta, 'admin@example.com');
    const before = valueOf(await okta.capture(remove, admin, call()));
    expect(before).toEqual({ roles: [expect.stringMatching(/^USER_ADMIN groups\/00g\w{17}$/)] });
    valueOf(await okta.perform(remove, admin, call()));
    const read = valueOf(await okta.readBack(remove, admin, runtime.now(), call()));
    expect(read).toMatchObject({ verdict: 'does_not_hold', observed: expect.stringContaining('group') });
    expect(okta.consoleSteps(remove, admin)).not.toEqual([]);
    valueOf(await okta.restore(remove, admin, before, call()));
    expect(valueOf(await okta.capture(remove, admin, call()))).toEqual(before);
  });

  it('never come back wider than they were', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    const gone = await okta.restore(remove, ada, { roles: ['USER_ADMIN groups/00gNoSuchGroup000000'] }, call());
    expect(failureOf(gone).kind).toBe('not_found');
    expect(directory.user(ADA)?.roles).toEqual([]);
  });
});

describe('blocking an address', () => {
  const block = (address: string) => ({ kind: 'block_address', ranges: [address] }) as const;

  it('keeps what others blocked, also when two come at the same time, and takes back only its own', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    valueOf(await okta.perform(block('192.0.2.99/32'), ada, call()));
    const before = valueOf(await okta.capture(block('198.51.100.66'), ada, call()));
    const both = ['198.51.100.66', '198.51.100.67/32'].map((address) => okta.perform(block(address), ada, call()));
    for (const done of await Promise.all(both)) valueOf(done);
    expect(directory.state().blockedAddresses).toEqual(['192.0.2.99/32', '198.51.100.66/32', '198.51.100.67/32']);
    valueOf(await okta.restore(block('198.51.100.66'), ada, before, call()));
    expect(directory.state().blockedAddresses).toEqual(['192.0.2.99/32', '198.51.100.67/32']);
  });

  it('leaves an address blocked that was blocked before', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    valueOf(await okta.perform(block('198.51.100.66'), ada, call()));
    const before = valueOf(await okta.capture(block('198.51.100.66'), ada, call()));
    expect(valueOf(await okta.perform(block('198.51.100.66'), ada, call())).alreadyDone).toBe(true);
    expect(valueOf(await okta.restore(block('198.51.100.66'), ada, before, call())).alreadyDone).toBe(true);
    expect(directory.state().blockedAddresses).toEqual(['198.51.100.66/32']);
  });

  it('refuses what is no address, and a zone that is not there', async () => {
    const { okta, runtime } = await start();
    const ada = await refOf(okta, ADA);
    expect(failureOf(await okta.perform(block('everything'), ada, call())).kind).toBe('invalid_input');
    const other = connectApp(directory.url, runtime, { block_zone: 'No such zone' });
    expect(failureOf(await other.perform(block('198.51.100.66'), ada, call())).kind).toBe('not_found');
    expect((await findingsOf(other, null)).get('block_address')?.verdict).toBe('misconfigured');
  });
});

describe('what was not bought or not granted', () => {
  it('is told as a licence, by the action, the evidence and the examination', async () => {
    const { okta } = await start();
    const ada = await refOf(okta, ADA);
    directory.license('identity_threat_protection', false);
    directory.license('devices', false);
    expect(failureOf(await okta.perform({ kind: 'confirm_compromised' }, ada, call())).kind).toBe('licence');
    const findings = await findingsOf(okta, ADA);
    expect(findings.get('confirm_compromised')?.verdict).toBe('unlicensed');
    expect(findings.get('block_devices')?.verdict).toBe('unlicensed');
    const evidence = await okta.evidence(ada, call());
    expect(evidence.devices).toMatchObject({ unavailable: { kind: 'licence' } });
    expect(evidence.factors).toMatchObject({ complete: true });
  });

  it.each([
    ['okta.logs.read', 'events'],
    ['okta.users.manage', 'disable_account'],
    ['okta.networkZones.manage', 'block_address'],
    ['okta.userRisk.manage', 'confirm_compromised'],
    ['okta.devices.manage', 'block_devices'],
    ['okta.roles.manage', 'remove_admin_roles'],
    ['okta.groups.manage', 'quarantine'],
    ['okta.apiTokens.manage', 'revoke_grants'],
  ])('is named: without %s, %s', async (scope, subject) => {
    const { okta } = await start();
    directory.permit(scope, false);
    const finding = (await findingsOf(okta, null)).get(subject);
    expect(finding?.verdict).toBe('missing_permission');
    expect(finding?.fix).toContain(scope);
    directory.permit(scope, true);
    expect((await findingsOf(okta, null)).get(subject)?.verdict).toBe('ok');
  });

  it('does not claim the tokens of an administrator that it may not read', async () => {
    const { okta, runtime } = await start();
    directory.promote(ADA, 'USER_ADMIN');
    directory.intrude(ADA, ATTACKER);
    directory.permit('okta.apiTokens.read', false);
    directory.permit('okta.apiTokens.manage', false);
    const revoke = { kind: 'revoke_grants', items: 'all' } as const;
    const [ada, bob] = [await refOf(okta, ADA), await refOf(okta, BOB)];
    valueOf(await okta.perform(revoke, ada, call()));
    expect(valueOf(await okta.readBack(revoke, ada, runtime.now(), call())).verdict).toBe('cannot_tell');
    expect(valueOf(await okta.readBack(revoke, bob, runtime.now(), call())).verdict).toBe('holds');
    expect(directory.user(ADA)?.grants).toEqual(['API token sync', 'API token sync']);
  });

  it("never deletes another person's token", async () => {
    const { okta } = await start();
    directory.promote(BOB, 'USER_ADMIN');
    const bobs = (await okta.evidence(await refOf(okta, BOB), call())).grants;
    if ('unavailable' in bobs) throw new Error(bobs.unavailable.message);
    const items = bobs.items.map(({ id }) => id);
    expect(items).toEqual([expect.stringMatching(/^api_token\//)]);
    const done = await okta.perform({ kind: 'revoke_grants', items }, await refOf(okta, ADA), call());
    expect(valueOf(done).alreadyDone).toBe(true);
    expect(directory.user(BOB)?.grants).toEqual(['API token sync']);
  });
});

describe('what comes late', () => {
  it('is waited for: sessions are proven by the log, and a new one afterwards is seen', async () => {
    const { okta, runtime } = await start();
    const revoke = { kind: 'revoke_sessions' } as const;
    const ada = await refOf(okta, ADA);
    directory.setLag(90_000);
    const since = runtime.now();
    valueOf(await okta.perform(revoke, ada, call()));
    const verdict = async () => valueOf(await okta.readBack(revoke, ada, since, call())).verdict;
    expect(await verdict()).toBe('cannot_tell');
    runtime.advance(90_000);
    expect(await verdict()).toBe('holds');
    directory.setLag(0);
    directory.intrude(ADA, ATTACKER);
    expect(await verdict()).toBe('does_not_hold');
    const never = valueOf(await okta.readBack(revoke, await refOf(okta, BOB), since, call()));
    runtime.advance(600_000);
    expect([
      never.verdict,
      valueOf(await okta.readBack(revoke, await refOf(okta, BOB), since, call())).verdict,
    ]).toEqual(['cannot_tell', 'does_not_hold']);
  });

  it('is not lost: rows that are stored long after they happened are still told, once', async () => {
    const { okta, runtime } = await start();
    let { cursor } = valueOf(await okta.events!.poll(null, call()));
    directory.setLag(20 * 60_000);
    directory.resetByAttacker(ADA, 'mallory@example.com', ATTACKER.ip);
    const seen: string[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      runtime.advance(60_000);
      const polled = valueOf(await okta.events!.poll(cursor, call()));
      cursor = polled.cursor;
      seen.push(...polled.events.map(({ login }) => login));
    }
    expect(seen).toEqual([ADA]);
  });

  it('begins again when Okta has forgotten the place', async () => {
    const { okta } = await start();
    const { cursor } = valueOf(await okta.events!.poll(null, call()));
    directory.resetByAttacker(ADA, 'mallory@example.com', ATTACKER.ip);
    const stale = JSON.stringify({ ...JSON.parse(cursor), after: 'forgotten' });
    expect(valueOf(await okta.events!.poll(stale, call())).events).toHaveLength(1);
    expect(failureOf(await okta.events!.poll('nonsense', call())).kind).toBe('invalid_input');
  });

  it('finds by login while the index has not caught up', async () => {
    const { okta } = await start();
    expect((await refOf(okta, ADA)).login).toBe(ADA);
    expect((await refOf(okta, 'ADA.example@mail.example.com')).login).toBe(ADA);
    for (const email of ['me', 'ada']) {
      const found = await okta.find({ emails: [email], employeeId: null }, call());
      expect(failureOf(found).kind).toBe('invalid_input');
    }
  });
});

describe('lists and limits', () => {
  it('reads every page', async () => {
    const groups = Array.from({ length: 450 }, (_, index) => ({ name: `Team ${index}`, members: [ADA] }));
    const { okta } = await start(GROUPS, { groups: [...groups, { name: TWO_STEP, members: [ADA] }] });
    // Before the first request: they take long, and a connection that idles meanwhile may be closed by the server.
    for (let index = 0; index < 250; index += 1) directory.resetByAttacker(ADA, `m${index}@example.com`, ATTACKER.ip);
    const ada = await refOf(okta, ADA);
    expect(valueOf(await okta.readState(ada, call())).twoStepRequired).toBe(true);
    const evidence = (await okta.evidence(ada, call())).groups;
    expect(evidence).toMatchObject({ complete: false, items: { length: 100 } });
    const { events } = valueOf(await okta.events!.poll(null, call()));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(250);
  });

  it("waits until the instant that Okta tells, by Okta's clock", async () => {
    const { runtime } = await start();
    const ahead = { ...runtime, now: () => new Date(runtime.now().getTime() + 120_000) };
    const okta = connectToken(directory.url, ahead);
    directory.faults.add({ type: 'throttle', times: 1, ms: 30_000 });
    const failure = failureOf(await okta.readState({ system: 'okta', accountId: '00u1', login: ADA }, call()));
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: 30_000 });
  });

  it('shows what an intruder left, the newest first', async () => {
    const { okta, runtime } = await start();
    runtime.advance(1000);
    directory.intrude(ADA, ATTACKER);
    const evidence = await okta.evidence(await refOf(okta, ADA), call());
    const first = (section: keyof typeof evidence) => {
      const found = evidence[section];
      return 'unavailable' in found ? null : found.items[0];
    };
    expect(first('sign_ins')).toMatchObject({ ip: ATTACKER.ip, place: 'Brazil, Recife' });
    expect(first('factors')?.title).toContain('+15550100999');
    expect(first('grants')?.title).toContain('Consent of offline_access');
    expect(first('devices')).toMatchObject({ title: 'DESKTOP-7Q2', detail: 'ACTIVE' });
    expect(first('changes')).toMatchObject({ by: ADA, ip: ATTACKER.ip });
    expect(first('recovery')?.title).toContain('collect@');
  });
});

describe('signing in to Okta', () => {
  it('takes an EC key as JWK, and renews a token that was refused', async () => {
    const runtime = playedRuntime();
    directory = await startDirectory(() => runtime.now(), { app: { id: CLIENT_ID, publicKeyPem: KEYS.ec.public } });
    const okta = connectApp(directory.url, runtime, { private_key: KEYS.ec.private });
    const ada = await refOf(okta, ADA);
    directory.expireTokens();
    expect(valueOf(await okta.readState(ada, call())).enabled).toBe(true);
    const tokens = directory.calls().filter(({ path }) => path === '/oauth2/v1/token');
    expect(tokens).toHaveLength(2);
    const wrong = connectApp(directory.url, runtime);
    expect(failureOf(await wrong.readState(ada, call())).kind).toBe('auth');
  });

  it('asks for no more than it was told, and says which scopes are missing', async () => {
    const { runtime } = await start();
    const narrow = connectApp(directory.url, runtime, { scopes: ['okta.users.read'] });
    const failure = failureOf(await narrow.perform(disable, await refOf(narrow, ADA), call()));
    expect(failure).toMatchObject({ kind: 'permission', missing: 'okta.users.manage' });
    for (const scope of ['okta.users.read', 'okta.users.manage']) directory.permit(scope, false);
    const none = connectApp(directory.url, runtime, { scopes: ['okta.users.read'] });
    const refused = await none.find({ emails: [ADA], employeeId: null }, call());
    expect(failureOf(refused).kind).toBe('permission');
  });

  it('keeps its secrets to itself', async () => {
    const { runtime } = await start();
    const lines: unknown[] = [];
    const okta = connectApp(directory.url, runtime, GROUPS, { request: (entry) => lines.push(entry) });
    const ada = await refOf(okta, ADA);
    lines.push(await okta.perform(reset, ada, call()), await okta.readBack(reset, ada, runtime.now(), call()));
    lines.push(await okta.perform({ ...reset, password: new Secret('zqzqzq') }, ada, call()));
    lines.push(await okta.evidence(ada, call()), await okta.examine(ada, call()), await okta.health(call()));
    const said = JSON.stringify(lines);
    expect(said).toContain('/oauth2/v1/token');
    for (const secret of ['Chosen-Passw0rd-zq', 'zqzqzq', 'BEGIN PRIVATE', 'eyJ', 'Bearer ']) {
      expect(said).not.toContain(secret);
    }
  });
});
