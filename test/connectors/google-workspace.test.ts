import { afterEach, describe, expect, it } from '@jest/globals';
import type { UnreadableRows } from '../../src/connectors/kit/log.js';
import { normaliseRange, rangeSetKey } from '../../src/connectors/kit/ranges.js';
import { googleWorkspaceSettings } from '../../src/connectors/google-workspace/settings.js';
import type { HttpLogEntry } from '../../src/connectors/http/client.js';
import type {
  AccountRef,
  ActionKind,
  Command,
  Connector,
  Evidence,
  EvidenceItem,
  EvidenceSection,
} from '../../src/ports/connector.js';
import { ACTION_KINDS } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import type { GoogleWorkspaceDirectory, GoogleWorkspaceDirectoryOptions } from 'identity-sandbox/google-workspace';
import {
  ACCOUNT,
  ADA,
  BOB,
  call,
  connect,
  HELPDESK,
  OFFICE,
  playedRuntime,
  startDirectory,
  STRANGER,
  SUPER,
  TWO_STEP,
  VPN,
} from './google-workspace-subject.js';

const MINUTE = 60_000;
const reset: Command = { kind: 'reset_password', password: new Secret('Brand-new-Passw0rd-77') };
const BURGLAR = { ip: '198.51.100.66', country: 'RO' };

let open: GoogleWorkspaceDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(settings: Record<string, unknown> = {}, more: Partial<GoogleWorkspaceDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), more);
  open.push(directory);
  const requests: HttpLogEntry[] = [];
  const unreadable: UnreadableRows[] = [];
  const connector = connect(directory.url, runtime, settings, {
    request: (entry) => requests.push(entry),
    unreadableRows: (report) => unreadable.push(report),
  });
  const refOf = async (email: string): Promise<AccountRef> => {
    const found = await connector.find({ emails: [email], employeeId: null }, call());
    if (!found.ok) throw new Error(found.error.message);
    return found.value;
  };
  return { runtime, directory, connector, requests, unreadable, refOf, ada: await refOf(ADA).catch(() => null) };
}

const must = (account: AccountRef | null): AccountRef => {
  if (account === null) throw new Error('Ada was not found');
  return account;
};

