import { afterEach, describe, expect, it } from '@jest/globals';
import type { AccountRef, Command, SystemEvent } from '../../src/ports/connector.js';
import type { HttpLogEntry } from '../../src/connectors/http/client.js';
import type { UnreadableRows } from '../../src/connectors/kit/log.js';
import { Secret } from '../../src/platform/secret.js';
import type { MimecastDirectory, MimecastDirectoryOptions } from 'identity-sandbox/mimecast';
import {
  ADA,
  call,
  connect,
  OFFICE,
  playedRuntime,
  QUARANTINE,
  startDirectory,
  TWO_STEP,
  VPN,
} from './mimecast-subject.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ada: AccountRef = { system: 'mimecast', accountId: ADA, login: ADA };
const reset: Command = { kind: 'reset_password', password: new Secret('Brand-new-Passw0rd-77') };

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(more: Partial<MimecastDirectoryOptions> = {}, settings: Record<string, unknown> = {}) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), more);
  open.push(directory);
  const requests: HttpLogEntry[] = [];
  const unreadable: UnreadableRows[] = [];
  const connector = connect(directory.url, runtime, settings, {
    request: (entry) => requests.push(entry),
    unreadableRows: (report) => unreadable.push(report),
  });
  const paths = (path: string) => directory.calls().filter((entry) => entry.path === path);
  return { runtime, directory, connector, requests, unreadable, paths };
}

describe('the access token', () => {
  it('is fetched once for calls that come together, and again 60 seconds before it ends', async () => {
    const { connector, paths, runtime } = await scene();
    await Promise.all([1, 2, 3, 4].map(() => connector.readState(ada, call())));
    expect(paths('/oauth/token')).toHaveLength(1);
    runtime.advance(1739_000);
    await connector.readState(ada, call());
    expect(paths('/oauth/token')).toHaveLength(1);
    runtime.advance(2000);
    await connector.readState(ada, call());
    expect(paths('/oauth/token')).toHaveLength(2);
  });

  it('is renewed once when it is refused, and the call repeated', async () => {
    const { connector, directory, paths } = await scene();
    await connector.find({ emails: [ADA], employeeId: null }, call());
    directory.expireTokens();
    expect(await connector.perform({ kind: 'disable_account' }, ada, call())).toMatchObject({ ok: true });
    expect(paths('/oauth/token')).toHaveLength(2);
    directory.faults.add({ type: 'unauthorized', times: 2 });
    expect(await connector.find({ emails: [ADA], employeeId: null }, call())).toMatchObject({
      ok: false,
      error: { kind: 'auth' },
    });
  });

  it('is not asked for again and again when the system is down: the failure is told', async () => {
    const { connector, directory, paths } = await scene();
    directory.faults.add({ type: 'http_500', path: '/oauth/token', times: 1 });
    expect(await connector.perform(reset, ada, call())).toMatchObject({ ok: false, error: { kind: 'transient' } });
    expect(paths('/oauth/token')).toHaveLength(1);
    expect(directory.effects()).toEqual([]);
  });
});

describe('the state', () => {
  it('is read without changing anything', async () => {
    const { connector, directory } = await scene();
    const state = await connector.readState(ada, call());
    expect(state).toMatchObject({
      ok: true,
      value: {
        enabled: true,
        locked: false,
        mustChangePassword: false,
        passwordChangedAt: null,
        twoStepRequired: false,
        loginRanges: [],
        protectedBecause: null,
      },
    });
    expect(directory.effects()).toEqual([]);
    expect(directory.state().audit).toEqual([]);
  });

  it('tells when the password was changed last', async () => {
    const { connector, directory, runtime } = await scene();
    directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    runtime.advance(DAY);
    directory.resetByAttacker('bob@example.com', 'mallory@example.com', '203.0.113.66');
    expect(await connector.readState(ada, call())).toMatchObject({
      ok: true,
      value: { passwordChangedAt: new Date('2026-03-02T09:00:00.000Z') },
    });
  });

  it('leaves untold what a missing right hides, and fails when the system is down', async () => {
    const { connector, directory } = await scene();
    directory.permit('Account | Logs | Read', false);
    directory.permit('Services | Directory Sync | Read', false);
    expect(await connector.readState(ada, call())).toMatchObject({
      ok: true,
      value: { enabled: true, passwordChangedAt: null, twoStepRequired: null, loginRanges: null },
    });
    directory.faults.add({ type: 'http_500', path: '/api/directory/get-group-members', times: 9 });
    directory.permit('Services | Directory Sync | Read', true);
    expect(await connector.readState(ada, call())).toMatchObject({ ok: false, error: { kind: 'transient' } });
  });

  it('finds a member on a late page', async () => {
    const crowd = Array.from({ length: 230 }, (_, index) => `user${index}@example.com`);
    const { connector } = await scene({
      groups: [{ name: TWO_STEP, members: [...crowd, ADA] }, { name: OFFICE.group }, { name: VPN.group }],
    });
    expect(await connector.readState(ada, call())).toMatchObject({ ok: true, value: { twoStepRequired: true } });
  });
});

