import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createMimecastDirectory,
  type MimecastDirectory,
  type MimecastDirectoryOptions,
} from '../../../sandbox/directories/mimecast/directory.js';
import { mimecastSnapshot } from '../../../sandbox/directories/mimecast/model.js';

const ADA = 'ada@example.com';
const START = new Date('2026-03-02T09:00:00.000Z').getTime();

let at = START;
let directory: MimecastDirectory;
let token = '';

async function start(more: Partial<MimecastDirectoryOptions> = {}): Promise<MimecastDirectory> {
  return createMimecastDirectory({
    users: [{ email: ADA, name: 'Ada Example', password: 'The-0ld-password' }],
    groups: [{ name: 'two' }, { name: 'Two more' }, { name: 'two', source: 'ldap' }],
    clientId: 'id-1',
    clientSecret: 'secret-1',
    clock: () => new Date(at),
    ...more,
  });
}

interface Envelope {
  meta: { status: number; pagination?: { next?: string; totalCount: number } };
  data: Record<string, unknown>[];
  fail: { code?: string; key?: unknown; errors?: { code: string; field?: string; message: string }[] }[];
}

const form = (fields: Record<string, string>) =>
  fetch(`${directory.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
const credentials = { grant_type: 'client_credentials', client_id: 'id-1', client_secret: 'secret-1' };

async function logIn(): Promise<string> {
  const body: unknown = await (await form(credentials)).json();
  return (body as { access_token: string }).access_token;
}

async function post(
  path: string,
  item: unknown,
  more: { token?: string; type?: string; raw?: string; page?: Record<string, unknown> } = {},
) {
  const response = await fetch(`${directory.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${more.token ?? token}`, 'content-type': more.type ?? 'application/json' },
    body: more.raw ?? JSON.stringify({ ...(more.page && { meta: { pagination: more.page } }), data: [item] }),
  });
  const body = (await response.json()) as Envelope;
  return {
    status: response.status,
    headers: response.headers,
    body,
    code: body.fail[0]?.errors?.[0]?.code ?? body.fail[0]?.code,
  };
}

const update = (item: Record<string, unknown>) => post('/api/user/update-user', { emailAddress: ADA, ...item });

beforeEach(async () => {
  at = START;
  directory = await start();
  token = await logIn();
});
afterEach(() => directory.close());

describe('the Mimecast directory’s door', () => {
  it('gives a token for the right credentials only', async () => {
    const right = await form(credentials);
    expect(await right.json()).toMatchObject({ token_type: 'Bearer', expires_in: 1800 });
    expect((await form({ ...credentials, client_secret: 'x' })).status).toBe(401);
    expect((await form({ ...credentials, grant_type: 'password' })).status).toBe(400);
    const json = await fetch(`${directory.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
  });

  it('refuses no, wrong and expired tokens in the gateway’s shape', async () => {
    expect(await post('/api/user/update-user', {}, { token: '' })).toMatchObject({
      status: 401,
      code: 'Unauthorized Request',
    });
    expect(await post('/api/user/update-user', {}, { token: 'x' })).toMatchObject({
      status: 401,
      code: 'token_verification_failed',
    });
    at += 1800_000;
    expect(await update({})).toMatchObject({ status: 401, code: 'token_expired' });
  });

  it('knows its own functions, POST and JSON only', async () => {
    expect((await post('/api/user/create-user', {})).status).toBe(404);
    expect((await post('/api/constructor', {})).status).toBe(404);
    expect((await post('/', {})).status).toBe(404);
    const got = await fetch(`${directory.url}/api/user/update-user`, { headers: { authorization: `Bearer ${token}` } });
    expect(got.status).toBe(405);
    expect((await post('/api/user/update-user', {}, { type: 'text/plain' })).status).toBe(415);
    expect((await post('/api/user/update-user', {}, { raw: '{' })).status).toBe(400);
    expect(await post('/api/user/update-user', {}, { raw: '{"data":[]}' })).toMatchObject({
      code: 'err_validation_null',
    });
  });

  it('tells a missing permission by status, or in the envelope alone', async () => {
    directory.permit('Directories | Internal | Edit', false);
    expect((await update({})).status).toBe(403);
    await directory.close();
    directory = await start({ forbidWith: 'meta', permissions: [] });
    token = await logIn();
    expect(await update({})).toMatchObject({ status: 200, body: { meta: { status: 403 }, fail: [] } });
  });

  it('limits the rate per function, and tells the wait in milliseconds', async () => {
    await directory.close();
    directory = await start({ rateLimit: { calls: 2, perMs: 1000 } });
    token = await logIn();
    expect((await update({})).headers.get('x-ratelimit-remaining')).toBe('1');
    await update({});
    at += 400;
    const refused = await update({ accountDisabled: true });
    expect([refused.status, refused.headers.get('x-ratelimit-reset')]).toEqual([429, '600']);
    expect(directory.effects()).toEqual([]);
    at += 600;
    expect((await update({})).status).toBe(200);
  });
});