const ok = <T>(result: { ok: true; value: T } | { ok: false; error: { kind: string; message: string } }): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.kind}: ${result.error.message}`);
};

const itemsIn = (evidence: Evidence, section: EvidenceSection) => {
  const found = evidence[section];
  if ('unavailable' in found) throw new Error(found.unavailable.message);
  return found.items;
};

const whatRulesDo = (rules: readonly EvidenceItem[]) =>
  rules.map(({ id, givesMailTo = [], hidesMail = false }) => [id.split(':')[0], givesMailTo, hidesMail]);

const verdictsOf = async (connector: Connector, account: AccountRef | null): Promise<Record<string, string>> =>
  Object.fromEntries((await connector.examine(account, call())).map(({ subject, verdict }) => [subject, verdict]));

describe('tokens', () => {
  it('are one for each scope and subject, shared by calls that come together, and renewed before they end', async () => {
    const { connector, directory, runtime, ada } = await scene();
    const tokens = () => directory.calls().filter(({ path }) => path === '/token').length;
    const first = tokens();
    await Promise.all([1, 2, 3].map(() => connector.readState(must(ada), call())));
    const second = tokens();
    expect(second - first).toBe(2);
    await connector.readState(must(ada), call());
    expect(tokens()).toBe(second);
    runtime.advance(59 * MINUTE);
    await connector.readState(must(ada), call());
    expect(tokens()).toBe(second + 3);
  });

  it('are renewed once when they are refused, and the call repeated', async () => {
    const { connector, directory, ada } = await scene();
    await connector.perform({ kind: 'enable_account' }, must(ada), call());
    directory.expireTokens();
    expect(await connector.perform({ kind: 'disable_account' }, must(ada), call())).toMatchObject({ ok: true });
    directory.faults.add({ type: 'unauthorized', times: 2 });
    expect(await connector.readState(must(ada), call())).toMatchObject({ ok: false, error: { kind: 'auth' } });
  });

  it('are refused with a key of somebody else, an unknown administrator or a clock far off: never as a missing person', async () => {
    const { directory, runtime } = await scene();
    for (const settings of [{ service_account_key: STRANGER.keyFile }, { admin_email: 'gone@example.com' }]) {
      const broken = connect(directory.url, runtime, settings);
      const found = await broken.find({ emails: [ADA], employeeId: null }, call());
      expect(found).toMatchObject({ ok: false, error: { kind: 'auth' } });
      expect((await verdictsOf(broken, null))['sign_in']).toBe('misconfigured');
    }
    const late = connect(directory.url, playedRuntime('2026-03-02T12:00:00.000Z'));
    const found = await late.find({ emails: [ADA], employeeId: null }, call());
    expect(found).toMatchObject({ ok: false, error: { kind: 'auth', message: expect.stringContaining('clock') } });
  });
});

describe('what is not granted', () => {
  const NEEDED: readonly (readonly [string, readonly ActionKind[]])[] = [
    ['admin.directory.user', ['reset_password', 'disable_account', 'enable_account', 'clear_recovery_contacts']],
    [
      'admin.directory.user.security',
      ['revoke_sessions', 'remove_factors', 'invalidate_backup_codes', 'delete_app_passwords', 'revoke_grants'],
    ],
    ['admin.directory.group.member', ['require_two_step', 'quarantine', 'limit_login_ips']],
    ['admin.directory.rolemanagement', ['remove_admin_roles']],
    ['admin.directory.device.mobile.readonly', ['block_devices']],
    ['admin.directory.device.mobile.action', ['block_devices']],
    ['gmail.settings.basic', ['disable_mail_rules', 'block_mail_protocols']],
    ['gmail.settings.sharing', ['disable_mail_rules']],
    ['admin.reports.audit.readonly', ['reset_password', 'revoke_sessions']],
  ];

  it.each(NEEDED)('is told for just the actions that need %s, with the way to grant it', async (scope, kinds) => {
    const { connector, directory, ada } = await scene();
    directory.permit(scope, false);
    const findings = await connector.examine(must(ada), call());
    const missing = findings.filter(({ verdict }) => verdict === 'missing_permission');
    const actions = missing
      .map(({ subject }) => subject)
      .filter((subject) => ACTION_KINDS.some((kind) => kind === subject));
    expect(actions.toSorted()).toEqual([...kinds].toSorted());
    for (const { fix } of missing) {
      expect(fix).toContain(`https://www.googleapis.com/auth/${scope}`);
      expect(fix).toMatch(/^In the Admin console open Security/);
    }
  });

  it('is told by the call as a missing scope', async () => {
    const { connector, directory, ada } = await scene();
    directory.permit('gmail.settings.sharing', false);
    directory.intrude(ADA, BURGLAR);
    const failure = await connector.perform({ kind: 'disable_mail_rules', items: 'all' }, must(ada), call());
    expect(failure).toMatchObject({ ok: false, error: { kind: 'permission', missing: 'gmail.settings.sharing' } });
  });

  it('says unlicensed where the edition lacks it', async () => {
    const { connector, directory, ada } = await scene();
    directory.license('gmail', false);
    const account = must(ada);
    expect(await connector.perform({ kind: 'block_mail_protocols' }, account, call())).toMatchObject({
      ok: false,
      error: { kind: 'licence' },
    });
    expect((await verdictsOf(connector, account))['block_mail_protocols']).toBe('unlicensed');
    const { mail_rules: rules } = await connector.evidence(account, call());
    expect(rules).toMatchObject({ unavailable: { kind: 'licence' } });
    expect((await connector.health(call())).filter(({ ok: good }) => !good)).toEqual([]);
  });
});