describe('groups', () => {
  it('must be one cloud group of this very name', async () => {
    const twins = await scene({ groups: [{ name: TWO_STEP }, { name: TWO_STEP }] });
    const failure = await twins.connector.perform({ kind: 'require_two_step' }, ada, call());
    expect(failure).toMatchObject({ ok: false, error: { kind: 'ambiguous' } });
    const longer = await scene({ groups: [{ name: `${TWO_STEP}-old` }, { name: TWO_STEP, source: 'ldap' }] });
    expect(await longer.connector.perform({ kind: 'require_two_step' }, ada, call())).toMatchObject({
      ok: false,
      error: { kind: 'not_found' },
    });
  });

  it('are looked up once', async () => {
    const { connector, paths } = await scene();
    await connector.perform({ kind: 'require_two_step' }, ada, call());
    await connector.readState(ada, call());
    const twice = await connector.perform({ kind: 'require_two_step' }, ada, call());
    expect(twice).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(paths('/api/directory/find-groups')).toHaveLength(3);
  });

  it('change over from one range set to another, never leaving the account unrestricted', async () => {
    const { connector, directory } = await scene();
    await connector.perform({ kind: 'limit_login_ips', ranges: OFFICE.ranges }, ada, call());
    const vpn: Command = { kind: 'limit_login_ips', ranges: ['198.51.100.1/25'] };
    expect(await connector.perform(vpn, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(directory.effects().map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([
      `add_group_member ${OFFICE.group}`,
      `add_group_member ${VPN.group}`,
      `remove_group_member ${OFFICE.group}`,
    ]);
    expect(await connector.readBack(vpn, ada, new Date(0), call())).toMatchObject({
      ok: true,
      value: { inPlace: true, state: { loginRanges: VPN.ranges } },
    });
    const before: Command = { kind: 'limit_login_ips', ranges: OFFICE.ranges };
    expect(await connector.readBack(before, ada, new Date(0), call())).toMatchObject({
      ok: true,
      value: { verdict: 'does_not_hold' },
    });
  });
});

describe('reading a reset back', () => {
  it('does not take the attacker’s must-change for ours', async () => {
    const { connector, directory, runtime } = await scene();
    expect(await connector.perform(reset, ada, call())).toMatchObject({ ok: true });
    runtime.advance(HOUR);
    const since = runtime.now();
    expect(directory.user(ADA)?.forcePasswordChange).toBe(true);
    const verdict = async () => {
      const read = await connector.readBack(reset, ada, since, call());
      return read.ok ? read.value.verdict : read.error.kind;
    };
    // The row may still be on its way; later its absence counts.
    expect(await verdict()).toBe('cannot_tell');
    runtime.advance(HOUR);
    expect(await verdict()).toBe('does_not_hold');
  });

  it('sees that the attacker has set it again since', async () => {
    const { connector, directory, runtime } = await scene();
    const since = runtime.now();
    runtime.advance(1500);
    await connector.perform(reset, ada, call());
    runtime.advance(5000);
    directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    const read = await connector.readBack(reset, ada, since, call());
    expect(read).toMatchObject({ ok: true, value: { verdict: 'does_not_hold' } });
  });

  it('cannot tell without the audit log', async () => {
    const { connector, directory, runtime } = await scene();
    directory.permit('Account | Logs | Read', false);
    const since = runtime.now();
    await connector.perform(reset, ada, call());
    const read = await connector.readBack(reset, ada, since, call());
    expect(read).toMatchObject({
      ok: true,
      value: { verdict: 'cannot_tell', observed: expect.stringContaining('Account | Logs | Read') },
    });
  });

  it('cannot tell when two others have changed it since', async () => {
    const { connector, directory, runtime } = await scene();
    const since = runtime.now();
    runtime.advance(1500);
    const entry = {
      auditType: 'User Password Changed',
      category: 'user_account_and_role_logs',
      eventInfo: `Password reset for user: ${ADA} User Password Changed, Remote IP is null`,
    };
    await connector.perform(reset, ada, call());
    directory.writeAudit({ ...entry, user: 'mallory@example.com' });
    expect(await connector.readBack(reset, ada, since, call())).toMatchObject({
      ok: true,
      value: { verdict: 'cannot_tell' },
    });
  });

  it('cannot tell when the only trace is a row that cannot be read', async () => {
    const { connector, directory, runtime } = await scene();
    const since = runtime.now();
    const eventInfo = `${ADA} and bob@example.com`;
    directory.writeAudit({
      auditType: 'User Password Changed',
      category: 'user_account_and_role_logs',
      user: 'x',
      eventInfo,
    });
    expect(await connector.readBack(reset, ada, since, call())).toMatchObject({
      ok: true,
      value: { verdict: 'cannot_tell' },
    });
  });

  it('allows for Mimecast’s whole seconds and a clock that is a little behind', async () => {
    const { connector, runtime } = await scene();
    runtime.advance(1900);
    await connector.perform(reset, ada, call());
    const since = new Date(runtime.now().getTime() + 900);
    expect(await connector.readBack(reset, ada, since, call())).toMatchObject({
      ok: true,
      value: { verdict: 'holds' },
    });
  });
});

describe('disabling', () => {
  it('takes POP and SMTP as well, and enabling says that they are still off', async () => {
    const { connector, directory } = await scene();
    await connector.perform({ kind: 'disable_account' }, ada, call());
    expect(directory.user(ADA)).toMatchObject({ accountDisabled: true, allowPop: false, allowSmtp: false });
    await connector.perform({ kind: 'enable_account' }, ada, call());
    const read = await connector.readBack({ kind: 'enable_account' }, ada, new Date(0), call());
    expect(read).toMatchObject({
      ok: true,
      value: { verdict: 'holds', observed: expect.stringContaining('POP or SMTP is still not permitted') },
    });
  });
});

describe('events', () => {
  const poll = async (
    { connector }: Awaited<ReturnType<typeof scene>>,
    cursor: string | null,
  ): Promise<{ events: readonly SystemEvent[]; cursor: string }> => {
    const polled = await connector.events!.poll(cursor, call());
    if (!polled.ok) throw new Error(polled.error.message);
    return polled.value;
  };

  const ownMarks = async (here: Awaited<ReturnType<typeof scene>>): Promise<(boolean | undefined)[]> => {
    const { cursor } = await poll(here, null);
    here.runtime.advance(10_000);
    expect(await here.connector.perform(reset, ada, call())).toMatchObject({ ok: true });
    for (const actor of ['evil', 'mallory@example.com', ADA]) {
      here.runtime.advance(1000);
      here.directory.resetByAttacker(ADA, actor, '203.0.113.66');
    }
    here.runtime.advance(10_000);
    return (await poll(here, cursor)).events.map(({ own }) => own);
  };

  it('are never our own when the log names another actor than the one that Notme acts as', async () => {
    expect(await ownMarks(await scene({}, { audit_actor: 'api application' }))).toEqual([true, false, false, false]);
  });

  it("are not our own when they are by somebody else's address, though nobody told how the log names us", async () => {
    expect(await ownMarks(await scene())).toEqual([undefined, undefined, false, undefined]);
  });

  it('tell who did it, to whom, when and from where', async () => {
    const here = await scene();
    const { cursor } = await poll(here, null);
    here.runtime.advance(10_000);
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    here.runtime.advance(10_000);
    const { events } = await poll(here, cursor);
    expect(events).toMatchObject([
      {
        kind: 'password_reset',
        login: ADA,
        actor: 'mallory@example.com',
        ip: '203.0.113.66',
        occurredAt: new Date('2026-03-02T09:00:10.000Z'),
      },
    ]);
  });

  it('are all found after a long outage, page by page and slice by slice', async () => {
    const here = await scene();
    let { cursor } = await poll(here, null);
    const changed = (email: string) =>
      here.directory.writeAudit({
        auditType: 'User Password Changed',
        category: 'user_account_and_role_logs',
        user: 'mallory@example.com',
        eventInfo: `Password reset for user: ${email} User Password Changed, Remote IP is 203.0.113.66`,
      });
    for (let hour = 0; hour < 24 * 20; hour += 1) {
      here.runtime.advance(HOUR);
      changed(hour % 2 === 0 ? ADA : 'bob@example.com');
    }
    for (let index = 0; index < 450; index += 1) changed(ADA);
    const ids = new Set<string>();
    for (let times = 0; times < 10; times += 1) {
      const polled = await poll(here, cursor);
      for (const { eventId } of polled.events) ids.add(eventId);
      cursor = polled.cursor;
    }
    expect(ids.size).toBe(24 * 20 + 450);
    expect(JSON.parse(cursor)).toEqual({ until: here.runtime.now().toISOString() });
  });

  it('are sought 60 days back and no further, whatever the cursor says', async () => {
    const here = await scene();
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    here.runtime.advance(59 * DAY);
    let cursor = JSON.stringify({ until: '2020-01-01T00:00:00.000Z' });
    const found: SystemEvent[] = [];
    for (let times = 0; times < 12; times += 1) {
      const polled = await poll(here, cursor);
      found.push(...polled.events);
      cursor = polled.cursor;
    }
    expect(new Set(found.map(({ eventId }) => eventId)).size).toBe(1);
  });

  it('that are written late are found in the overlap', async () => {
    const here = await scene();
    const { cursor } = await poll(here, null);
    here.runtime.advance(-200_000);
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    here.runtime.advance(260_000);
    expect((await poll(here, cursor)).events).toHaveLength(1);
  });

  it('keep what was read before a failure, and go on from there', async () => {
    const here = await scene();
    const { cursor } = await poll(here, null);
    here.runtime.advance(HOUR);
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    here.runtime.advance(20 * HOUR);
    // The first slice is read, the second fails.
    here.directory.faults.add({ type: 'http_500', path: '/api/audit/get-audit-events', times: 1, skip: 1 });
    const partly = await poll(here, cursor);
    expect(partly.events).toHaveLength(1);
    expect(partly.cursor > cursor && partly.cursor < JSON.stringify({ until: here.runtime.now().toISOString() })).toBe(
      true,
    );
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    here.directory.faults.add({ type: 'http_500', path: '/api/audit/get-audit-events', times: 1 });
    expect(await here.connector.events!.poll(partly.cursor, call())).toMatchObject({
      ok: false,
      error: { kind: 'transient' },
    });
    const rest = await poll(here, partly.cursor);
    expect(rest.events).toHaveLength(1);
    expect(JSON.parse(rest.cursor)).toEqual({ until: here.runtime.now().toISOString() });
  });

  it('that cannot be read are counted and reported', async () => {
    const here = await scene();
    const { cursor } = await poll(here, null);
    for (let index = 0; index < 3; index += 1) {
      here.directory.writeAudit({
        auditType: 'User Password Changed',
        user: 'x',
        eventInfo: 'secret@@',
        category: 'user_account_and_role_logs',
      });
    }
    here.runtime.advance(1000);
    await poll(here, cursor);
    expect(here.unreadable).toEqual([
      {
        system: 'mimecast',
        count: 3,
        reasons: ['User Password Changed: its eventInfo names no one account'],
        correlationId: 'test-1',
      },
    ]);
  });

  it('need a cursor that can be read', async () => {
    const here = await scene();
    for (const wrong of ['', 'x', '{}', '{"until":"soon"}', '[]']) {
      expect(await here.connector.events!.poll(wrong, call())).toMatchObject({
        ok: false,
        error: { kind: 'invalid_input', field: 'cursor' },
      });
    }
  });

  it('go on when the clock is set back', async () => {
    const here = await scene();
    here.directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    const ahead = JSON.stringify({ until: new Date(here.runtime.now().getTime() + DAY).toISOString() });
    expect((await poll(here, ahead)).events).toHaveLength(1);
  });
});

describe('health', () => {
  it.each([
    'Directories | Internal | Edit',
    'Directories | Groups | Edit',
    'Services | Directory Sync | Read',
    'Services | Directory Sync | Edit',
    'Account | Logs | Read',
  ])('names the missing permission %s, told in the status or in the envelope', async (permission) => {
    for (const forbidWith of ['http', 'meta'] as const) {
      const { connector, directory } = await scene({ forbidWith });
      directory.permit(permission, false);
      const bad = (await connector.health(call())).filter((probe) => !probe.ok);
      expect(bad.length).toBeGreaterThan(0);
      for (const probe of bad) expect(probe.detail).toContain(permission);
    }
  });

  it('says which configured group is missing, and changes nothing', async () => {
    const { connector, directory } = await scene({
      groups: [{ name: TWO_STEP }, { name: QUARANTINE }, { name: OFFICE.group }],
    });
    const bad = (await connector.health(call())).filter((probe) => !probe.ok);
    expect(bad).toMatchObject([{ name: `group "${VPN.group}"` }]);
    expect(directory.effects()).toEqual([]);
  });
});

describe('what is logged', () => {
  it('is the request without its body, with one correlation id from end to end', async () => {
    const { connector, requests, directory } = await scene();
    await connector.perform(reset, ada, call());
    const text = JSON.stringify(requests) + JSON.stringify(directory.calls());
    expect(text).not.toContain('Brand-new-Passw0rd-77');
    expect(text).not.toContain('client-secret-of-the-tests');
    expect(requests.every(({ correlationId }) => correlationId === 'test-1')).toBe(true);
    expect(directory.calls().every(({ correlationId }) => correlationId === 'test-1')).toBe(true);
    expect(directory.user(ADA)).toMatchObject({ forcePasswordChange: true });
    expect(JSON.stringify(directory.snapshot())).not.toContain('Brand-new-Passw0rd-77');
  });
});
