import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attribute,
  change,
  type FaultProxy,
  passwordAttribute,
  type SambaDomain,
  startFaultProxy,
  startSambaDomain,
} from 'identity-sandbox/active-directory';
import { createActiveDirectoryConnector } from '../../src/connectors/active-directory/connector.js';
import { activeDirectorySettings } from '../../src/connectors/active-directory/settings.js';
import { rehearse, reversibleIn } from '../../src/doctor/rehearse.js';
import { staysChanged, worked } from '../../src/doctor/rehearse-action.js';
import type { AccountRef, CallContext, Command, Connector, ConnectorFailure } from '../../src/ports/connector.js';
import type { Result } from '../../src/platform/result.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import { describeConnectorContract } from '../connectors/contract.js';

const START_MS = 120_000;
const MAIL = 'lab.example';
const FIRST = 'First-Passw0rd-0';
const person = (name: string) => ({ email: `${name}@${MAIL}`, name, password: FIRST });
const ADA = { ...person('ada'), employeeId: '10042', aliases: [`a.lovelace@${MAIL}`] };
const OFFICE = ['203.0.113.0/24'];
const VPN = ['198.51.100.0/25'];
const GROUPS = ['Two-step', 'Inner', 'Shut in', 'Denied', 'From office', 'From VPN', 'Helpdesk', 'Database owners'];

const call: CallContext = { signal: new AbortController().signal, correlationId: 'test-1' };
const runtime = systemRuntime();

interface Lab {
  readonly domain: SambaDomain;
  readonly proxy: FaultProxy;
  connector(overrides?: Record<string, unknown>, own?: Runtime): Connector;
}

async function startLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'notme-samba-'));
  const names = ['twin-a', 'twin-b', 'bea', 'cleo', 'dan', 'eve', 'fay', 'gil'];
  const domain = await startSambaDomain({ dir, users: [ADA, ...names.map(person)], groups: GROUPS });
  const proxy = await startFaultProxy(domain, dir);
  await domain.asAdministrator(async (client) => {
    const boss = `CN=Administrator,CN=Users,${domain.baseDn}`;
    await client.modify(boss, change('replace', attribute('mail', `boss@${MAIL}`)));
    for (const twin of ['twin-a', 'twin-b']) {
      const dn = domain.dnOf(`${twin}@${MAIL}`);
      await client.modify(dn, change('replace', attribute('mail', `twins@${MAIL}`)));
    }
  });
  return {
    domain,
    proxy,
    connector: (overrides = {}, own = runtime) =>
      createActiveDirectoryConnector(
        activeDirectorySettings.parse({
          url: proxy.url,
          bind_dn: domain.bindDn,
          bind_password: domain.bindPassword,
          ca: domain.caPem,
          server_name: domain.serverName,
          two_step_group_dn: domain.groupDn('Two-step'),
          quarantine_group_dns: [domain.groupDn('Shut in'), domain.groupDn('Denied')],
          login_range_groups: [
            { group_dn: domain.groupDn('From office'), ranges: OFFICE },
            { group_dn: domain.groupDn('From VPN'), ranges: VPN },
          ],
          admin_group_dns: [domain.groupDn('Helpdesk'), domain.groupDn('Database owners')],
          deadline_ms: 4_000,
          ...overrides,
        }),
        own,
      ),
  };
}

async function stopLab({ domain, proxy }: Lab): Promise<void> {
  await proxy.close();
  await domain.stop();
}

/** Twice: Active Directory takes the password before for a while. */
async function setServicePassword(domain: SambaDomain, password: string): Promise<void> {
  const set = change('replace', passwordAttribute(password));
  await domain.asAdministrator(async (client) => {
    await client.modify(domain.bindDn, set);
    await client.modify(domain.bindDn, set);
  });
}