describe('update-user', () => {
  it('with the address alone shows the user and changes nothing', async () => {
    const { body } = await update({});
    expect(body.data).toEqual([
      {
        emailAddress: ADA,
        name: 'Ada Example',
        forcePasswordChange: false,
        passwordNeverExpires: false,
        accountLocked: false,
        accountDisabled: false,
        allowPop: true,
        allowSmtp: true,
      },
    ]);
    expect([directory.effects(), directory.state().audit]).toEqual([[], []]);
  });

  it.each([
    [{ emailAddress: undefined }, 'err_validation_null'],
    [{ emailAddress: ' ' }, 'err_validation_blank'],
    [{ emailAddress: 'ada' }, 'err_validation_invalid_email_address'],
    [{ emailAddress: 7 }, 'err_validation_invalid_type'],
    [{ emailAddress: 'nobody@example.com' }, 'err_user_not_found'],
    [{ accountDisabled: 'true' }, 'err_validation_invalid_type'],
    [{ password: '' }, 'err_validation_blank'],
    [{ password: 'weak' }, 'err_user_password_complexity'],
    [{ password: 'Ada-is-my-name-1' }, 'err_user_password_complexity'],
  ])('refuses %j with %s, echoing the input as Mimecast does', async (item, code) => {
    const answer = await update(item);
    expect(answer).toMatchObject({ status: 200, code });
    expect(answer.body.fail[0]?.key).toBeDefined();
    expect(directory.effects()).toEqual([]);
  });

  it('sets a password that only its hash is kept of, and writes the audit row', async () => {
    await update({ password: 'A-good-Passw0rd', forcePasswordChange: true });
    expect(directory.checkPassword(ADA, 'A-good-Passw0rd')).toBe(true);
    expect(directory.checkPassword(ADA, 'The-0ld-password')).toBe(false);
    expect(directory.state().audit).toMatchObject([
      {
        auditType: 'User Password Changed',
        user: 'API Application',
        eventTime: '2026-03-02T09:00:00+0000',
        category: 'user_account_and_role_logs',
        eventInfo: `Password reset for user: ${ADA} User Password Changed, Remote IP is null`,
      },
    ]);
    expect(JSON.stringify([directory.snapshot(), directory.calls(), directory.effects()])).not.toContain(
      'A-good-Passw0rd',
    );
    expect(directory.effects()).toMatchObject([{ kind: 'reset_password', email: ADA }]);
  });

  it('counts an effect only when something changed', async () => {
    await update({ accountDisabled: true });
    await update({ accountDisabled: true });
    await update({ accountLocked: true });
    await update({ accountDisabled: false });
    expect(directory.effects().map(({ kind }) => kind)).toEqual(['disable_account', 'change_flags', 'enable_account']);
  });
});

