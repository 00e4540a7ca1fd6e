import { describe, expect, it } from '@jest/globals';
import { ADA, credentials, directory, form, pass, post, restart, token, update, withMimecast } from './mimecast-lab.js';

withMimecast();

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
    pass(1800_000);
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
    await restart({ forbidWith: 'meta', permissions: [] });
    expect(await update({})).toMatchObject({ status: 200, body: { meta: { status: 403 }, fail: [] } });
  });

  it('limits the rate per function, and tells the wait in milliseconds', async () => {
    await restart({ rateLimit: { calls: 2, perMs: 1000 } });
    expect((await update({})).headers.get('x-ratelimit-remaining')).toBe('1');
    await update({});
    pass(400);
    const refused = await update({ accountDisabled: true });
    expect([refused.status, refused.headers.get('x-ratelimit-reset')]).toEqual([429, '600']);
    expect(directory.effects()).toEqual([]);
    pass(600);
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
    pass(60_000);
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