describeConnectorContract(
  'Active Directory on Samba',
  async () => {
    const lab = await startLab();
    const { domain, proxy } = lab;
    const connector = lab.connector();
    let wrongPassword = false;
    return {
      connector,
      now: () => runtime.now(),
      emails: {
        person: ADA.email,
        missing: `nobody@${MAIL}`,
        ambiguous: `twins@${MAIL}`,
        alias: `a.lovelace@${MAIL}`,
        protected: `boss@${MAIL}`,
      },
      employeeId: ADA.employeeId,
      passwords: { good: ['Correct-Horse-1', 'Battery-Staple-2', 'Purple-Monkey-3'], weak: 'weak' },
      async prepare(kind) {
        if (kind !== 'remove_admin_roles') return;
        const member = change('add', attribute('member', domain.dnOf(ADA.email)));
        await domain.asAdministrator((client) => client.modify(domain.groupDn('Helpdesk'), member));
      },
      checkPassword: (email, password) => domain.checkPassword(email, password),
      conditions: {
        async auth() {
          wrongPassword = true;
          await setServicePassword(domain, 'Somebody-Else-Set-1');
          return connector;
        },
        permission: () => Promise.resolve(lab.connector({ bind_dn: `bea@${MAIL}`, bind_password: FIRST })),
        async down() {
          await proxy.goDown();
          return connector;
        },
        nonsense() {
          // Reading asks for the nested groups too; a write must get as far as its modify.
          const nested = { on: 'search', containing: '1.2.840.113556.1.4.1941', what: 'garble' } as const;
          proxy.set(nested, { on: 'modify', what: 'garble' });
          return Promise.resolve(connector);
        },
        lost_answer() {
          proxy.set({ on: 'modify', what: 'lose_answer' });
          return Promise.resolve(connector);
        },
        lost_request() {
          proxy.set({ on: 'modify', what: 'lose_request' });
          return Promise.resolve(connector);
        },
      },
      async calm() {
        await proxy.calm();
        if (wrongPassword) await setServicePassword(domain, domain.bindPassword);
        wrongPassword = false;
      },
      close: () => stopLab(lab),
    };
  },
  START_MS,
);

function valueOf<T>(result: Result<T, ConnectorFailure>): T {
  if (result.ok) return result.value;
  throw new Error(`expected a value, got ${result.error.kind}: ${result.error.message}`);
}

function failureOf<T>(result: Result<T, ConnectorFailure>): ConnectorFailure {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
}