describe('administrators', () => {
  it('are out of reach for a delegated administrator, and told so before and after', async () => {
    const { connector, directory, refOf } = await scene({ admin_email: HELPDESK, super_admin: false });
    const root = await refOf(SUPER);
    expect(ok(await connector.readState(root, call()))).toMatchObject({
      protectedBecause: expect.stringContaining('super administrator'),
    });
    for (const command of [reset, { kind: 'revoke_sessions' }, { kind: 'disable_account' }] satisfies Command[]) {
      expect(await connector.perform(command, root, call())).toMatchObject({
        ok: false,
        error: { kind: 'protected_account' },
      });
    }
    expect(directory.user(SUPER)?.enabled).toBe(true);
    expect(connector.capabilities.remove_admin_roles.route).toBe('console');
  });

  it('lose their roles to a super administrator and get the same ones back', async () => {
    const { connector, directory, refOf } = await scene();
    const help = await refOf(HELPDESK);
    const command: Command = { kind: 'remove_admin_roles' };
    directory.assignRole(HELPDESK, 'Groups Admin');
    const before = ok(await connector.capture(command, help, call()));
    ok(await connector.perform(command, help, call()));
    expect(directory.user(HELPDESK)?.roles).toEqual([]);
    ok(await connector.restore(command, help, before, call()));
    expect(directory.user(HELPDESK)?.roles.toSorted()).toEqual(['Groups Admin', 'Help Desk Admin']);
  });

  it('keep what they have through a group: that is not claimed as removed, and others of the group keep it too', async () => {
    const { connector, directory, ada } = await scene();
    const snapshot = directory.snapshot();
    const [role] = snapshot.roles;
    const sales = snapshot.groups.find(({ email }) => email === 'sales@example.com')!;
    snapshot.assignments.push({
      roleAssignmentId: '7',
      roleId: role!.roleId,
      assignedTo: sales.id,
      assigneeType: 'group',
      scopeType: 'CUSTOMER',
    });
    directory.restore(snapshot);
    const command: Command = { kind: 'remove_admin_roles' };
    ok(await connector.perform(command, must(ada), call()));
    expect(directory.snapshot().assignments.map(({ roleAssignmentId }) => roleAssignmentId)).toContain('7');
    const read = ok(await connector.readBack(command, must(ada), new Date(0), call()));
    expect(read).toMatchObject({ verdict: 'does_not_hold', observed: expect.stringContaining('through groups') });
  });

  it('are told as misconfigured when super_admin is claimed for one who is none', async () => {
    const { connector } = await scene({ admin_email: HELPDESK, super_admin: true });
    expect((await verdictsOf(connector, null))['remove_admin_roles']).toBe('misconfigured');
  });
});

describe('an audit log that is late', () => {
  it('leaves a reset and a sign-out unproven until it shows them', async () => {
    const { connector, directory, runtime, ada } = await scene({}, { lagMs: 10 * MINUTE });
    const since = runtime.now();
    ok(await connector.perform(reset, must(ada), call()));
    ok(await connector.perform({ kind: 'revoke_sessions' }, must(ada), call()));
    runtime.advance(MINUTE);
    for (const command of [reset, { kind: 'revoke_sessions' }] satisfies Command[]) {
      const early = ok(await connector.readBack(command, must(ada), since, call()));
      expect(early.verdict).toBe('cannot_tell');
      expect(early.observed).toContain('follows minutes later');
    }
    runtime.advance(10 * MINUTE);
    for (const command of [reset, { kind: 'revoke_sessions' }] satisfies Command[])
      expect(ok(await connector.readBack(command, must(ada), since, call())).verdict).toBe('holds');
    expect(directory.checkPassword(ADA, 'Brand-new-Passw0rd-77')).toBe(true);
  });

  it('loses no event: what comes late is found by the overlap', async () => {
    const { connector, directory, runtime } = await scene({}, { lagMs: 90 * MINUTE });
    const events = connector.events!;
    directory.resetByAttacker(ADA, ADA, BURGLAR.ip);
    let cursor: string | null = null;
    const seen = new Set<string>();
    for (let hour = 0; hour < 3; hour += 1) {
      const polled: { events: readonly { eventId: string }[]; cursor: string } = ok(await events.poll(cursor, call()));
      cursor = polled.cursor;
      for (const { eventId } of polled.events) seen.add(eventId);
      expect(seen.size).toBe(hour < 2 ? 0 : 1);
      runtime.advance(60 * MINUTE);
    }
  });

  it('does not hold up a read-back when the clocks differ', async () => {
    const { connector, directory, runtime } = await scene();
    const ahead = playedRuntime('2026-03-02T09:02:00.000Z');
    const hurried = connect(directory.url, ahead);
    const found = ok(await connector.find({ emails: [ADA], employeeId: null }, call()));
    expect(runtime.now() < ahead.now()).toBe(true);
    const read = await hurried.readBack({ kind: 'revoke_sessions' }, found, ahead.now(), call());
    expect(ok(read).verdict).toBe('cannot_tell');
  });
});