describe('groups and audit events', () => {
  const find = (item: Record<string, unknown>, page?: Record<string, unknown>) =>
    post('/api/directory/find-groups', item, page === undefined ? {} : { page });

  it('finds by part of the name, and pages', async () => {
    const all = await find({ query: 'TWO' });
    expect(all.body.data[0]?.['folders']).toHaveLength(3);
    const first = await find({ query: 'two' }, { pageSize: 2 });
    expect(first.body.data[0]?.['folders']).toHaveLength(2);
    const rest = await find({ query: 'two' }, { pageSize: 2, pageToken: first.body.meta.pagination?.next });
    expect(rest.body.data[0]?.['folders']).toHaveLength(1);
    expect(rest.body.meta.pagination?.next).toBeUndefined();
    const exact = await find({ query: 'two' }, { pageSize: 3 });
    expect(exact.body.meta.pagination).toEqual({ pageSize: 3, totalCount: 3 });
    expect((await find({}, { pageToken: 'forged' })).code).toBe('err_validation_invalid_page_token');
    expect((await find({}, { pageSize: 0 })).code).toBe('err_validation_invalid_type');
  });

  it('adds and removes a member once', async () => {
    const found = await find({ query: 'two', source: 'cloud' });
    const folders = found.body.data[0]?.['folders'] as { id: string; description: string }[];
    const { id } = folders.find(({ description }) => description === 'two')!;
    expect(id.length).toBeGreaterThanOrEqual(200);
    const add = () => post('/api/directory/add-group-member', { id, emailAddress: ADA });
    const remove = () => post('/api/directory/remove-group-member', { id, emailAddress: ADA });
    expect([(await add()).code, (await add()).code]).toEqual([undefined, 'err_folder_group_member_already_exists']);
    const members = await post('/api/directory/get-group-members', { id });
    expect(members.body.data[0]?.['groupMembers']).toMatchObject([
      { emailAddress: ADA, internal: true, name: 'Ada Example' },
    ]);
    expect([(await remove()).code, (await remove()).code]).toEqual([undefined, 'err_folder_email_address_not_found']);
    expect((await post('/api/directory/get-group-members', { id: 'x' })).code).toBe('err_folder_not_found');
    expect(directory.effects().map(({ kind }) => kind)).toEqual(['add_group_member', 'remove_group_member']);
  });

  const audit = (item: Record<string, unknown>) =>
    post('/api/audit/get-audit-events', {
      startDateTime: '2026-03-02T08:00:00+0000',
      endDateTime: '2026-03-02T10:00:00+0000',
      ...item,
    });

  it('shows the rows of the window, newest first', async () => {
    directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66');
    at += 60_000;
    directory.resetByAttacker(ADA, 'mallory@example.com', '203.0.113.66', 'Known-to-Mall0ry');
    const rows = (await audit({ categories: ['user_account_and_role_logs'], query: ADA })).body.data;
    expect(rows.map((row) => row['eventTime'])).toEqual(['2026-03-02T09:01:00+0000', '2026-03-02T09:00:00+0000']);
    expect(rows[0]).toMatchObject({
      user: 'mallory@example.com',
      eventInfo: expect.stringContaining('Remote IP is 203.0.113.66'),
    });
    expect((await audit({ categories: ['authentication_logs'] })).body.data).toEqual([]);
    expect((await audit({ query: 'bob' })).body.data).toEqual([]);
    expect(directory.checkPassword(ADA, 'Known-to-Mall0ry')).toBe(true);
    expect(() => directory.intrude('nobody@example.com', { ip: 'y' })).toThrow('There is no Mimecast user');
    expect(() => directory.resetByAttacker('nobody@example.com', 'x', 'y')).toThrow('There is no Mimecast user');
  });

  it.each([
    [{ startDateTime: undefined }, 'err_validation_null'],
    [{ endDateTime: '2026-03-02T10:00:00Z' }, 'err_validation_invalid_date'],
    [{ endDateTime: '2026-03-02T10:00:00+00:00' }, 'err_validation_invalid_date'],
    [{ startDateTime: '2025-12-01T00:00:00+0000' }, 'err_validation_invalid_date_range'],
    [{ startDateTime: '2026-03-02T11:00:00+0000' }, 'err_validation_invalid_date_range'],
    [{ categories: 'x' }, 'err_validation_invalid_type'],
  ])('refuses %j with %s', async (item, code) => expect((await audit(item)).code).toBe(code));
});