describe('Active Directory on Samba, beyond the contract', () => {
  let lab: Lab;
  let connector: Connector;
  const byEmail = (email: string, with_ = connector) => with_.find({ emails: [email], employeeId: null }, call);
  const find = async (name: string): Promise<AccountRef> => valueOf(await byEmail(`${name}@${MAIL}`));
  const reset = (password: string): Command => ({ kind: 'reset_password', password: new Secret(password) });

  beforeAll(async () => {
    lab = await startLab();
    connector = lab.connector();
  }, START_MS);
  afterAll(() => stopLab(lab), START_MS);

  it('keeps hold of an account that is renamed and moved', async () => {
    const ref = await find('bea');
    const dn = lab.domain.dnOf(`bea@${MAIL}`);
    await lab.domain.asAdministrator((client) =>
      client.modifyDN(dn, `CN=Renamed\\, Bea,OU=Staff,${lab.domain.baseDn}`),
    );
    expect(valueOf(await connector.readState(ref, call)).enabled).toBe(true);
    valueOf(await connector.perform({ kind: 'require_two_step' }, ref, call));
    expect(valueOf(await connector.readState(ref, call)).twoStepRequired).toBe(true);
  });

  it('finds people by a secondary address', async () => {
    await lab.domain.asAdministrator((client) =>
      client.modify(
        lab.domain.dnOf(`cleo@${MAIL}`),
        change('add', attribute('proxyAddresses', `smtp:c.patra@other.example`)),
      ),
    );
    const ref = valueOf(await byEmail('C.Patra@other.example'));
    expect(ref.login).toBe(`cleo@${MAIL}`);
  });

  it('tells that an administrator is out of reach, before and after trying', async () => {
    const boss = await find('boss');
    expect(valueOf(await connector.readState(boss, call)).protectedBecause).toMatch(/adminCount=1/);
    for (const command of [reset('Not-For-The-Boss-1'), { kind: 'disable_account' } as const]) {
      expect(failureOf(await connector.perform(command, boss, call)).kind).toBe('protected_account');
    }
  });

  it('names the right that is missing, and how to grant it', async () => {
    const plain = lab.connector({ bind_dn: `dan@${MAIL}`, bind_password: FIRST });
    const ada = await find('ada');
    const failure = failureOf(await plain.perform({ kind: 'disable_account' }, ada, call));
    expect(failure).toMatchObject({ kind: 'permission', missing: 'Write userAccountControl' });
    expect(valueOf(await plain.readState(ada, call)).protectedBecause).toMatch(/may not write pwdLastSet/);
    const group = failureOf(await plain.perform({ kind: 'require_two_step' }, ada, call));
    expect(group).toMatchObject({ kind: 'permission', missing: `Write member on ${lab.domain.groupDn('Two-step')}` });
    const details = (await plain.health(call)).filter((probe) => !probe.ok).map(({ detail }) => detail);
    expect(details).toHaveLength(8);
    expect(details[0]).toMatch(/dsacls "OU=Staff,.*" \/I:S \/G ".*:RPWP;userAccountControl;user"/);
    expect(details[1]).toMatch(/dsacls "CN=Two-step,.*:RPWP;member"/);
  });

  it('leaves no way in with the stolen password, also when the demand to change is lifted', async () => {
    const ref = await find('eve');
    const since = runtime.now();
    valueOf(await connector.perform(reset('Contained-Passw0rd-1'), ref, call));
    expect(valueOf(await connector.readBack(reset('Contained-Passw0rd-1'), ref, since, call)).verdict).toBe('holds');
    const dn = lab.domain.dnOf(`eve@${MAIL}`);
    await lab.domain.asAdministrator((client) => client.modify(dn, change('replace', attribute('pwdLastSet', '-1'))));
    expect(await lab.domain.checkPassword(`eve@${MAIL}`, FIRST)).toBe(false);
    const lifted = valueOf(await connector.readBack(reset('Contained-Passw0rd-1'), ref, since, call));
    expect(lifted).toMatchObject({ verdict: 'does_not_hold' });
    expect(lifted.observed).toMatch(/need not be changed/);
  });

  it('does not take the own choice of the person for the reset', async () => {
    const ref = await find('fay');
    const since = runtime.now();
    const temporary = 'Temporary-Passw0rd-1';
    valueOf(await connector.perform(reset(temporary), ref, call));
    await lab.domain.adminReset(`fay@${MAIL}`, { password: 'Somebody-Elses-1', mustChange: true });
    const read = valueOf(await connector.readBack(reset(temporary), ref, since, call));
    expect(read.verdict).toBe('does_not_hold');
    expect(read.observed).toMatch(/not the one of this reset/);
  });

  it('proves the password of a disabled account, and of one whose password never expires', async () => {
    const ref = await find('gil');
    const since = runtime.now();
    valueOf(await connector.perform({ kind: 'disable_account' }, ref, call));
    valueOf(await connector.perform(reset('While-Disabled-1'), ref, call));
    expect(valueOf(await connector.readBack(reset('While-Disabled-1'), ref, since, call)).verdict).toBe('holds');
    const dn = lab.domain.dnOf(`gil@${MAIL}`);
    await lab.domain.asAdministrator((client) =>
      client.modify(dn, change('replace', attribute('userAccountControl', '66048'))),
    );
    const read = valueOf(await connector.readBack(reset('While-Disabled-1'), ref, since, call));
    expect(read.verdict).toBe('holds');
    expect(read.observed).toMatch(/never expires/);
    expect(read.state.mustChangePassword).toBe(false);
  });

  it.each([-600_000, 600_000])('proves a reset with a clock of ours that is ahead by %i ms', async (aheadMs) => {
    const ref = await find('gil');
    const differing = { ...runtime, now: () => new Date(runtime.now().getTime() + aheadMs) };
    const other = lab.connector({}, differing);
    const since = differing.now();
    valueOf(await other.perform(reset('Another-Clock-Passw0rd-1'), ref, call));
    expect(valueOf(await other.readBack(reset('Another-Clock-Passw0rd-1'), ref, since, call)).observed).toMatch(
      /A sign-in proves the new password/,
    );
  });

  it.each([
    [-300_000, 'misconfigured', /(4 min 5\d s|5 min [0-2] s) behind that of Active Directory/],
    [0, 'ok', /The clock of this machine/],
    [300_000, 'misconfigured', /(4 min 5\d s|5 min [0-2] s) ahead of that of Active Directory/],
  ] as const)('tells the doctor that a clock of ours is ahead by %i ms', async (aheadMs, verdict, told) => {
    const differing = { ...runtime, now: () => new Date(runtime.now().getTime() + aheadMs) };
    const findings = await lab.connector({}, differing).examine(null, call);
    const found = findings.find(({ subject }) => subject === 'clock');
    expect(found).toMatchObject({ verdict });
    expect(found?.detail).toMatch(told);
  });

  it('rehearses every reversible action on a test account, and leaves it as it was', async () => {
    const account = await find('gil');
    const state = async () => ({ ...valueOf(await connector.readState(account, call)), readAt: null });
    const before = await state();
    const rows = await rehearse([{ connector, account }], {
      call,
      runtime,
      wait: () => Promise.resolve(),
      stopping: () => false,
      onRow: () => undefined,
    });
    expect(rows.map(({ action }) => action)).toEqual(reversibleIn(connector));
    expect(rows.filter(staysChanged)).toEqual([]);
    expect(rows.filter((row) => !worked(row))).toEqual([]);
    expect(rows).toContainEqual(expect.objectContaining({ action: 'disable_account', result: 'shown', undone: 'yes' }));
    expect(await state()).toEqual(before);
  });

  it('says that a locked account hides whose password it is, and unlocks when enabling', async () => {
    const email = `dan@${MAIL}`;
    const ref = await find('dan');
    await lab.domain.asAdministrator((client) =>
      client.modify(lab.domain.baseDn, [
        change('replace', attribute('lockoutThreshold', '3')),
        change('replace', attribute('lockoutDuration', '-18000000000')),
        change('replace', attribute('lockOutObservationWindow', '-18000000000')),
      ]),
    );
    const since = runtime.now();
    valueOf(await connector.perform(reset('Under-Attack-Passw0rd-1'), ref, call));
    for (const guess of ['one', 'two', 'three']) await lab.domain.checkPassword(email, guess);
    const state = valueOf(await connector.readState(ref, call));
    expect(state).toMatchObject({ locked: true, enabled: true });
    const hidden = valueOf(await connector.readBack(reset('Under-Attack-Passw0rd-1'), ref, since, call));
    expect(hidden.verdict).toBe('cannot_tell');
    expect(valueOf(await connector.readBack({ kind: 'enable_account' }, ref, since, call)).verdict).toBe(
      'does_not_hold',
    );
    expect(valueOf(await connector.perform({ kind: 'enable_account' }, ref, call)).alreadyDone).toBe(false);
    expect(valueOf(await connector.readBack({ kind: 'enable_account' }, ref, since, call)).verdict).toBe('holds');
    expect(valueOf(await connector.readBack(reset('Under-Attack-Passw0rd-1'), ref, since, call)).verdict).toBe('holds');
    expect(valueOf(await connector.perform({ kind: 'enable_account' }, ref, call)).alreadyDone).toBe(true);
  });

  it('sees membership through groups in groups, and that leaving does not undo it', async () => {
    const ref = await find('cleo');
    await lab.domain.asAdministrator(async (client) => {
      const inner = lab.domain.groupDn('Inner');
      await client.modify(lab.domain.groupDn('Two-step'), change('add', attribute('member', inner)));
      await client.modify(inner, change('add', attribute('member', lab.domain.dnOf(`cleo@${MAIL}`))));
    });
    const command: Command = { kind: 'require_two_step' };
    expect(valueOf(await connector.perform(command, ref, call)).alreadyDone).toBe(true);
    expect(valueOf(await connector.readBack(command, ref, runtime.now(), call))).toMatchObject({
      verdict: 'cannot_tell',
      inPlace: true,
      observed: expect.stringContaining('set up outside Active Directory'),
    });
    expect(valueOf(await connector.restore(command, ref, { groups: [] }, call)).alreadyDone).toBe(true);
    expect(valueOf(await connector.readState(ref, call)).twoStepRequired).toBe(true);
  });

  it('says which setting is wrong when the group does not exist', async () => {
    const wrong = lab.connector({ two_step_group_dn: `CN=Nope,${lab.domain.baseDn}` });
    const failure = failureOf(await wrong.perform({ kind: 'require_two_step' }, await find('ada'), call));
    expect(failure).toMatchObject({ kind: 'invalid_input', field: 'group_dn' });
    const group = `group CN=Nope,${lab.domain.baseDn}`;
    expect((await wrong.health(call)).find(({ name }) => name === group)?.ok).toBe(false);
  });

  it('never talks to a controller whose certificate it cannot check', async () => {
    const untrusting = lab.connector({ ca: undefined });
    const misnamed = lab.connector({ server_name: 'another.example' });
    const ref = await find('ada');
    for (const [wrong, why] of [
      [untrusting, /not trusted/],
      [misnamed, /another name/],
    ] as const) {
      const failure = failureOf(await wrong.perform({ kind: 'disable_account' }, ref, call));
      expect(failure.kind).toBe('auth');
      expect(failure.message).toMatch(why);
    }
  });

  it('upgrades a plain connection before it binds', async () => {
    const upgraded = lab.connector({ url: `ldap://${lab.domain.address}:389`, start_tls: true });
    const ref = valueOf(await byEmail(`ada@${MAIL}`, upgraded));
    expect(valueOf(await upgraded.readState(ref, call)).enabled).toBe(true);
    const misnamed = lab.connector({
      url: `ldap://${lab.domain.address}:389`,
      start_tls: true,
      server_name: 'another.example',
    });
    expect(failureOf(await misnamed.readState(ref, call)).kind).toBe('auth');
  });

  it('keeps to its deadline and to the signal when nothing answers', async () => {
    const hasty = lab.connector({ deadline_ms: 300 });
    const ref = await find('ada');
    lab.proxy.set({ on: 'search', what: 'silence' });
    expect(failureOf(await hasty.readState(ref, call)).kind).toBe('transient');
    lab.proxy.set({ on: 'modify', what: 'silence' });
    expect(failureOf(await hasty.perform({ kind: 'disable_account' }, ref, call)).kind).toBe('unknown_outcome');
    const signal = AbortSignal.timeout(200);
    lab.proxy.set({ on: 'bind', what: 'silence' });
    expect(failureOf(await connector.readState(ref, { ...call, signal })).kind).toBe('transient');
    await lab.proxy.calm();
  });

  it.each([
    [51, 'busy', 'throttled'],
    [52, 'unavailable', 'transient'],
    [10, '0000202B: RefErr: DSID-031007F9', 'unsupported'],
    [53, '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0', 'invalid_input'],
    [53, '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0', 'auth'],
    [80, 'other', 'transient'],
  ])('tells what answer %d (%s) to a write means', async (code, text, kind) => {
    const ref = await find('ada');
    lab.proxy.set({ on: 'modify', what: { code, text } });
    const failure = failureOf(await connector.perform({ kind: 'disable_account' }, ref, call));
    await lab.proxy.calm();
    expect(failure.kind).toBe(kind);
    expect(valueOf(await connector.readState(ref, call)).enabled).toBe(true);
  });

  it('finds the password set when only the answer to its first write was lost', async () => {
    const ref = await find('ada');
    const since = runtime.now();
    lab.proxy.set({ on: 'modify', what: 'lose_answer' });
    expect(failureOf(await connector.perform(reset('Twice-Told-Passw0rd-1'), ref, call)).kind).toBe('unknown_outcome');
    await lab.proxy.calm();
    expect(valueOf(await connector.readBack(reset('Twice-Told-Passw0rd-1'), ref, since, call)).verdict).toBe('holds');
  });

  it.each([
    ['the throw-away password', 1],
    ['the given password, again', 2],
  ])('says that it does not know when the answer to setting %s is lost, and a repeat mends it', async (_, skip) => {
    const ref = await find('ada');
    const since = runtime.now();
    const command = reset(`Cut-Off-After-${skip}-Writes`);
    lab.proxy.set({ on: 'modify', what: 'lose_answer', skip });
    expect(failureOf(await connector.perform(command, ref, call)).kind).toBe('unknown_outcome');
    await lab.proxy.calm();
    // After the throw-away nobody knows the password; after the last write all is done.
    const verdict = skip === 1 ? 'does_not_hold' : 'holds';
    expect(valueOf(await connector.readBack(command, ref, since, call)).verdict).toBe(verdict);
    valueOf(await connector.perform(command, ref, call));
    expect(valueOf(await connector.readBack(command, ref, since, call)).verdict).toBe('holds');
  });

  it('keeps the old password when the policy refuses the new one', async () => {
    const ref = await find('cleo');
    expect(failureOf(await connector.perform(reset('short'), ref, call))).toMatchObject({
      kind: 'invalid_input',
      field: 'password',
    });
    expect(await lab.domain.checkPassword(`cleo@${MAIL}`, FIRST)).toBe(true);
  });

  it('reads the right to reset from the access list, without trying it', async () => {
    const ref = await find('ada');
    const ofReset = async (with_: Connector) =>
      (await with_.examine(ref, call)).find(({ subject }) => subject === 'reset_password');
    expect(await ofReset(connector)).toMatchObject({ verdict: 'ok', fix: '' });
    const half = lab.connector({ bind_dn: `fay@${MAIL}`, bind_password: 'Somebody-Elses-1' });
    await lab.domain.adminReset(`fay@${MAIL}`, { password: 'Somebody-Elses-1' });
    await lab.domain.delegate(`fay@${MAIL}`, 'pwdLastSet');
    const missing = await ofReset(half);
    expect(missing).toMatchObject({ verdict: 'missing_permission' });
    expect(missing?.fix).toMatch(/CA;Reset Password;user/);
    expect(failureOf(await half.perform(reset('Never-To-Be-Set-1'), ref, call)).kind).toBe('permission');
    await lab.domain.delegate(`fay@${MAIL}`, 'reset');
    expect(await ofReset(half)).toMatchObject({ verdict: 'ok' });
    valueOf(await half.perform(reset('Now-It-May-Be-Set-1'), ref, call));
  });

  it('knows administrators, services and their groups', async () => {
    await lab.domain.asAdministrator((client) =>
      client.modify(
        lab.domain.dnOf(`twin-b@${MAIL}`),
        change('add', attribute('servicePrincipalName', 'MSSQLSvc/db1.lab.example')),
      ),
    );
    const service = valueOf(await byEmail(lab.domain.dnOf(`twin-b@${MAIL}`).slice(3).split(',')[0] ?? ''));
    expect(valueOf(await connector.readState(service, call))).toMatchObject({ use: 'service', adminRoles: [] });
    const boss = valueOf(await connector.readState(await find('boss'), call));
    expect(boss.adminRoles).toEqual(expect.arrayContaining(['Domain Admins', 'Administrators', 'Enterprise Admins']));
    expect(boss.authority).toEqual({ where: 'here' });
  });

  it('takes administrator groups away one by one, tells those it may not, and gives back what was there', async () => {
    const ref = await find('gil');
    const dn = lab.domain.dnOf(`gil@${MAIL}`);
    const guarded = `CN=Account Operators,CN=Builtin,${lab.domain.baseDn}`;
    const own = [lab.domain.groupDn('Helpdesk'), lab.domain.groupDn('Database owners')];
    await lab.domain.asAdministrator(async (client) => {
      for (const group of [guarded, ...own]) await client.modify(group, change('add', attribute('member', dn)));
    });
    const command: Command = { kind: 'remove_admin_roles' };
    const wide = lab.connector({ admin_group_dns: [guarded, ...own] });
    expect(valueOf(await wide.readState(ref, call)).adminRoles).toEqual([
      'Account Operators',
      'Helpdesk',
      'Database owners',
    ]);
    const before = valueOf(await wide.capture(command, ref, call));
    expect(before).toEqual({ groups: [guarded, ...own] });
    expect(['permission', 'protected_account']).toContain(failureOf(await wide.perform(command, ref, call)).kind);
    const partly = valueOf(await wide.readBack(command, ref, runtime.now(), call));
    expect(partly).toMatchObject({ verdict: 'does_not_hold', observed: expect.stringContaining('Account Operators') });
    expect(partly.observed).not.toContain('Helpdesk');
    expect(valueOf(await connector.readBack(command, ref, runtime.now(), call)).verdict).toBe('holds');
    valueOf(await connector.restore(command, ref, { groups: own }, call));
    expect(valueOf(await connector.capture(command, ref, call))).toEqual({ groups: own });
  });

  it('changes over from one range group to another and back, and knows the sets that were prepared', async () => {
    const ref = await find('bea');
    const from = (ranges: readonly string[]): Command => ({ kind: 'limit_login_ips', ranges });
    valueOf(await connector.perform(from(OFFICE), ref, call));
    const before = valueOf(await connector.capture(from(VPN), ref, call));
    valueOf(await connector.perform(from(VPN), ref, call));
    expect(valueOf(await connector.readState(ref, call)).loginRanges).toEqual(VPN);
    valueOf(await connector.restore(from(VPN), ref, before, call));
    expect(valueOf(await connector.readState(ref, call)).loginRanges).toEqual(OFFICE);
    valueOf(await connector.restore(from(OFFICE), ref, { groups: [] }, call));
    expect(valueOf(await connector.readState(ref, call)).loginRanges).toEqual([]);
  });

  it('leaves no range group when the wanted one cannot be joined', async () => {
    const ref = await find('bea');
    const from = (ranges: readonly string[]): Command => ({ kind: 'limit_login_ips', ranges });
    valueOf(await connector.perform(from(OFFICE), ref, call));
    const gone = [
      { group_dn: lab.domain.groupDn('From office'), ranges: OFFICE },
      { group_dn: `CN=gone,${lab.domain.baseDn}`, ranges: VPN },
    ];
    const failure = failureOf(await lab.connector({ login_range_groups: gone }).perform(from(VPN), ref, call));
    expect(failure.message).toContain('CN=gone');
    expect(valueOf(await connector.readState(ref, call)).loginRanges).toEqual(OFFICE);
    valueOf(await connector.restore(from(OFFICE), ref, { groups: [] }, call));
  });

  it('says that it does not know when the connection is lost between two groups', async () => {
    const ref = await find('fay');
    lab.proxy.set({ on: 'modify', what: 'lose_request', skip: 1 });
    const command: Command = { kind: 'quarantine' };
    expect(failureOf(await connector.perform(command, ref, call)).kind).toBe('unknown_outcome');
    await lab.proxy.calm();
    const half = valueOf(await connector.readBack(command, ref, runtime.now(), call));
    expect(half).toMatchObject({ verdict: 'does_not_hold', observed: expect.stringContaining('Denied') });
    valueOf(await connector.perform(command, ref, call));
    expect(valueOf(await connector.readBack(command, ref, runtime.now(), call)).inPlace).toBe(true);
    valueOf(await connector.restore(command, ref, { groups: [] }, call));
    expect(valueOf(await connector.capture(command, ref, call))).toEqual({ groups: [] });
  });

  it('undoes a disabling without unlocking', async () => {
    const ref = await find('dan');
    const disable: Command = { kind: 'disable_account' };
    const before = valueOf(await connector.capture(disable, ref, call));
    valueOf(await connector.perform(disable, ref, call));
    for (const guess of ['one', 'two', 'three', 'four']) await lab.domain.checkPassword(`dan@${MAIL}`, guess);
    valueOf(await connector.restore(disable, ref, before, call));
    expect(valueOf(await connector.readState(ref, call)).enabled).toBe(true);
  });

  it('keeps as evidence what an intruder leaves in the directory', async () => {
    const email = `cleo@${MAIL}`;
    const ref = await find('cleo');
    await lab.domain.checkPassword(email, 'wrong-guess');
    await lab.domain.intrude(email);
    const evidence = await connector.evidence(ref, call);
    const titles = (section: 'sign_ins' | 'changes' | 'groups' | 'factors'): readonly string[] => {
      const found = evidence[section];
      if ('unavailable' in found) throw new Error(found.unavailable.message);
      return found.items.map(({ title }) => title);
    };
    expect(titles('sign_ins').join()).toMatch(/Last wrong password at this controller/);
    expect(titles('changes')).toEqual(
      expect.arrayContaining([
        'unicodePwd was written',
        'servicePrincipalName was written',
        'altSecurityIdentities was written',
      ]),
    );
    expect(titles('factors').join()).toMatch(/Certificate X509:/);
    expect(titles('groups')).toContain('Inner');
  });

  it('tells of password changes: by an administrator with must-change, and by the person', async () => {
    const source = connector.events;
    if (source === null) throw new Error('Active Directory has events');
    const start = valueOf(await source.poll(null, call));
    await lab.domain.adminReset(`twin-a@${MAIL}`, { mustChange: true });
    const after = valueOf(await source.poll(start.cursor, call));
    const mine = after.events.filter(({ login }) => login === `twin-a@${MAIL}`);
    expect(mine).toMatchObject([{ kind: 'password_reset', actor: null, ip: null }]);
    await lab.domain.asAdministrator((client) =>
      client.modify(lab.domain.baseDn, change('replace', attribute('minPwdAge', '0'))),
    );
    await lab.domain.changeOwnPassword(`twin-b@${MAIL}`, FIRST, 'My-Own-Choice-1');
    const later = valueOf(await source.poll(after.cursor, call));
    expect(later.events.map(({ login }) => login)).toContain(`twin-b@${MAIL}`);
    const ids = new Set(after.events.map(({ eventId }) => eventId));
    expect(later.events.filter(({ login, eventId }) => login === `twin-a@${MAIL}` && !ids.has(eventId))).toEqual([]);
  });

  it('finds changes by time when the cursor is of another controller, and refuses a foreign cursor', async () => {
    const source = connector.events;
    if (source === null) throw new Error('Active Directory has events');
    const at = runtime.now().toISOString();
    const password = await lab.domain.adminReset(`twin-a@${MAIL}`);
    expect(await lab.domain.checkPassword(`twin-a@${MAIL}`, password)).toBe(true);
    const cursor = JSON.stringify({ controller: 'CN=NTDS Settings,CN=OLD', usn: '99999999', at });
    const { events } = valueOf(await source.poll(cursor, call));
    expect(events.map(({ login }) => login)).toContain(`twin-a@${MAIL}`);
    expect(failureOf(await source.poll('yesterday', call)).kind).toBe('invalid_input');
  });
});
