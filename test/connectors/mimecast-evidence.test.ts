import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MimecastDirectory, MimecastDirectoryOptions } from 'identity-sandbox/mimecast';
import { readAuditInfo } from '../../src/connectors/mimecast/audit-info.js';
import type { Command, Evidence, EvidenceSection, Finding } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import {
  ADA,
  API1,
  call,
  connect,
  OFFICE,
  playedRuntime,
  QUARANTINE,
  startDirectory,
  VPN,
} from './mimecast-subject.js';

const ada = { system: 'mimecast', accountId: ADA, login: ADA };

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(settings: Record<string, unknown> = {}, more: Partial<MimecastDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), more);
  open.push(directory);
  return { runtime, directory, connector: connect(directory.url, runtime, settings) };
}

function itemsOf(evidence: Evidence, section: EvidenceSection) {
  const found = evidence[section];
  if ('unavailable' in found) throw new Error(found.unavailable.message);
  return found.items;
}

describe('the text of an audit row', () => {
  it.each([
    [
      'Successful authentication for a@x.example <A>, Date: 2021-10-11, Time: 18:17:30 BST, IP: 1.2.3.4, Application: Administration Console, Method: Cloud, 2FA: TOTP',
      { application: 'Administration Console', method: 'Cloud', secondStep: 'TOTP' },
    ],
    [
      'Failed authentication for a@x.example, Application: MPP, Method: Office 365, Reason: Account Locked',
      { application: 'MPP', method: 'Office 365', reason: 'Account Locked' },
    ],
    ['Method:Cloud 2FA : null', { method: 'Cloud 2FA : null' }],
    ['nothing here', {}],
  ])('%j is read key by key', (text, info) => expect(readAuditInfo(text)).toEqual(info));

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const value of Object.values(readAuditInfo(text))) expect(value).not.toBe('');
      }),
    );
  });
});

describe('evidence', () => {
  it('shows what an intruder left, newest first', async () => {
    const { connector, directory, runtime } = await scene();
    directory.writeAudit({
      auditType: 'User Logged On',
      user: ADA,
      category: 'authentication_logs',
      eventInfo: `Successful authentication for ${ADA} <Ada>, IP: 198.51.100.7, Application: Mimecast for Outlook, Method: Cloud, 2FA: TOTP`,
    });
    runtime.advance(60_000);
    directory.intrude(ADA, { ip: '203.0.113.66', country: 'ZZ' });
    runtime.advance(60_000);
    directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    const evidence = await connector.evidence(ada, call());
    expect(itemsOf(evidence, 'sign_ins').map(({ ip, succeeded }) => [ip, succeeded])).toEqual([
      ['203.0.113.66', true],
      ['203.0.113.66', false],
      ['203.0.113.66', false],
      ['198.51.100.7', true],
    ]);
    expect(itemsOf(evidence, 'sign_ins')[1]).toMatchObject({
      title: 'Logon Authentication Failed: Mimecast Personal Portal',
      detail: 'by Cloud, no second step told, Wrong password',
    });
    expect(evidence.factors).toMatchObject({ items: [{ title: 'TOTP (seen at a sign-in)' }], complete: false });
    expect(itemsOf(evidence, 'mail_rules')).toMatchObject([
      { id: 'bob@example.com', title: 'May open the mailbox bob@example.com' },
    ]);
    expect(itemsOf(evidence, 'changes').map(({ title, by }) => `${title} by ${by}`)).toEqual([
      'User Password Changed by mallory@example.com',
      `Delegate Mailbox Added by ${ADA}`,
    ]);
    for (const section of ['sessions', 'grants', 'app_passwords', 'devices', 'roles', 'recovery'] as const)
      expect(evidence[section]).toMatchObject({ unavailable: { kind: 'unsupported' } });
  });

  it('is bounded, and says that there is more', async () => {
    const { connector, directory } = await scene();
    for (let index = 0; index < 130; index += 1)
      directory.writeAudit({
        auditType: 'User Logged On',
        user: ADA,
        category: 'authentication_logs',
        eventInfo: `Successful authentication for ${ADA}, IP: 198.51.100.7, Application: x`,
      });
    const { sign_ins } = await connector.evidence(ada, call());
    expect(sign_ins).toMatchObject({ complete: false });
    if ('items' in sign_ins) expect(sign_ins.items).toHaveLength(100);
  });

  it('keeps what it can when a right is missing', async () => {
    const { connector, directory } = await scene();
    directory.permit('Account | Logs | Read', false);
    const evidence = await connector.evidence(ada, call());
    expect(evidence.sign_ins).toMatchObject({ unavailable: { kind: 'permission', missing: 'Account | Logs | Read' } });
    expect(evidence.changes).toMatchObject({ unavailable: { kind: 'permission' } });
    expect(itemsOf(evidence, 'groups')).toEqual([]);
    expect(itemsOf(evidence, 'mail_rules')).toEqual([]);
  });

  it('names the prepared groups that hold the person', async () => {
    const { connector } = await scene();
    await connector.perform({ kind: 'quarantine' }, ada, call());
    expect(itemsOf(await connector.evidence(ada, call()), 'groups')).toMatchObject([{ title: QUARANTINE }]);
  });
});