describe('reading a reset back', () => {
  it('sees that the attacker has set it again since', async () => {
    const { connector, directory, runtime, ada } = await scene();
    const since = runtime.now();
    runtime.advance(1500);
    ok(await connector.perform(reset, must(ada), call()));
    runtime.advance(5000);
    directory.resetByAttacker(ADA, ADA, BURGLAR.ip);
    const read = ok(await connector.readBack(reset, must(ada), since, call()));
    expect(read.verdict).toBe('does_not_hold');
    expect(read.state.passwordChangedAt).toEqual(runtime.now());
  });

  it("does not take another administrator's reset for ours", async () => {
    const { connector, directory, runtime, ada } = await scene();
    const since = runtime.now();
    directory.resetByAttacker(ADA, HELPDESK, BURGLAR.ip);
    expect(ok(await connector.readBack(reset, must(ada), since, call()))).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining(HELPDESK),
    });
  });

  it('cannot tell without the audit log', async () => {
    const { connector, directory, runtime, ada } = await scene();
    directory.permit('admin.reports.audit.readonly', false);
    const since = runtime.now();
    ok(await connector.perform(reset, must(ada), call()));
    expect(ok(await connector.readBack(reset, must(ada), since, call()))).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringContaining('admin.reports.audit.readonly'),
    });
  });
});

describe('an account that is decided elsewhere', () => {
  it('is federated under single sign-on, save for super administrators, and the reset says so', async () => {
    const { connector, runtime, ada, refOf } = await scene({ sso: 'okta', admin_email: HELPDESK, super_admin: false });
    expect(ok(await connector.readState(must(ada), call())).authority).toEqual({ where: 'federated', from: 'okta' });
    expect(ok(await connector.readState(await refOf(SUPER), call())).authority).toEqual({ where: 'here' });
    expect(await verdictsOf(connector, must(ada))).toMatchObject({
      reset_password: 'blocked',
      require_two_step: 'blocked',
    });
    const since = runtime.now();
    ok(await connector.perform(reset, must(ada), call()));
    const read = ok(await connector.readBack(reset, must(ada), since, call()));
    expect(read.observed).toContain('okta');
    expect(read.residual[0]?.what).toContain('okta');
    expect(connector.consoleSteps(reset, must(ada))).not.toEqual([]);
  });

  it('is synced where the settings say so', async () => {
    const { connector, ada } = await scene({ synced_from: 'active_directory' });
    expect(ok(await connector.readState(must(ada), call())).authority).toEqual({
      where: 'synced',
      from: 'active_directory',
    });
    expect((await verdictsOf(connector, must(ada)))['disable_account']).toBe('blocked');
  });
});

describe('evidence of an intrusion', () => {
  it('tells what was left, when and from where', async () => {
    const { connector, directory, runtime, ada } = await scene();
    runtime.advance(MINUTE);
    directory.intrude(ADA, BURGLAR);
    const at = runtime.now();
    const evidence = await connector.evidence(must(ada), call());
    const [signIn] = itemsIn(evidence, 'sign_ins').filter(({ succeeded }) => succeeded);
    expect(signIn).toMatchObject({ at, ip: BURGLAR.ip, place: 'RO', device: expect.stringContaining('Linux') });
    expect(itemsIn(evidence, 'factors')).toMatchObject([{ at, detail: '10 valid backup codes' }]);
    expect(itemsIn(evidence, 'grants')).toContainEqual(
      expect.objectContaining({ title: 'Mail Backup Pro', at, ip: BURGLAR.ip, place: 'RO' }),
    );
    expect(itemsIn(evidence, 'app_passwords')).toContainEqual(
      expect.objectContaining({ title: 'Thunderbird', at, detail: 'never used' }),
    );
    expect(itemsIn(evidence, 'mail_rules').map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Forward all mail to collector@evil.example',
        expect.stringContaining('Delete: from security-'),
      ]),
    );
    expect(whatRulesDo(itemsIn(evidence, 'mail_rules'))).toEqual([
      ['auto_forwarding', ['collector@evil.example'], false],
      ['filter', ['collector@evil.example'], false],
      ['filter', [], true],
      ['forwarding_address', ['collector@evil.example'], false],
    ]);
    expect(itemsIn(evidence, 'recovery')).toMatchObject([{ at }, { at }]);
    expect(itemsIn(evidence, 'groups').map(({ id }) => id)).toEqual(['org_unit:/', 'sales@example.com']);
    expect(itemsIn(evidence, 'changes').filter(({ title }) => title === '2-Step Verification turned on')).toHaveLength(
      1,
    );
    expect(evidence.sessions).toMatchObject({ unavailable: { kind: 'unsupported' } });
    const codes = directory.snapshot().users.flatMap(({ backupCodes }) => backupCodes);
    for (const code of codes) expect(JSON.stringify(evidence)).not.toContain(code);
  });

  it('are never our own when the person changed the password or enrolled a factor: Notme does neither', async () => {
    const { connector, directory } = await scene();
    directory.resetByAttacker(ADA, ADA, BURGLAR.ip);
    directory.intrude(ADA, BURGLAR);
    const { events } = ok(await connector.events!.poll(null, call()));
    expect(events.map(({ kind, own }) => `${kind} ${String(own)}`).sort()).toEqual([
      'password_reset false',
      'sign_in false',
      'two_step_changed false',
    ]);
  });

  it('reads late pages', async () => {
    const { connector, directory, runtime } = await scene();
    for (let count = 0; count < 60; count += 1) {
      directory.intrude(ADA, BURGLAR);
      directory.intrude(BOB, BURGLAR);
      runtime.advance(1000);
    }
    const polled = ok(await connector.events!.poll(null, call()));
    expect(polled.events.filter(({ kind }) => kind === 'sign_in')).toHaveLength(120);
    const pages = directory.calls().filter(({ path }) => path.endsWith('/all/applications/login'));
    expect(pages.length).toBeGreaterThan(1);
  });
});

