import { afterEach, describe, expect, it } from '@jest/globals';
import { entraIdSnapshot } from '../src/entra-id/model.js';
import { parseFilter } from '../src/entra-id/odata.js';
import { createEntraIdDirectory, type EntraIdDirectory } from '../src/entra-id/directory.js';

const OPTIONS = {
  tenantId: 'contoso.example',
  clientId: '0f0f0f0f-1111-4222-8333-444444444444',
  clientSecret: 'secret~of~the~tests',
  clock: () => new Date('2026-03-02T09:00:00.000Z'),
  users: [
    { email: 'ada@contoso.example', name: 'Ada Example', password: 'The-0ld-password' },
    { email: "o'neil@contoso.example", name: "O'Neil Example" },
  ],
};

const open: EntraIdDirectory[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(more: Partial<Parameters<typeof createEntraIdDirectory>[0]> = {}) {
  const directory = await createEntraIdDirectory({ ...OPTIONS, ...more });
  open.push(directory);
  const tokenPath = `${directory.url}/${OPTIONS.tenantId}/oauth2/v2.0/token`;
  const askToken = (form: Record<string, string> = {}, path = tokenPath) =>
    fetch(path, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: OPTIONS.clientId,
        client_secret: OPTIONS.clientSecret,
        scope: `${directory.url}/.default`,
        ...form,
      }),
    });
  const granted: unknown = await (await askToken()).json();
  const token =
    typeof granted === 'object' && granted !== null && 'access_token' in granted ? granted.access_token : '';
  const send = async (method: string, path: string, body?: unknown, authorization = `Bearer ${String(token)}`) => {
    const response = await fetch(`${directory.url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, json };
  };
  return { directory, askToken, send };
}

describe('the token endpoint', () => {
  it.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'AADSTS7000215'],
    ['another application', { client_id: '11111111-1111-4222-8333-444444444444' }, 400, 'AADSTS700016'],
    ['another scope', { scope: 'https://graph.example/.default' }, 400, 'AADSTS70011'],
    ['another grant', { grant_type: 'password' }, 400, 'AADSTS70003'],
  ])('refuses %s', async (_title, form, status, code) => {
    const { askToken } = await start();
    const response = await askToken(form);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(code);
  });

  it('refuses another tenant', async () => {
    const { askToken, directory } = await start();
    const response = await askToken({}, `${directory.url}/fabrikam.example/oauth2/v2.0/token`);
    expect([response.status, (await response.text()).includes('AADSTS90002')]).toEqual([400, true]);
  });
});

describe('Graph on this machine', () => {
  it('answers in the form of Graph', async () => {
    const { send } = await start();
    const { status, headers, json } = await send('GET', '/v1.0/users/nobody@contoso.example');
    expect([status, headers.has('request-id')]).toEqual([404, true]);
    expect(json).toMatchObject({
      error: { code: 'Request_ResourceNotFound', innerError: { date: expect.any(String) } },
    });
  });

  it.each([
    ['an unknown path', 'GET', '/v1.0/everything', 400],
    ['an unknown version', 'GET', '/v2.0/users', 400],
    ['a wrong method', 'DELETE', '/v1.0/users', 405],
    ['beta in v1.0', 'GET', '/v1.0/users/ada@contoso.example/authentication/requirements', 400],
    ['a broken filter', 'GET', "/v1.0/users?$filter=mail%20eq%20'", 400],
    ['a page too large', 'GET', '/v1.0/users?$top=1000', 400],
    ['an option that is none', 'GET', '/v1.0/users?$search=x', 400],
  ])('refuses %s', async (_title, method, path, status) => {
    expect((await (await start()).send(method, path)).status).toBe(status);
  });

  it('refuses a wrong token, a missing permission and a missing licence in their own words', async () => {
    const { send } = await start();
    const wrong = await send('GET', '/v1.0/users', undefined, 'Bearer nonsense');
    expect(wrong).toMatchObject({ status: 401, json: { error: { code: 'InvalidAuthenticationToken' } } });
    const bare = await start({ permissions: [], licences: [] });
    expect(await bare.send('GET', '/v1.0/users')).toMatchObject({
      status: 403,
      json: { error: { code: 'Authorization_RequestDenied' } },
    });
    const poor = await start({ licences: [] });
    expect(await poor.send('GET', '/v1.0/auditLogs/signIns')).toMatchObject({
      status: 403,
      json: { error: { code: 'Authentication_RequestFromNonPremiumTenantOrB2CTenant' } },
    });
  });

  it('answers only what is selected, and pages', async () => {
    const { send } = await start();
    const first = await send('GET', '/v1.0/users?$top=1&$select=userPrincipalName');
    expect(first.json).toMatchObject({ value: [{ userPrincipalName: 'ada@contoso.example' }] });
    expect(JSON.stringify(first.json)).not.toContain('accountEnabled');
    const link = /"@odata.nextLink":"http:\/\/[^/]+([^"]+)"/.exec(JSON.stringify(first.json))?.[1] ?? '';
    expect((await send('GET', link)).json).toMatchObject({ value: [{ userPrincipalName: "o'neil@contoso.example" }] });
  });

  it('changes all of a PATCH or nothing', async () => {
    const { directory, send } = await start({ permissions: ['User.EnableDisableAccount.All', 'User.Read.All'] });
    const both = { accountEnabled: false, passwordProfile: { password: 'Brand-New-Passw0rd' } };
    expect((await send('PATCH', '/v1.0/users/ada@contoso.example', both)).status).toBe(403);
    expect(directory.user('ada@contoso.example')?.enabled).toBe(true);
    expect((await send('PATCH', '/v1.0/users/ada@contoso.example', { accountEnabled: false })).status).toBe(204);
    expect(directory.user('ada@contoso.example')?.enabled).toBe(false);
  });

  it('takes one call a second where Microsoft does, and does not say how long to wait', async () => {
    const { send } = await start();
    expect((await send('GET', '/v1.0/identityProtection/riskyUsers')).status).toBe(200);
    const second = await send('GET', '/v1.0/identityProtection/riskyUsers');
    expect([second.status, second.headers.has('retry-after')]).toEqual([429, false]);
  });

  it('goes on from a snapshot, and tells of every change', async () => {
    const { directory, send } = await start();
    let changes = 0;
    const stop = directory.onChange(() => (changes += 1));
    await send('PATCH', '/v1.0/users/ada@contoso.example', { accountEnabled: false });
    stop();
    expect(changes).toBeGreaterThan(0);
    const snapshot = entraIdSnapshot.parse(JSON.parse(JSON.stringify(directory.snapshot())));
    const again = await start({ snapshot });
    expect(again.directory.user('ada@contoso.example')?.enabled).toBe(false);
    expect(again.directory.checkPassword('ada@contoso.example', 'The-0ld-password')).toBe(true);
  });
});

describe('$filter', () => {
  const ada = { mail: 'ada@x.example', proxyAddresses: ['SMTP:ada@x.example'], at: '2026-03-02T09:00:00.5Z', n: null };
  it.each([
    ["mail eq 'ADA@x.example'", true],
    ["mail eq 'bob' or proxyAddresses/any(p:p eq 'smtp:ada@x.example')", true],
    ["mail eq 'ada@x.example' and (n eq null)", true],
    ['at ge 2026-03-02T09:00:00.000Z and at le 2026-03-02T09:00:01.000Z', true],
    ['at ge 2026-03-02T09:00:01.000Z', false],
    ["startswith(mail,'ada')", true],
    ["mail eq 'x'' or ''1'' eq ''1'", false],
  ])('%s', (text, wanted) => {
    expect(parseFilter(text)?.(ada)).toBe(wanted);
  });
  it.each(['', 'mail', 'mail eq', "mail ne 'x'", "(mail eq 'x'", "mail eq 'x' 'y'", "mail eq 'x"])(
    'refuses %s',
    (text) => {
      expect(parseFilter(text)).toBeNull();
    },
  );
});