describe('rights to other mailboxes', () => {
  const remove = (items: 'all' | string[]): Command => ({ kind: 'disable_mail_rules', items });

  it('come back as they were, under new ids, and no others with them', async () => {
    const { connector, directory } = await scene();
    for (const mailbox of ['payroll@example.com', 'bob@example.com']) directory.delegate(ADA, mailbox);
    const one = remove(['payroll@example.com']);
    const before = await connector.capture(one, ada, call());
    expect(before).toEqual({ ok: true, value: { delegates: ['payroll@example.com'] } });
    await connector.perform(one, ada, call());
    expect(directory.user(ADA)?.rules).toEqual(['bob@example.com']);
    await connector.perform(remove('all'), ada, call());
    if (before.ok) await connector.restore(one, ada, before.value, call());
    expect(directory.user(ADA)?.rules).toEqual(['payroll@example.com']);
    expect(await connector.readBack(one, ada, new Date(0), call())).toMatchObject({
      ok: true,
      value: { verdict: 'does_not_hold' },
    });
  });

  it.each(['drop_before_effect', 'throttle'] as const)(
    'are told as half done on %s at the second call',
    async (type) => {
      const { connector, directory } = await scene();
      for (const mailbox of ['payroll@example.com', 'bob@example.com']) directory.delegate(ADA, mailbox);
      directory.faults.add({ type, only: 'writes', times: 1, skip: 1 });
      expect(await connector.perform(remove('all'), ada, call())).toMatchObject({
        ok: false,
        error: { kind: 'unknown_outcome' },
      });
      expect(directory.user(ADA)?.rules).toEqual(['bob@example.com']);
      expect(await connector.perform(remove('all'), ada, call())).toMatchObject({ ok: true });
      expect(directory.user(ADA)?.rules).toEqual([]);
    },
  );
});

describe('a change of groups', () => {
  it('is told as half done when the second call is refused for load', async () => {
    const { connector, directory } = await scene();
    await connector.perform({ kind: 'limit_login_ips', ranges: OFFICE.ranges }, ada, call());
    const change: Command = { kind: 'limit_login_ips', ranges: VPN.ranges };
    directory.faults.add({ type: 'throttle', only: 'writes', times: 1, skip: 1 });
    expect(await connector.perform(change, ada, call())).toMatchObject({ error: { kind: 'unknown_outcome' } });
    expect(directory.user(ADA)?.groups).toEqual([OFFICE.group, VPN.group]);
    expect(await connector.perform(change, ada, call())).toMatchObject({ ok: true });
    expect(directory.user(ADA)?.groups).toEqual([VPN.group]);
  });
});