describe('mail rules', () => {
  it('are all taken away, and those that Gmail makes again come back; an outside address must be confirmed anew', async () => {
    const { connector, directory, ada } = await scene();
    directory.intrude(ADA, BURGLAR);
    const command: Command = { kind: 'disable_mail_rules', items: 'all' };
    const before = ok(await connector.capture(command, must(ada), call()));
    ok(await connector.perform(command, must(ada), call()));
    expect(directory.user(ADA)?.rules).toEqual([]);
    expect(await connector.restore(command, must(ada), before, call())).toMatchObject({
      ok: false,
      error: { kind: 'conflict', message: expect.stringContaining('confirmed by its owner') },
    });
    expect(directory.user(ADA)?.rules).toEqual([
      expect.stringContaining('filter {"from":"security-'),
      'forwarding address collector@evil.example',
    ]);
  });

  it('stop the flow of mail first', async () => {
    const { connector, directory, ada } = await scene();
    directory.intrude(ADA, BURGLAR);
    ok(await connector.perform({ kind: 'disable_mail_rules', items: 'all' }, must(ada), call()));
    const writes = directory.calls().filter(({ write, path }) => write && path.startsWith('/gmail/'));
    expect(writes.map(({ method }) => method)).toEqual(['PUT', 'DELETE', 'DELETE', 'DELETE']);
  });

  it('are not read for an account whose mail is off while it is suspended', async () => {
    const { connector, ada } = await scene();
    ok(await connector.perform({ kind: 'disable_account' }, must(ada), call()));
    const { mail_rules: rules } = await connector.evidence(must(ada), call());
    expect(rules).toMatchObject({ unavailable: { kind: 'licence' } });
  });
});

describe('factors', () => {
  it('are not removed while 2-step is enforced or the account suspended: the reason is told, before and after', async () => {
    const { connector, directory, ada } = await scene();
    directory.intrude(ADA, BURGLAR);
    const command: Command = { kind: 'remove_factors', items: 'all' };
    ok(await connector.perform({ kind: 'require_two_step' }, must(ada), call()));
    expect((await verdictsOf(connector, must(ada)))['remove_factors']).toBe('blocked');
    expect(await connector.perform(command, must(ada), call())).toMatchObject({
      ok: false,
      error: { kind: 'conflict', message: expect.stringContaining('enforced') },
    });
    ok(await connector.restore({ kind: 'require_two_step' }, must(ada), { [`member of ${TWO_STEP}`]: false }, call()));
    ok(await connector.perform({ kind: 'disable_account' }, must(ada), call()));
    expect(await connector.perform(command, must(ada), call())).toMatchObject({
      ok: false,
      error: { kind: 'conflict', message: expect.stringContaining('suspended') },
    });
    expect(directory.user(ADA)?.factors).not.toEqual([]);
  });
});

describe('login ranges', () => {
  it('change over from one prepared set to another, never leaving the account unrestricted', async () => {
    const { connector, directory, ada } = await scene();
    ok(await connector.perform({ kind: 'limit_login_ips', ranges: OFFICE.ranges }, must(ada), call()));
    const vpn: Command = { kind: 'limit_login_ips', ranges: ['198.51.100.1/25'] };
    const before = ok(await connector.capture(vpn, must(ada), call()));
    ok(await connector.perform(vpn, must(ada), call()));
    expect(directory.user(ADA)?.groups).toEqual([VPN.group, 'sales@example.com']);
    const writes = directory
      .calls()
      .filter(({ write }) => write)
      .slice(-2);
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(ok(await connector.readBack(vpn, must(ada), new Date(0), call()))).toMatchObject({
      inPlace: true,
      state: { loginRanges: VPN.ranges },
    });
    ok(await connector.restore(vpn, must(ada), before, call()));
    expect(directory.user(ADA)?.groups).toEqual([OFFICE.group, 'sales@example.com']);
  });

  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10', null],
    ['0x0a.1', null],
    ['203.0.113.0/33', null],
    ['203.0.113.0/024', null],
    ['office', null],
  ])('%j is %j', (text, normal) => expect(normaliseRange(text)).toBe(normal));

  it('are equal as sets', () => {
    expect(rangeSetKey(['198.51.100.0/25', '203.0.113.9/24'])).toBe(rangeSetKey(['203.0.113.0/24', '198.51.100.7/25']));
    expect(rangeSetKey(['office'])).toBeNull();
  });
});

