import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { call, connect } from './mimecast-subject.js';

// Mimecast as real tenants answer: each function of a stub, by its path, unless a test gives another.
interface Asked {
  readonly path: string;
  readonly data: Readonly<Record<string, unknown>>;
}
type Answer = readonly [status: number, body: unknown];
type Answers = Readonly<Record<string, (asked: Asked) => Answer>>;

const FORBIDDEN = 'err_xdk_operation_forbidden_for_address';
const ada = {
  emailAddress: 'ada@example.com',
  forcePasswordChange: true,
  accountLocked: false,
  accountDisabled: false,
  allowSmtp: false,
  allowPop: false,
};
const good = (...data: unknown[]): Answer => [200, { meta: { status: 200 }, data, fail: [] }];
const refused = (code: string, status = 200): Answer => [
  200,
  { meta: { status }, data: [], fail: [{ key: {}, errors: [{ code, message: 'refused', retryable: false }] }] },
];
const folder = (id: string, description = 'two-step') => ({ id, description, source: 'cloud' });

const BASE: Answers = {
  '/oauth/token': () => [200, { access_token: 't', token_type: 'Bearer', expires_in: 1799 }],
  '/api/user/update-user': ({ data }) =>
    data['emailAddress'] === ada.emailAddress ? good({ ...ada, ...data }) : refused(FORBIDDEN),
  '/api/directory/find-groups': () => good({ folders: [folder('g1')] }),
  '/api/directory/get-group-members': () => good({ groupMembers: [] }),
  '/api/directory/add-group-member': () => good({ id: 'g1' }),
  '/api/directory/remove-group-member': () => good({ id: 'g1' }),
  '/api/audit/get-audit-events': () => good(),
  '/api/user/find-delegate-users': () => good({ delegateUsers: [] }),
  '/api/user/remove-delegate-user': () => good(),
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const runtime = systemRuntime();
const account = { system: 'mimecast', accountId: 'ada@example.com', login: 'ada@example.com' };
const ago = (seconds: number): Date => new Date(runtime.now().getTime() - seconds * 1000);
const auditTime = (at: Date): string => `${at.toISOString().slice(0, 19)}+0000`;

async function tenant(answers: Answers): Promise<{ connector: Connector; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(chunks).toString();
      const json = text.startsWith('{') ? (JSON.parse(text) as { data?: Record<string, unknown>[] }) : {};
      const question = { path, data: json.data?.[0] ?? {} };
      asked.push(question);
      const [status, body] = (answers[path] ?? BASE[path] ?? (() => [404, {}] as const))(question);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const settings = { two_step_group: 'two-step', quarantine_group: null, login_range_groups: [] };
  return { connector: connect(`http://127.0.0.1:${address.port}`, runtime, settings), asked };
}

const findingOf = async (connector: Connector, subject: string) =>
  (await connector.examine(null, call())).find((one) => one.subject === subject);
async function readBack(connector: Connector, command: Command, since = ago(8)) {
  const read = await connector.readBack(command, account, since, call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const twoStep: Command = { kind: 'require_two_step' };

describe('a tenant that refuses every change of a group', () => {
  const answers: Answers = {
    '/api/directory/add-group-member': () => refused(FORBIDDEN),
    '/api/directory/remove-group-member': () => refused(FORBIDDEN),
  };

  it('is not told as ok by the doctor', async () => {
    const { connector } = await tenant(answers);
    expect(await findingOf(connector, 'require_two_step')).toMatchObject({
      verdict: 'cannot_tell',
      detail: expect.stringContaining('two-step'),
      fix: expect.stringContaining('test account'),
    });
  });

  it('is told as the group, not as the address, and with the manual steps', async () => {
    const { connector } = await tenant(answers);
    // `unsupported` is what the core answers with the console's steps.
    expect(await connector.perform(twoStep, account, call())).toMatchObject({
      ok: false,
      error: { kind: 'unsupported', message: expect.stringContaining('"two-step"') },
    });
  });

  it('is told as the address when that cannot be read either', async () => {
    const { connector } = await tenant({ ...answers, '/api/user/update-user': () => refused(FORBIDDEN) });
    expect(await connector.perform(twoStep, account, call())).toMatchObject({
      ok: false,
      error: { kind: 'not_found' },
    });
  });
});

it.each([
  ['taken', () => good({ id: '1' })],
  ['ignored', () => good()],
  ['refused for the form of the address', () => refused('err_validation_invalid_email_address')],
])('the removal of a test address proves no right to change a group where it is %s', async (_how, answer) => {
  const { connector } = await tenant({ '/api/directory/remove-group-member': answer });
  expect(await findingOf(connector, 'require_two_step')).toMatchObject({ verdict: 'cannot_tell' });
});

it('that the test address is no member proves the right to change a group', async () => {
  const answer = () => refused('err_folder_email_address_not_found');
  const { connector } = await tenant({ '/api/directory/remove-group-member': answer });
  expect(await findingOf(connector, 'require_two_step')).toMatchObject({ verdict: 'ok' });
});

describe.each([[200], [401], [403], [429]])('an address outside the account, with meta.status %d', (status) => {
  const answers: Answers = {
    '/api/user/update-user': ({ data }) =>
      data['emailAddress'] === ada.emailAddress ? good(ada) : refused(FORBIDDEN, status),
  };

  it('is passed over when a person is looked for, and is no missing right', async () => {
    const { connector } = await tenant(answers);
    const person = { emails: ['ada@example.com', 'ada@private.test'], employeeId: null };
    expect(await connector.find(person, call())).toMatchObject({ ok: true, value: { login: 'ada@example.com' } });
    for (const subject of ['find', 'reset_password', 'disable_account'])
      expect(await findingOf(connector, subject)).toMatchObject({ verdict: 'ok' });
  });
});

it('a right that Mimecast calls by two names is named by both, in the list to paste too', async () => {
  const { connector } = await tenant({
    '/api/directory/get-group-members': () => [200, { meta: { status: 403 }, data: [], fail: [] }],
  });
  const findings = await connector.examine(null, call());
  const found = findings.find(({ subject }) => subject === 'require_two_step');
  const names = ['Directories | Groups | Read', 'Services | Directory Sync | Read'];
  expect(found).toMatchObject({ verdict: 'missing_permission', missing: names });
  for (const name of names)
    expect([found?.detail, found?.fix]).toEqual([expect.stringContaining(name), expect.stringContaining(name)]);
});

describe('an API application without the product', () => {
  it.each([
    ['/api/audit/get-audit-events', 'events', 'Audit Events'],
    ['/api/user/update-user', 'find', 'User and Group Management'],
  ])('is told of %s as a missing product, which no role mends', async (path, subject, product) => {
    const body = { fail: [{ code: 'app_forbidden', message: 'Resource does not exist in any product' }] };
    const { connector } = await tenant({ [path]: () => [403, body] });
    const finding = await findingOf(connector, subject);
    expect(finding?.verdict).toBe('unlicensed');
    expect(finding?.fix).toContain(`new API application with "${product}" ticked`);
    expect(finding?.fix).toContain('No role helps');
  });
});

describe('a list that is none', () => {
  const envelope = { meta: { status: 200 }, fail: [] };
  it.each([
    ['an object', { ...envelope, data: { delegateUsers: [{ emailAddress: 'eve@example.com' }] } }],
    ['null', { ...envelope, data: null }],
    ['left out', envelope],
    ['beside a failure without a code', { ...envelope, data: [], fail: [{ errors: [] }] }],
  ])('is never taken for an empty one: %s', async (_how, body) => {
    const { connector } = await tenant({ '/api/user/find-delegate-users': () => [200, body] });
    const command = { kind: 'disable_mail_rules', items: 'all' } as const;
    const read = await connector.readBack(command, account, ago(60), call());
    expect(read.ok && read.value.verdict === 'holds').toBe(false);
    const { mail_rules: rules } = await connector.evidence(account, call());
    expect(rules).not.toMatchObject({ complete: true });
  });
});

describe('rows of the audit log', () => {
  const rows = (...all: readonly Record<string, unknown>[]): Answers => ({
    '/api/audit/get-audit-events': () => good(...all),
  });
  const changed = (id: string, seconds: number, ip: string) => ({
    id,
    auditType: 'User Password Changed',
    user: 'ada@example.com',
    eventTime: auditTime(ago(seconds)),
    eventInfo: `Password reset for user: ada@example.com User Password Changed, Remote IP is ${ip}`,
  });
  const enrolled = (user: string | null, eventInfo: string) => ({
    id: 'e1',
    auditType: 'User Logged On',
    user,
    eventTime: auditTime(ago(30)),
    eventInfo,
  });

  it('a sign-in whose text names nobody is that of its user', async () => {
    const text = 'Succesfully enrolled user for user device enrollment, Remote IP is 67.43.156.15';
    const { connector } = await tenant(rows(enrolled('JohnDoe@example.com', text)));
    const polled = await connector.events?.poll(null, call());
    expect(polled).toMatchObject({
      ok: true,
      value: { events: [{ kind: 'sign_in', login: 'johndoe@example.com', ip: '67.43.156.15' }] },
    });
  });

  it.each([
    [null, 'Enrolled, Remote IP is 67.43.156.15'],
    ['System', 'Enrolled, Remote IP is 67.43.156.15'],
    ['eve@example.com', 'Handed over from ada@example.com to dia@example.com'],
  ])('a sign-in of nobody that can be told stays unreadable: %s', async (user, text) => {
    const { connector } = await tenant(rows(enrolled(user, text)));
    expect(await connector.events?.poll(null, call())).toMatchObject({ ok: true, value: { events: [] } });
  });

  it('a second password change since the reset leaves open whose holds', async () => {
    const { connector } = await tenant(rows(changed('1', 5, 'null'), changed('2', 2, '198.51.100.66')));
    const reset = { kind: 'reset_password' } as Extract<Command, { kind: 'reset_password' }>;
    expect(await readBack(connector, reset)).toMatchObject({ verdict: 'cannot_tell' });
    const alone = await tenant(rows(changed('1', 5, 'null')));
    expect(await readBack(alone.connector, reset)).toMatchObject({ verdict: 'holds' });
  });

  it('a change in the very second of the reset and a later one leave open whose holds', async () => {
    const second = Math.floor(ago(60).getTime() / 1000) * 1000;
    const at = (ms: number) => ({ eventTime: auditTime(new Date(second + ms)) });
    const both = rows({ ...changed('1', 0, 'null'), ...at(0) }, { ...changed('2', 0, '198.51.100.66'), ...at(30_000) });
    const { connector } = await tenant(both);
    const reset = { kind: 'reset_password' } as Extract<Command, { kind: 'reset_password' }>;
    expect(await readBack(connector, reset, new Date(second + 700))).toMatchObject({ verdict: 'cannot_tell' });
  });

  it.each([
    ['Method: Cloud, 2FA: TOTP, Reason: Invalid 2FA code'],
    ['Method: Two Step Auth, Reason: Wrong code'],
    ['Method: Cloud, Reason: The verification code has expired'],
  ])('a second step that failed says that the password was right: %s', async (how) => {
    const eventInfo = `Failed authentication for ada@example.com <Ada>, IP: 67.43.156.15, ${how}`;
    const { connector } = await tenant(
      rows({ ...enrolled('ada@example.com', eventInfo), auditType: 'Logon Authentication Failed' }),
    );
    const { sign_ins: found } = await connector.evidence(account, call());
    if (!('items' in found)) throw new Error('no sign-ins');
    expect(found.items[0]).toMatchObject({ detail: expect.stringContaining('the password was right') });
    expect(found.items[0]?.succeeded).toBeUndefined();
  });

  it('a wrong password is a failed try', async () => {
    const eventInfo =
      'Failed authentication for ada@example.com <Ada>, IP: 67.43.156.15, Method: Cloud, 2FA: TOTP, Reason: Wrong password';
    const { connector } = await tenant(
      rows({ ...enrolled('ada@example.com', eventInfo), auditType: 'Logon Authentication Failed' }),
    );
    expect(await connector.evidence(account, call())).toMatchObject({ sign_ins: { items: [{ succeeded: false }] } });
  });

  it.each([
    ['User Logged On', 'eve@evil.example <ada@example.com>', null],
    ['User Logged On', 'Ada <ada@example.com>', null],
    ['User Logged On', 'ada@example.com <Ada>', null],
    ['User Logged On', 'ada@example.com <eve@evil.example>', 'Ada@Example.com'],
    ['User Logged On', '"eve@evil.example x" <ada@example.com>', 'ada@example.com'],
    ['User Password Changed', 'eve@evil.example <ada@example.com>', 'eve@evil.example'],
    ['User Password Changed', 'ada@example.com by Root <root@example.com>', 'root@example.com'],
  ])('is about the address and not about a name that looks like one: %s for %s', async (auditType, who, user) => {
    const words = auditType === 'User Logged On' ? 'Successful authentication for' : 'Password reset for user:';
    const row = { ...enrolled(user, `${words} ${who}, IP: 67.43.156.15`), auditType };
    const { connector } = await tenant(rows(row));
    expect(await connector.events?.poll(null, call())).toMatchObject({
      ok: true,
      value: { events: [{ login: 'ada@example.com' }] },
    });
  });

  it('a second step that is asked for is no failed try', async () => {
    const row = {
      id: 'e2',
      auditType: 'Logon Requires Challenge',
      user: 'ada@example.com',
      eventTime: auditTime(ago(30)),
      eventInfo:
        'Intermediate authentication for ada@example.com <Ada>, IP: 67.43.156.15, Method: Office 365, 2FA: TOTP',
    };
    const { connector } = await tenant(rows(row));
    const { sign_ins: found } = await connector.evidence(account, call());
    if (!('items' in found)) throw new Error('no sign-ins');
    expect(found.items[0]).toMatchObject({ detail: expect.stringContaining('the password was right') });
    expect(found.items[0]?.succeeded).toBeUndefined();
  });

  it('an empty or repeated page token ends the reading', async () => {
    for (const next of ['', 'again']) {
      const { connector, asked } = await tenant({
        '/api/audit/get-audit-events': () => [200, { meta: { status: 200, pagination: { next } }, data: [], fail: [] }],
      });
      await connector.evidence(account, call());
      await connector.events?.poll(null, call());
      expect(asked.filter(({ path }) => path.includes('audit')).length).toBeLessThan(60);
    }
  });
});

describe('enabling an account that is locked too', () => {
  it('unlocks it, and does not call a locked one enabled', async () => {
    const { connector, asked } = await tenant({});
    await connector.perform({ kind: 'enable_account' }, account, call());
    expect(asked.at(-1)?.data).toMatchObject({ accountDisabled: false, accountLocked: false });
    const locked = await tenant({ '/api/user/update-user': () => good({ ...ada, accountLocked: true }) });
    expect(await readBack(locked.connector, { kind: 'enable_account' })).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining('locked'),
    });
  });
});

describe('lists in a shape that is not known', () => {
  const right = { id: 'd1', emailAddress: 'boss@example.com' };

  it.each([
    ['of other keys', { delegates: [right] }],
    ['without its list', {}],
    ['with an element that cannot be read', { delegateUsers: [{ id: 'd1' }] }],
  ])('proves no absence of delegate rights: %s', async (_name, row) => {
    const { connector } = await tenant({ '/api/user/find-delegate-users': () => good(row) });
    const command: Command = { kind: 'disable_mail_rules', items: 'all' };
    expect(await readBack(connector, command)).toMatchObject({ verdict: 'cannot_tell' });
  });

  it('reads a delegate right that stands in its row', async () => {
    const { connector } = await tenant({ '/api/user/find-delegate-users': () => good(right) });
    const command: Command = { kind: 'disable_mail_rules', items: 'all' };
    expect(await readBack(connector, command)).toMatchObject({ verdict: 'does_not_hold' });
  });

  it('one folder without an id hides no other, and proves none absent', async () => {
    const beside = { folders: [{ description: 'odd' }, folder('g1')] };
    const { connector } = await tenant({ '/api/directory/find-groups': () => good(beside) });
    expect(await connector.perform(twoStep, account, call())).toMatchObject({ ok: true });
    const alone = await tenant({
      '/api/directory/find-groups': () => good({ folders: [{ description: 'two-step' }] }),
    });
    expect(await alone.connector.perform(twoStep, account, call())).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    });
  });

  it('one member that cannot be read hides no other, and proves nobody outside', async () => {
    const odd = { emailAddress: null };
    const inside = await tenant({
      '/api/directory/get-group-members': () => good({ groupMembers: [odd, { emailAddress: 'Ada@example.com' }] }),
    });
    expect(await readBack(inside.connector, twoStep)).toMatchObject({ inPlace: true });
    const untold = await tenant({ '/api/directory/get-group-members': () => good({ groupMembers: [odd] }) });
    const hidden = await readBack(untold.connector, twoStep);
    expect(hidden).toMatchObject({ verdict: 'cannot_tell' });
    expect(hidden).not.toHaveProperty('inPlace');
  });
});

describe('a group that was made anew under its name', () => {
  it('is looked up again after a refusal without a reason, and joined', async () => {
    let present = 'g1';
    const { connector } = await tenant({
      '/api/directory/find-groups': () => good({ folders: [folder(present)] }),
      '/api/directory/add-group-member': ({ data }) =>
        data['id'] === present ? good({ id: present }) : [400, undefined],
    });
    expect(await connector.perform(twoStep, account, call())).toMatchObject({ ok: true });
    present = 'g2';
    expect(await connector.perform(twoStep, account, call())).toMatchObject({ ok: true });
  });
});