describe('undo', () => {
  it('gives back only the protocols that were there before', async () => {
    const { connector, directory } = await scene();
    await connector.perform({ kind: 'block_mail_protocols' }, ada, call());
    const disable: Command = { kind: 'disable_account' };
    const before = await connector.capture(disable, ada, call());
    await connector.perform(disable, ada, call());
    if (!before.ok) throw new Error(before.error.message);
    await connector.restore(disable, ada, before.value, call());
    expect(directory.user(ADA)).toMatchObject({ enabled: true, allowPop: false, allowSmtp: false });
  });

  it('refuses a saved state of another action', async () => {
    const { connector } = await scene();
    for (const kind of ['disable_account', 'quarantine'] as const) {
      const wrong = await connector.restore({ kind }, ada, { accountDisabled: 'no', groups: 7 }, call());
      expect(wrong).toMatchObject({ ok: false, error: { kind: 'invalid_input', field: 'before' } });
    }
  });
});

describe('the doctor', () => {
  const about = (findings: readonly Finding[], subject: Finding['subject']) =>
    findings.find((finding) => finding.subject === subject);

  // Where the reference of API 1.0 and the catalogue of API 2.0 differ, the second name is that of 2.0.
  it.each([
    [['Directories | Internal | Edit'], ['find', 'reset_password', 'disable_account', 'block_mail_protocols']],
    [['Directories | Internal | Read', 'Directories | Internal | Create Alternate Address'], ['disable_mail_rules']],
    [['Directories | Groups | Edit'], ['require_two_step', 'quarantine', 'limit_login_ips']],
    [
      ['Directories | Groups | Read', 'Services | Directory Sync | Read'],
      ['require_two_step', 'quarantine', 'limit_login_ips'],
    ],
    [['Services | Directory Sync | Edit'], ['require_two_step', 'quarantine', 'limit_login_ips']],
    [['Account | Logs | Read'], ['reset_password', 'events', 'evidence']],
  ] as const)(
    'names %s, for what needs it and for nothing else',
    async ([permission, inApi2 = permission], subjects) => {
      for (const settings of [{}, API1]) {
        const { connector, directory } = await scene(settings);
        directory.permit(settings === API1 ? permission : inApi2, false);
        const missing = (await connector.examine(null, call())).filter(
          ({ verdict }) => verdict === 'missing_permission',
        );
        const named = new Set<string>(missing.map(({ subject }) => subject));
        for (const subject of subjects) expect(named).toContain(subject);
        expect(named.size).toBe(permission === 'Directories | Internal | Edit' ? 5 : subjects.length);
        for (const { fix } of missing) expect(fix).toContain(`"${permission}"`);
        expect(directory.effects()).toEqual([]);
      }
    },
  );

  it('tells a group that is not there, an account that is not there, and where people are copied from', async () => {
    const { connector } = await scene({ quarantine_group: 'nope', synced_from: 'active_directory' });
    const findings = await connector.examine(ada, call());
    expect(about(findings, 'quarantine')).toMatchObject({ verdict: 'misconfigured' });
    expect(about(findings, 'disable_account')?.detail).toContain('active_directory');
    expect(await connector.readState(ada, call())).toMatchObject({
      value: { authority: { where: 'synced', from: 'active_directory' } },
    });
    const nobody = { ...ada, accountId: 'nobody@example.com', login: 'nobody@example.com' };
    expect(about(await connector.examine(nobody, call()), 'find')).toMatchObject({ verdict: 'misconfigured' });
    const subjects = findings.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });
});

describe('an audit log that is written late', () => {
  it('does not let a reset count as proven before its row is there', async () => {
    const { connector, directory, runtime } = await scene();
    directory.setLag(90_000);
    const since = runtime.now();
    const reset: Command = { kind: 'reset_password', password: new Secret('Brand-new-Passw0rd-77') };
    expect(await connector.perform(reset, ada, call())).toMatchObject({ ok: true });
    runtime.advance(30_000);
    expect(await connector.readBack(reset, ada, since, call())).toMatchObject({ value: { verdict: 'cannot_tell' } });
    runtime.advance(90_000);
    expect(await connector.readBack(reset, ada, since, call())).toMatchObject({ value: { verdict: 'holds' } });
  });
});