describe('devices', () => {
  it('of somebody whose address begins the same are left alone', async () => {
    const twin = 'ada@example.com.au';
    const { connector, directory, ada } = await scene(
      {},
      {
        users: [
          { email: ADA, name: 'Ada' },
          { email: twin, name: 'Ada of Sydney' },
          { email: SUPER, name: 'Root', admin: 'super' },
        ],
      },
    );
    directory.intrude(ADA, BURGLAR);
    directory.intrude(twin, BURGLAR);
    ok(await connector.perform({ kind: 'block_devices', items: 'all' }, must(ada), call()));
    expect(directory.user(ADA)?.devices.map(({ status }) => status)).toEqual(['BLOCKED', 'BLOCKED']);
    expect(directory.user(twin)?.devices.map(({ status }) => status)).toEqual(['APPROVED', 'APPROVED']);
  });
});

describe('finding', () => {
  it('never chooses between the accounts that different handles name', async () => {
    const { connector, refOf } = await scene();
    const found = await connector.find({ emails: [BOB], employeeId: "E-10'07" }, call());
    const accounts = [await refOf(BOB), await refOf(ADA)];
    const candidates = accounts.map(({ login, accountId }) => `${login} (${accountId})`);
    expect(found).toMatchObject({ ok: false, error: { kind: 'ambiguous', candidates } });
  });

  it('never sends a number as if it were an address', async () => {
    const { connector, directory, ada } = await scene();
    const calls = directory.calls().length;
    const found = await connector.find({ emails: [must(ada).accountId], employeeId: null }, call());
    expect(found).toMatchObject({ ok: false, error: { kind: 'invalid_input' } });
    expect(directory.calls()).toHaveLength(calls);
  });
});

describe('the settings', () => {
  const parse = (more: Record<string, unknown>) =>
    googleWorkspaceSettings.safeParse({ service_account_key: ACCOUNT.keyFile, admin_email: SUPER, ...more });

  it('refuse a key that is none, quoting nothing of it', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\\nsecret-of-the-tests\\n-----END PRIVATE KEY-----';
    for (const key of ['{', '{"client_email":"x@y.z"}', JSON.stringify({ client_email: 'x@y.z', private_key: pem })]) {
      const parsed = parse({ service_account_key: key });
      expect(parsed.success).toBe(false);
      expect(JSON.stringify(parsed.error?.issues)).not.toContain('secret-of-the-tests');
      expect(parsed.error?.issues[0]?.message).toContain('Google Cloud');
    }
  });

  it('refuse two ways for one thing, and two organizational units', () => {
    expect(parse({}).success).toBe(true);
    expect(parse({ two_step_group: TWO_STEP, two_step_org_unit: '/A' }).success).toBe(false);
    expect(parse({ quarantine_group: TWO_STEP, quarantine_org_unit: '/A' }).success).toBe(false);
    expect(parse({ two_step_org_unit: '/A', quarantine_org_unit: '/B' }).success).toBe(false);
    expect(parse({ unknown: 1 }).success).toBe(false);
    expect(parse({ admin_url: 'http://admin.googleapis.com' }).success).toBe(false);
  });

  it('name groups and units that must exist', async () => {
    const { connector } = await scene({
      two_step_group: 'nowhere@example.com',
      quarantine_group: null,
      quarantine_org_unit: '/Nowhere',
    });
    expect(await verdictsOf(connector, null)).toMatchObject({
      require_two_step: 'misconfigured',
      quarantine: 'misconfigured',
    });
    const bad = (await connector.health(call())).filter(({ ok: good }) => !good);
    expect(bad.map(({ name }) => name)).toEqual(['group nowhere@example.com', 'organizational unit /Nowhere']);
  });
});
