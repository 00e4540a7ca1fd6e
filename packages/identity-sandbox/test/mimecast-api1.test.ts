import { createHmac, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ADA, codeOf, directory, now, post, restart, update, withMimecast, type Envelope } from './mimecast-lab.js';

withMimecast();

describe('API 1.0', () => {
  const keys = { appId: 'app', appKey: 'key', accessKey: 'access', secretKey: 'c2VjcmV0' };

  beforeEach(async () => {
    await restart({ api1: keys });
  });

  async function signed(path: string, item: unknown, changed: Record<string, string> = {}) {
    const head = {
      'x-mc-date': new Date(now()).toUTCString().replace('GMT', 'UTC'),
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
    return { status: response.status, code: codeOf(body), body };
  }

  it('has the same functions, and a few of its own', async () => {
    const asked = { emailAddress: ADA };
    expect(await signed('/api/user/update-user', asked)).toMatchObject({ status: 200, code: undefined });
    expect((await signed('/api/user/get-profile', asked)).body.data).toMatchObject([{ admin: false, role: '' }]);
    expect((await post('/api/user/get-profile', asked)).status).toBe(404);
    const nobody = { emailAddress: 'nobody@example.com' };
    expect((await signed('/api/user/get-profile', nobody)).code).toBe('err_xdk_operation_forbidden_for_address');
    await restart({ api1: keys, profileInApi2: true });
    expect((await post('/api/user/get-profile', asked)).body.data).toMatchObject([{ admin: false }]);
  });

  it.each([
    ['/api/directory/get-group-members', 'Directories | Groups | Read', 'Services | Directory Sync | Read'],
    [
      '/api/user/find-delegate-users',
      'Directories | Internal | Read',
      'Directories | Internal | Create Alternate Address',
    ],
  ])('asks for its own permission for %s', async (path, in1, in2) => {
    const item = { id: 'x', primaryAddress: ADA };
    await restart({ api1: keys, permissions: [in1] });
    expect([(await signed(path, item)).status, (await post(path, item)).status]).toEqual([200, 403]);
    await restart({ api1: keys, permissions: [in2] });
    expect([(await signed(path, item)).status, (await post(path, item)).status]).toEqual([403, 200]);
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