describe('delegates', () => {
  const find = (primaryAddress: string) => post('/api/user/find-delegate-users', { primaryAddress });
  const add = (delegateAddress: string) =>
    post('/api/user/add-delegate-user', { primaryAddress: ADA, delegateAddress });

  it('are given once, shown, and taken away by their id', async () => {
    const given = await add('Payroll@example.com');
    const id = String(given.body.data[0]?.['id']);
    expect(given.body.data[0]).toMatchObject({ success: true });
    expect((await add('payroll@example.com')).code).toBe('err_delegate_already_exists');
    expect((await find(ADA)).body.data[0]?.['delegateUsers']).toMatchObject([
      { id, emailAddress: 'payroll@example.com', source: 'API' },
    ]);
    const remove = () => post('/api/user/remove-delegate-user', { primaryAddress: ADA, id });
    expect([(await remove()).code, (await remove()).code]).toEqual([undefined, 'err_delegate_not_found']);
    expect(directory.effects().map(({ kind }) => kind)).toEqual(['add_delegate', 'remove_delegate']);
  });

  it.each([
    [() => find('nobody@example.com'), 'err_xdk_operation_forbidden_for_address'],
    [() => find('ada'), 'err_validation_invalid_email_address'],
    [() => add('x'), 'err_validation_invalid_email_address'],
    [() => post('/api/user/remove-delegate-user', { primaryAddress: ADA }), 'err_validation_null'],
  ])('refuse what makes no sense (%#)', async (ask, code) => expect((await ask()).code).toBe(code));
});

