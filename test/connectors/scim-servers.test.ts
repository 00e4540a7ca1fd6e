import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { playedRuntime } from './keycloak-subject.js';
import { call, connect } from './scim-subject.js';

// SCIM servers as they are: what each answers, by method and path; a path of its own wins over one without its query.
type Reply = readonly [status: number, body?: unknown] | (() => readonly [number, unknown?]);
type Replies = Readonly<Record<string, Reply>>;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const ADA = { schemas: [], id: 'u1', userName: 'ada@example.com', active: true };
const PROVIDER: Replies = { 'GET /ServiceProviderConfig': [200, { patch: { supported: true } }] };
const GROUPS = { admin_groups: [{ group_id: 'adm', title: 'Administrators' }], quarantine_group_id: 'q' };
const account = { system: 'scim_wiki', accountId: 'u1', login: 'ada@example.com' };
const byFilter = (group: string, member: string): string =>
  `GET /Groups?${new URLSearchParams({ filter: `id eq "${group}" and members eq "${member}"` }).toString()}`;

async function stub(replies: Replies): Promise<{ connector: Connector; asked: string[] }> {
  const asked: string[] = [];
  const all = { ...PROVIDER, ...replies };
  const server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? '').replace('/v2', '');
    asked.push(`${request.method} ${path}`);
    const found = all[`${request.method} ${path}`] ?? all[`${request.method} ${path.split('?')[0]}`] ?? [404, {}];
    const [status, body] = typeof found === 'function' ? found() : found;
    response.writeHead(status, { 'content-type': 'application/scim+json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}/v2`;
  return {
    connector: connect(url, playedRuntime(), { ...GROUPS, two_step_group_id: null, login_range_groups: [] }),
    asked,
  };
}

async function verdictOf(connector: Connector, command: Command): Promise<string> {
  const read = await connector.readBack(command, account, playedRuntime().now(), call());
  if (!read.ok) return read.error.kind;
  return read.value.inPlace === true ? 'in place' : read.value.verdict;
}

const remove: Command = { kind: 'remove_admin_roles' };
const quarantine: Command = { kind: 'quarantine' };
const disable: Command = { kind: 'disable_account' };

describe('a server that does not return members', () => {
  const shapes: readonly (readonly [string, unknown])[] = [
    ['absent', {}],
    ['null', { members: null }],
    ['empty', { members: [] }],
    ['an object', { members: { value: 'u2' } }],
    ['with a member that names nobody', { members: [{ display: 'Somebody' }] }],
    ['with a member that is null', { members: [null, { value: 'u2' }] }],
  ];

  it.each(shapes)('proves nothing by members that are %s, and everything is sent', async (_name, shown) => {
    const { connector, asked } = await stub({
      'GET /Users/u1': [200, ADA],
      'GET /Groups/adm': [200, { id: 'adm', ...(shown as object) }],
      'GET /Groups/q': [200, { id: 'q', ...(shown as object) }],
      'PATCH /Groups/adm': [204],
      'PATCH /Groups/q': [204],
    });
    expect(await connector.perform(remove, account, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(await connector.perform(quarantine, account, call())).toMatchObject({ ok: true });
    expect(asked).toEqual(expect.arrayContaining(['PATCH /Groups/adm', 'PATCH /Groups/q']));
    expect(await verdictOf(connector, remove)).toBe('cannot_tell');
    expect(await verdictOf(connector, quarantine)).toBe('cannot_tell');
    expect(await connector.readState(account, call())).toMatchObject({ ok: true, value: { adminRoles: null } });
    expect(await connector.capture(quarantine, account, call())).toEqual({ ok: true, value: {} });
  });

  it('is asked by filter, and believed beside questions whose answer is known', async () => {
    let inside = true;
    const { connector } = await stub({
      'GET /Users/u1': [200, ADA],
      'GET /Groups/adm': [200, { id: 'adm', members: [] }],
      'GET /Groups/q': [200, { id: 'q', members: [] }],
      'GET /Groups?filter=id+eq+%22adm%22': [200, { Resources: [{ id: 'adm' }] }],
      [byFilter('adm', 'u1')]: () => [200, { Resources: inside ? [{ id: 'adm' }] : [] }],
      [byFilter('adm', 'notme-nobody')]: [200, { Resources: [] }],
    });
    expect(await verdictOf(connector, remove)).toBe('does_not_hold');
    inside = false;
    expect(await verdictOf(connector, remove)).toBe('holds');
  });

  it('is not believed when it looks at no filter, or finds not even the group', async () => {
    const ignoring = await stub({
      'GET /Users/u1': [200, ADA],
      'GET /Groups/adm': [200, { id: 'adm' }],
      'GET /Groups/q': [200, { id: 'q' }],
      'GET /Groups': [200, { Resources: [{ id: 'q' }] }],
    });
    expect(await verdictOf(ignoring.connector, quarantine)).toBe('cannot_tell');
    const blind = await stub({
      'GET /Users/u1': [200, ADA],
      'GET /Groups/adm': [200, { id: 'adm' }],
      'GET /Groups': [200, { Resources: [] }],
    });
    expect(await verdictOf(blind.connector, remove)).toBe('cannot_tell');
  });

  it('may name the groups on the account', async () => {
    const { connector } = await stub({
      'GET /Users/u1': [200, { ...ADA, groups: [{ value: 'q' }] }],
      'GET /Groups/adm': [200, { id: 'adm' }],
      'GET /Groups/q': [200, { id: 'q' }],
    });
    expect(await verdictOf(connector, quarantine)).toBe('in place');
    expect(await verdictOf(connector, remove)).toBe('holds');
  });

  it('may name members by $ref alone', async () => {
    const { connector } = await stub({
      'GET /Users/u1': [200, ADA],
      'GET /Groups/adm': [200, { id: 'adm', members: [{ $ref: 'https://wiki.example.com/scim/v2/Users/u1' }] }],
    });
    expect(await verdictOf(connector, remove)).toBe('does_not_hold');
  });

  it('may answer that nothing was there to remove', async () => {
    const { connector } = await stub({
      'GET /Groups/adm': [200, { id: 'adm' }],
      'PATCH /Groups/adm': [400, { scimType: 'noTarget', detail: 'no such member' }],
    });
    expect(await connector.perform(remove, account, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
  });
});

describe('a server that hides whoever it deactivated', () => {
  it('proves the deactivation by the going of the account, while it shows others', async () => {
    const { connector } = await stub({
      'PATCH /Users/u1': [204],
      'GET /Users/u1': [404, { detail: 'not found' }],
      'GET /Users': [200, { totalResults: 1, Resources: [{ id: 'u2', userName: 'dia@example.com' }] }],
    });
    expect(await connector.perform(disable, account, call())).toMatchObject({ ok: true });
    expect(await verdictOf(connector, disable)).toBe('holds');
  });

  it('proves nothing when it shows nobody at all', async () => {
    const { connector } = await stub({ 'GET /Users/u1': [404, {}] });
    expect(await verdictOf(connector, disable)).toBe('cannot_tell');
  });

  it('may answer the deactivation itself with 404, which is read back and not a failure', async () => {
    const { connector } = await stub({ 'PATCH /Users/u1': [404, {}], 'GET /Users/u1': [404, {}] });
    expect(await connector.perform(disable, account, call())).toMatchObject({
      ok: false,
      error: { kind: 'unknown_outcome' },
    });
  });
});

describe('a list that is written in another way', () => {
  const find = { emails: ['ada@example.com'], employeeId: null };

  it.each([['1'], [1], [undefined], [null], ['many']])('is found with totalResults %j', async (totalResults) => {
    const { connector } = await stub({ 'GET /Users': [200, { totalResults, Resources: [ADA] }] });
    expect(await connector.find(find, call())).toMatchObject({ ok: true, value: { accountId: 'u1' } });
    const findings = await connector.examine(null, call());
    expect(findings).toContainEqual(expect.objectContaining({ subject: 'sign_in', verdict: 'ok' }));
  });

  it.each([
    ['FALSE', false],
    ['False', false],
    [0, false],
    ['true', true],
    [1, true],
    ['perhaps', null],
    [{}, null],
  ])('reads active: %j', async (active, enabled) => {
    const { connector } = await stub({ 'GET /Users/u1': [200, { ...ADA, active }] });
    expect(await connector.readState(account, call())).toMatchObject({ ok: true, value: { enabled } });
  });

  it('finds the person by an address beside one that cannot be read', async () => {
    const emails = [7, { value: 'ada@example.com', primary: 'yes', type: 3 }];
    const { connector } = await stub({
      'GET /Users': [200, { Resources: [{ ...ADA, id: 4, userName: 'ada', emails }] }],
    });
    expect(await connector.find(find, call())).toMatchObject({ ok: true, value: { accountId: '4' } });
  });

  it('that one query may not read does not hide what another found, and proves nobody absent', async () => {
    const query = new URLSearchParams({ filter: 'userName eq "ada@example.com"', startIndex: '1', count: '100' });
    const byName = `GET /Users?${query.toString()}`;
    const found = await stub({ [byName]: [200, { totalResults: 1, Resources: [ADA] }], 'GET /Users': [403, {}] });
    expect(await found.connector.find(find, call())).toMatchObject({ ok: true, value: { accountId: 'u1' } });
    const hidden = await stub({ [byName]: [200, { totalResults: 0, Resources: [] }], 'GET /Users': [403, {}] });
    expect(await hidden.connector.find(find, call())).toMatchObject({ ok: false, error: { kind: 'permission' } });
  });
});
