import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  createGoogleWorkspaceDirectory,
  createServiceAccount,
  type GoogleWorkspaceDirectory,
} from '../src/google-workspace/directory.js';
import { googleWorkspaceSnapshot } from '../src/google-workspace/model.js';

const account = createServiceAccount();
const key = z.object({ private_key: z.string(), client_email: z.string() }).parse(JSON.parse(account.keyFile));
const ROOT = 'root@example.com';
const ADA = 'ada@example.com';
const clock = (): Date => new Date('2026-03-02T09:00:00.000Z');

describe("the sandbox's Google Workspace", () => {
  let directory: GoogleWorkspaceDirectory;
  beforeAll(async () => {
    directory = await createGoogleWorkspaceDirectory({
      serviceAccount: account.known,
      clock,
      users: [
        { email: ROOT, name: 'Root', admin: 'super' },
        { email: ADA, name: 'Ada', password: 'The-0ld-password' },
      ],
    });
  });
  afterAll(() => directory.close());

  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  async function token(scope: string, more: Record<string, unknown> = {}) {
    const iat = clock().getTime() / 1000;
    const claims = {
      iss: key.client_email,
      sub: ROOT,
      scope: `https://www.googleapis.com/auth/${scope}`,
      aud: `${directory.url}/token`,
      iat,
      exp: iat + 3600,
      ...more,
    };
    const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    const assertion = `${text}.${sign('sha256', Buffer.from(text), key.private_key).toString('base64url')}`;
    const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    const answer = await fetch(`${directory.url}/token`, { method: 'POST', body });
    return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
  }

  async function get(path: string, scope: string, more: Record<string, unknown> = {}) {
    const { body } = await token(scope, more);
    const authorization = `Bearer ${String(body['access_token'])}`;
    return fetch(`${directory.url}${path}`, { headers: { authorization } });
  }

  it.each([
    ['an unknown issuer', { iss: 'x@example.com' }, 400, 'invalid_grant'],
    ['another audience', { aud: 'https://oauth2.googleapis.com/token' }, 400, 'invalid_grant'],
    ['an assertion that lasts too long', { exp: clock().getTime() / 1000 + 7200 }, 400, 'invalid_grant'],
    ['a subject that nobody is', { sub: 'nobody@example.com' }, 400, 'invalid_grant'],
    ['a scope that is not delegated', { scope: 'https://www.googleapis.com/auth/drive' }, 401, 'unauthorized_client'],
  ])('gives no token for %s', async (_what, more, status, error) => {
    expect(await token('admin.directory.user', more)).toMatchObject({ status, body: { error } });
  });

  it('opens no door without the token, the scope, the rank and the route', async () => {
    const user = `/admin/directory/v1/users/${ADA}`;
    expect((await fetch(`${directory.url}${user}`)).status).toBe(401);
    expect((await get(user, 'admin.reports.audit.readonly')).status).toBe(403);
    expect((await get(user, 'admin.directory.user.readonly', { sub: ADA })).status).toBe(403);
    expect((await get('/admin/directory/v1/printers', 'admin.directory.user')).status).toBe(404);
    expect((await get('/admin/directory/v1/users/%zz', 'admin.directory.user')).status).toBe(404);
    expect((await get(user, 'admin.directory.user.readonly')).status).toBe(200);
  });

  it("opens nobody else's mailbox", async () => {
    const path = `/gmail/v1/users/${ADA}/settings/imap`;
    expect((await get(path, 'gmail.settings.basic')).status).toBe(403);
    expect((await get(path, 'gmail.settings.basic', { sub: ADA })).status).toBe(200);
  });

  it('keeps and takes back a snapshot, tells of changes, and shows no password', () => {
    let changes = 0;
    const stop = directory.onChange(() => (changes += 1));
    const before = googleWorkspaceSnapshot.parse(JSON.parse(JSON.stringify(directory.snapshot())));
    directory.resetByAttacker(ADA, ADA, '198.51.100.66', 'The-n3w-password');
    directory.intrude(ADA, { ip: '198.51.100.66', country: 'RO' });
    expect(directory.user(ADA)).toMatchObject({
      sessions: 1,
      grants: ['Mail Backup Pro', 'Calendar Helper'],
      imap: true,
    });
    expect([
      directory.checkPassword(ADA, 'The-0ld-password'),
      directory.checkPassword(ADA, 'The-n3w-password'),
    ]).toEqual([false, true]);
    expect(JSON.stringify([directory.state(), directory.snapshot()])).not.toContain('The-n3w-password');
    directory.restore(before);
    expect(directory.checkPassword(ADA, 'The-0ld-password')).toBe(true);
    expect(directory.user(ADA)?.rules).toEqual([]);
    expect(changes).toBe(3);
    stop();
  });
});
