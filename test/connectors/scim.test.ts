import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ScimDirectory } from 'identity-sandbox/scim';
import type { AccountRef, Command, Connector, PersonIdentifiers } from '../../src/ports/connector.js';
import { scimSettings } from '../../src/connectors/scim/settings.js';
import { Secret } from '../../src/platform/secret.js';
import { playedRuntime } from './keycloak-subject.js';
import { ADA, call, connect, OFFICE, startDirectory, TOKEN, VPN } from './scim-subject.js';

const PASSWORD = 'Quite-Rand0m-zqzqzq';
const reset = (): Command => ({ kind: 'reset_password', password: new Secret(PASSWORD) });
const person = (...emails: string[]): PersonIdentifiers => ({ emails, employeeId: null });

const closing: (() => unknown)[] = [];
let runtime: ReturnType<typeof playedRuntime>;

beforeEach(() => {
  runtime = playedRuntime();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function against(
  options: Parameters<typeof startDirectory>[1] = {},
  more: Record<string, unknown> = {},
): Promise<{ directory: ScimDirectory; connector: Connector; account: AccountRef }> {
  const directory = await startDirectory(() => runtime.now(), options);
  closing.push(() => directory.close());
  const connector = connect(directory.url, runtime, more);
  const found = await connector.find(person(ADA), call());
  if (!found.ok) throw new Error(found.error.message);
  return { directory, connector, account: found.value };
}

/** A server that this test writes, for what the package does not do: versions, ignored filters, other words. */
async function served(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/v2`;
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/scim+json' });
  response.end(JSON.stringify(body));
};

describe('against scimmy', () => {
  it('is one system for each configured application', async () => {
    const { connector, account } = await against({}, { id: 'shop', title: 'Shop' });
    expect([connector.system, connector.title, account.system]).toEqual(['scim_shop', 'Shop', 'scim_shop']);
  });

  it('tells a copy from its external id, and says what the next provisioning may undo', async () => {
    const { connector, account } = await against();
    const state = await connector.readState(account, call());
    expect(state).toMatchObject({
      ok: true,
      value: { authority: { where: 'synced', from: 'okta' }, passwordChangedAt: null },
    });
    await connector.perform({ kind: 'disable_account' }, account, call());
    const read = await connector.readBack({ kind: 'disable_account' }, account, runtime.now(), call());
    if (!read.ok) throw new Error(read.error.message);
    expect(read.value.verdict).toBe('holds');
    expect(read.value.residual.map(({ what }) => what).join()).toContain('okta');
  });

  it('says before an incident that a copy is switched back, and whose administrator this is', async () => {
    const { connector, account } = await against();
    const findings = new Map((await connector.examine(account, call())).map((one) => [one.subject, one]));
    for (const kind of ['disable_account', 'enable_account'] as const)
      expect(findings.get(kind)).toMatchObject({ verdict: 'ok', detail: expect.stringContaining('okta decides') });
    expect(findings.get('find')?.detail).toContain('copied from okta');
    expect(findings.get('find')?.detail).toContain('no administrator');
  });

  it('does not send a password to a server that says it takes none', async () => {
    const { directory, connector, account } = await against({ changePassword: false });
    expect(await connector.perform(reset(), account, call())).toMatchObject({
      ok: false,
      error: { kind: 'unsupported' },
    });
    expect(directory.checkPassword(ADA, PASSWORD)).toBe(false);
    const finding = (await connector.examine(null, call())).find(({ subject }) => subject === 'reset_password');
    expect(finding).toMatchObject({ verdict: 'misconfigured' });
  });

  it('never passes on the password that a server quotes', async () => {
    const { connector, account } = await against();
    const weak = new Secret('zqzqzq');
    const result = await connector.perform({ kind: 'reset_password', password: weak }, account, call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'invalid_input', field: 'password' } });
    expect(JSON.stringify(result)).not.toContain('zqzqzq');
  });

  it('changes between range sets, and comes back to the one before', async () => {
    const { directory, connector, account } = await against();
    const limit = (ranges: readonly string[]): Command => ({ kind: 'limit_login_ips', ranges });
    await connector.perform(limit(OFFICE.ranges), account, call());
    const before = await connector.capture(limit(VPN.ranges), account, call());
    if (!before.ok) throw new Error(before.error.message);
    await connector.perform(limit(VPN.ranges), account, call());
    expect(directory.user(ADA)?.groups).toEqual(['VPN only']);
    await connector.restore(limit(VPN.ranges), account, before.value, call());
    expect(directory.user(ADA)?.groups).toEqual(['Office only']);
  });

  it('touches no group that is not configured, whatever the saved facts say', async () => {
    const { directory, connector, account } = await against();
    await connector.restore({ kind: 'quarantine' }, account, { groups: ['grp-admins'] }, call());
    expect(directory.user(ADA)?.groups).toEqual([]);
  });

  it('shows contacts, groups and roles, and says that SCIM knows no sign-ins', async () => {
    const { directory, connector, account } = await against();
    directory.intrude(ADA, { ip: '198.51.100.66' });
    directory.setMember('grp-admins', ADA, true);
    const evidence = await connector.evidence(account, call());
    expect(JSON.stringify(evidence.recovery)).toContain('recovery@evil.example');
    expect(evidence.groups).toMatchObject({ items: [{ id: 'grp-admins', title: 'Administrators' }] });
    expect(evidence.sign_ins).toMatchObject({ unavailable: { kind: 'unsupported' } });
  });

  it('waits for a lag instead of claiming', async () => {
    const { directory, connector, account } = await against();
    directory.setLag(30_000);
    await connector.perform({ kind: 'disable_account' }, account, call());
    const read = () => connector.readBack({ kind: 'disable_account' }, account, runtime.now(), call());
    expect(await read()).toMatchObject({ ok: true, value: { verdict: 'does_not_hold' } });
    runtime.advance(31_000);
    expect(await read()).toMatchObject({ ok: true, value: { verdict: 'holds' } });
  });

  it('finds a group that is not there', async () => {
    const { connector } = await against({}, { two_step_group_id: 'grp-gone' });
    const finding = (await connector.examine(null, call())).find(({ subject }) => subject === 'require_two_step');
    expect(finding).toMatchObject({ verdict: 'misconfigured', fix: expect.stringContaining('GET /Groups') });
    expect((await connector.health(call())).filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
      'group grp-gone',
    ]);
  });
});

describe('against other servers', () => {
  it('reads on when a server ignores the filter, and takes nobody who does not fit', async () => {
    const users = Array.from({ length: 250 }, (_, index) => ({
      id: `u${index}`,
      userName: `user-${index}@example.com`,
    }));
    const url = await served((request, _body, response) => {
      const query = new URL(request.url ?? '/', 'http://x').searchParams;
      const start = Number(query.get('startIndex')) - 1;
      json(response, 200, {
        totalResults: users.length,
        Resources: users.slice(start, start + Number(query.get('count'))),
      });
    });
    const connector = connect(url, runtime);
    expect(await connector.find(person('user-240@example.com'), call())).toMatchObject({
      ok: true,
      value: { accountId: 'u240' },
    });
    expect(await connector.find(person('nobody@example.com'), call())).toMatchObject({
      ok: false,
      error: { kind: 'not_found' },
    });
  });

  it('takes a filter that is not supported for no answer, not for nobody', async () => {
    const url = await served((request, _body, response) => {
      if (request.url?.includes('emails.value') === true)
        json(response, 400, { scimType: 'invalidFilter', detail: 'no' });
      else json(response, 200, { totalResults: 1, Resources: [{ id: 'u1', userName: ADA }] });
    });
    expect(await connect(url, runtime).find(person(ADA), call())).toMatchObject({
      ok: true,
      value: { accountId: 'u1' },
    });
  });

  it('writes filters as JSON strings, so that a quote ends nothing', async () => {
    const filters: string[] = [];
    const url = await served((request, _body, response) => {
      filters.push(new URL(request.url ?? '/', 'http://x').searchParams.get('filter') ?? '');
      json(response, 200, { totalResults: 0 });
    });
    await connect(url, runtime).find(person('x" or userName pr or "\\'), call());
    expect(filters).toContain(String.raw`userName eq "x\" or userName pr or \"\\"`);
  });

  it('sends the version that it read, and reads it once more when somebody was faster', async () => {
    const matched: (string | undefined)[] = [];
    let version = 1;
    const url = await served((request, _body, response) => {
      if (request.url?.includes('ServiceProviderConfig') === true) {
        json(response, 200, { etag: { supported: true } });
        return;
      }
      const now = `W/"${version}"`;
      if (request.method === 'GET') {
        json(response, 200, { id: 'u1', userName: ADA, active: true, meta: { version: now } });
        if (matched.length === 0) version += 1;
        return;
      }
      matched.push(request.headers['if-match']);
      if (request.headers['if-match'] === now) response.writeHead(204).end();
      else json(response, 412, { detail: 'version' });
    });
    const account: AccountRef = { system: 'scim_wiki', accountId: 'u1', login: ADA };
    expect((await connect(url, runtime).perform({ kind: 'disable_account' }, account, call())).ok).toBe(true);
    expect(matched).toEqual(['W/"1"', 'W/"2"']);
  });

  it('takes members out by value where a server knows no filter in paths', async () => {
    const sent: unknown[] = [];
    const url = await served((request, body, response) => {
      if (request.method !== 'PATCH') {
        json(response, 200, { id: 'grp-quarantine', members: [{ value: 'u1' }] });
        return;
      }
      sent.push(JSON.parse(body));
      response.writeHead(204).end();
    });
    const account: AccountRef = { system: 'scim_wiki', accountId: 'u1', login: ADA };
    const connector = connect(url, runtime, { member_removal: 'value' });
    expect((await connector.restore({ kind: 'quarantine' }, account, { groups: [] }, call())).ok).toBe(true);
    expect(sent).toMatchObject([{ Operations: [{ op: 'remove', path: 'members', value: [{ value: 'u1' }] }] }]);
  });

  it('takes any answer without throwing, and never tells a secret', async () => {
    let body = '';
    let status = 200;
    const url = await served((request, sent, response) => {
      const echo = `${sent} ${request.headers.authorization ?? ''}`;
      response.writeHead(status, { 'content-type': 'application/scim+json' });
      response.end(body === 'echo' ? JSON.stringify({ detail: echo, scimType: 'invalidValue' }) : body);
    });
    const account: AccountRef = { system: 'scim_wiki', accountId: 'x', login: ADA };
    const any = fc.oneof(
      fc.constant('echo'),
      fc.json(),
      fc.string(),
      fc
        .record({
          id: fc.string(),
          active: fc.anything(),
          emails: fc.anything(),
          meta: fc.anything(),
          members: fc.anything(),
        })
        .map((value) => JSON.stringify(value)),
      fc
        .record({ totalResults: fc.double(), Resources: fc.array(fc.anything()) })
        .map((value) => JSON.stringify(value)),
    );
    const statuses = fc.constantFrom(200, 204, 302, 400, 401, 403, 404, 409, 412, 418, 429, 500, 501);
    await fc.assert(
      fc.asyncProperty(any, statuses, async (text, code) => {
        body = code === 204 ? '' : text;
        status = code;
        const connector = connect(url, runtime);
        const said = [
          await connector.find({ emails: [ADA], employeeId: '1' }, call()),
          await connector.readState(account, call()),
          await connector.perform(reset(), account, call()),
          await connector.readBack(reset(), account, runtime.now(), call()),
          await connector.capture({ kind: 'limit_login_ips', ranges: VPN.ranges }, account, call()),
          await connector.restore({ kind: 'disable_account' }, account, { active: true }, call()),
          await connector.evidence(account, call()),
          await connector.examine(account, call()),
          await connector.health(call()),
        ];
        expect(JSON.stringify(said)).not.toContain(PASSWORD);
        expect(JSON.stringify(said)).not.toContain(TOKEN);
      }),
      { numRuns: 60 },
    );
  }, 240_000);
});

it('refuses an id, a range or a base URL that cannot be', () => {
  const good = { id: 'wiki', title: 'Wiki', base_url: 'https://wiki.example/scim/v2', token: TOKEN };
  expect(scimSettings.safeParse(good).success).toBe(true);
  for (const bad of [
    { id: 'Wiki!' },
    { base_url: 'http://wiki.example/scim' },
    { login_range_groups: [{ group_id: 'g', ranges: ['10.0.0.0/40'] }] },
    { tokn: 'x' },
  ])
    expect(scimSettings.safeParse({ ...good, ...bad }).success).toBe(false);
});