describe('API 1.0', () => {
  const keys = { appId: 'app', appKey: 'key', accessKey: 'access', secretKey: 'c2VjcmV0' };

  beforeEach(async () => {
    await directory.close();
    directory = await start({ api1: keys });
    token = await logIn();
  });

  async function signed(path: string, item: unknown, changed: Record<string, string> = {}) {
    const head = {
      'x-mc-date': new Date(at).toUTCString().replace('GMT', 'UTC'),
      'x-mc-req-id': randomUUID(),
      ...changed,
    };
    const text = [head['x-mc-date'], head['x-mc-req-id'], path, keys.appKey].join(':');
    const signature = createHmac('sha1', Buffer.from(keys.secretKey, 'base64')).update(text).digest('base64');
    const response = await fetch(`${directory.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `MC ${keys.accessKey}:${signature}`,
        'content-type': 'application/json',
        'x-mc-app-id': keys.appId,
        ...head,
      },
      body: JSON.stringify({ data: [item] }),
    });
    const body = (await response.json()) as Envelope;
    return { status: response.status, code: body.fail[0]?.errors?.[0]?.code ?? body.fail[0]?.code, body };
  }

  it('has the same functions, and a few of its own', async () => {
    const asked = { emailAddress: ADA };
    expect(await signed('/api/user/update-user', asked)).toMatchObject({ status: 200, code: undefined });
    expect((await signed('/api/user/get-profile', asked)).body.data).toMatchObject([{ admin: false, role: '' }]);
    expect((await post('/api/user/get-profile', asked)).status).toBe(404);
    const nobody = { emailAddress: 'nobody@example.com' };
    expect((await signed('/api/user/get-profile', nobody)).code).toBe('err_xdk_operation_forbidden_for_address');
  });

  it.each<[Record<string, string>, number, string]>([
    [{ 'x-mc-app-id': 'x' }, 401, 'err_developer_key'],
    [{ authorization: 'MC other:c2ln' }, 401, 'err_xdk_binding_not_found'],
    [{ authorization: 'MC access:c2ln' }, 401, 'err_xdk_invalid_signature'],
    [{ authorization: 'MC access' }, 400, 'err_xdk_credentials_missing'],
    [{ 'x-mc-date': '2026-03-02T09:00:00Z' }, 400, 'err_xdk_credentials_missing'],
    [{ 'x-mc-req-id': '7' }, 400, 'err_xdk_credentials_missing'],
    [{ 'x-mc-date': 'Mon, 02 Mar 2026 08:30:00 UTC' }, 401, 'err_xdk_invalid_date'],
  ])('refuses %j', async (changed, status, code) => {
    expect(await signed('/api/user/update-user', { emailAddress: ADA }, changed)).toMatchObject({ status, code });
  });

  it('ends with the authentication cache', async () => {
    directory.expireBinding(true);
    expect(await signed('/api/user/update-user', { emailAddress: ADA })).toMatchObject({
      status: 418,
      code: 'err_xdk_binding_expired',
    });
    expect((await update({})).status).toBe(200);
  });
});

describe('what may go wrong', () => {
  it('happens as often as asked, to the calls that were named', async () => {
    directory.faults.add({ type: 'http_500', only: 'writes', times: 2, skip: 1 });
    const statuses = [
      await update({}),
      await update({ allowPop: false }),
      await update({ allowPop: true }),
      await update({ allowPop: false }),
      await update({ allowPop: true }),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 500, 500, 200]);
    directory.faults.add({ type: 'http_500', times: 9 });
    directory.faults.clear();
    expect((await update({})).status).toBe(200);
  });

  it('may stand in the envelope alone', async () => {
    directory.faults.add({ type: 'meta_status', status: 503, times: 1, path: '/api/user/update-user' });
    directory.faults.add({ type: 'fail_envelope', code: 'err_odd', only: 'writes', times: 1 });
    expect(await update({})).toMatchObject({ status: 200, body: { meta: { status: 503 }, fail: [] } });
    expect((await update({})).code).toBeUndefined();
    expect(await update({ accountDisabled: true })).toMatchObject({ status: 200, code: 'err_odd' });
    expect(directory.user(ADA)?.enabled).toBe(true);
    expect((await update({ accountDisabled: true })).code).toBeUndefined();
  });

  it('may be an audit log that is written late', async () => {
    directory.setLag(60_000);
    await update({ password: 'A-good-Passw0rd' });
    const rows = async () => {
      const window = { startDateTime: '2026-03-02T08:00:00+0000', endDateTime: '2026-03-02T10:00:00+0000' };
      return (await post('/api/audit/get-audit-events', window)).body.data.length;
    };
    expect(await rows()).toBe(0);
    at += 60_000;
    expect(await rows()).toBe(1);
  });

  it('loses an answer with the effect, or the request before it', async () => {
    directory.faults.add({ type: 'drop_after_effect', times: 1 });
    await expect(update({ accountDisabled: true })).rejects.toThrow();
    expect(directory.user(ADA)?.accountDisabled).toBe(true);
    directory.faults.add({ type: 'drop_before_effect', times: 1 });
    await expect(update({ accountDisabled: false })).rejects.toThrow();
    expect(directory.user(ADA)?.accountDisabled).toBe(true);
    expect(directory.calls().map(({ status }) => status)).toEqual([200, null, null]);
  });

  it('keeps silent until it is closed', async () => {
    directory.faults.add({ type: 'timeout_after_effect', times: 1 });
    const silent = update({ accountDisabled: true });
    const failure = expect(silent).rejects.toThrow();
    const changed = new Promise<void>((resolve) => directory.onChange(resolve));
    await changed;
    await directory.close();
    await failure;
    directory = await start();
  });

  it('calls the hooks around each effect, and only there', async () => {
    const order: string[] = [];
    directory.hooks.beforeEffect = ({ email }) => {
      order.push(`before ${email} ${directory.user(ADA)?.accountDisabled}`);
      return Promise.resolve();
    };
    directory.hooks.afterEffect = ({ path }) => {
      order.push(`after ${path} ${directory.user(ADA)?.accountDisabled}`);
      return Promise.resolve();
    };
    await update({});
    await update({ accountDisabled: true });
    expect(order).toEqual([`before ${ADA} false`, 'after /api/user/update-user true']);
  });
});

describe('a snapshot', () => {
  it('brings everything back', async () => {
    await update({ password: 'A-good-Passw0rd', accountDisabled: true });
    const snapshot = mimecastSnapshot.parse(JSON.parse(JSON.stringify(directory.snapshot())));
    await directory.close();
    directory = await start({ users: [], groups: [], snapshot });
    expect(directory.checkPassword(ADA, 'A-good-Passw0rd')).toBe(true);
    expect(directory.user(ADA)).toMatchObject({ accountDisabled: true });
    expect(directory.state().groups).toHaveLength(3);
    expect(directory.state().audit).toHaveLength(1);
  });
});
