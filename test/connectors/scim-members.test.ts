import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { ADA, ADA_USER, closeServers, serverThat } from './scim-server.js';
import { call } from './scim-subject.js';

afterEach(closeServers);

const remove: Command = { kind: 'remove_admin_roles' };
const LEFT = { 'PATCH /Groups/adm': { status: 204, body: null } };
const byFilter = (filter: string): string =>
  decodeURIComponent(`GET /Groups?${new URLSearchParams({ filter }).toString()}`);
/** A server that can be asked for who is directly in a group, and says that Ada is not. */
const FILTERS = {
  [byFilter('id eq "adm"')]: { body: { totalResults: 1, Resources: [{ id: 'adm' }] } },
  'GET /Groups': { body: { totalResults: 0, Resources: [] } },
};

describe('a member that is a group', () => {
  it.each([
    ['by its type', { value: 'g2', type: 'Group' }],
    ['by its address', { $ref: 'https://wiki.example.com/scim/v2/Groups/g2' }],
    ['by its address with a query', { value: 'g2', $ref: 'https://wiki.example.com/scim/v2/Groups/g2?version=3' }],
  ])('may hold the account: %s', async (_title, member) => {
    const { connector, calls } = await serverThat({
      'GET /Users/u1': { body: ADA_USER },
      'GET /Groups/adm': { body: { id: 'adm', members: [member] } },
      ...FILTERS,
      ...LEFT,
    });
    expect(await connector.perform(remove, ADA, call())).toMatchObject({ value: { alreadyDone: false } });
    expect(calls).toContain('PATCH /v2/Groups/adm');
    expect(await connector.readBack(remove, ADA, new Date(), call())).toMatchObject({
      value: { verdict: 'cannot_tell' },
    });
  });
});

it('a member is the account also where its address has a query', async () => {
  const members = [{ $ref: 'https://wiki.example.com/scim/v2/Users/u1?excludedAttributes=groups' }];
  const { connector } = await serverThat({
    'GET /Users/u1': { body: ADA_USER },
    'GET /Groups/adm': { body: { id: 'adm', members } },
  });
  expect(await connector.readBack(remove, ADA, new Date(), call())).toMatchObject({
    value: { verdict: 'does_not_hold' },
  });
});

describe('the groups that an account names itself', () => {
  const reading = (value: string, more: Record<string, object> = {}) =>
    serverThat({
      'GET /Users/u1': { body: { ...ADA_USER, groups: [{ value }] } },
      'GET /Groups/adm': { body: { id: 'adm', displayName: 'Administrators', members: [] } },
      ...more,
    });

  it('prove nothing where they are names instead of ids', async () => {
    const { connector } = await reading('Administrators');
    expect(await connector.readBack(remove, ADA, new Date(), call())).toMatchObject({
      value: { verdict: 'cannot_tell' },
    });
  });

  it('prove that it is outside of others where they are ids of groups', async () => {
    const { connector } = await reading('sales', { 'GET /Groups/sales': { body: { id: 'sales', members: [] } } });
    expect(await connector.readBack(remove, ADA, new Date(), call())).toMatchObject({ value: { verdict: 'holds' } });
  });
});

it('a filter that is answered without a list proves no absence', async () => {
  const { connector } = await serverThat({
    'GET /Users/u1': { body: ADA_USER },
    'GET /Groups/adm': { body: { id: 'adm', members: [] } },
    ...FILTERS,
    'GET /Groups': { body: {} },
  });
  expect(await connector.readBack(remove, ADA, new Date(), call())).toMatchObject({
    value: { verdict: 'cannot_tell' },
  });
});

it('a group of 20,000 members is joined, though it is not shown in one answer', async () => {
  const members = Array.from({ length: 20_000 }, (_none, at) => ({
    value: `00000000-0000-4000-8000-${at}`,
    display: `Person ${at}`,
  }));
  const { connector, calls } = await serverThat({
    'GET /Users/u1': { body: ADA_USER },
    'GET /Groups/q': { body: { id: 'q', members } },
    'GET /Groups/q?excludedAttributes=members': { body: { id: 'q' } },
    'PATCH /Groups/q': { status: 204, body: null },
  });
  expect(await connector.perform({ kind: 'quarantine' }, ADA, call())).toMatchObject({ ok: true });
  expect(calls).toContain('PATCH /v2/Groups/q');
});

describe('a second source that is away', () => {
  it.each([
    ['the account', 'GET /Users/u1', { status: 429, headers: { 'retry-after': '1' } }, 'throttled'],
    ['the groups', 'GET /Groups', { status: 429, headers: { 'retry-after': '1' } }, 'throttled'],
    ['the groups', 'GET /Groups', { status: 503 }, 'transient'],
  ] as const)('has refused nothing: %s, %s, %j', async (_what, asked, answer, kind) => {
    const { connector } = await serverThat({
      'GET /Users/u1': { body: ADA_USER },
      'GET /Groups/adm': { body: { id: 'adm', members: [] } },
      ...FILTERS,
      [asked]: answer,
    });
    expect(await connector.capture(remove, ADA, call())).toMatchObject({ ok: false, error: { kind } });
  });

  it('and one that refuses the filter leaves it open', async () => {
    const { connector } = await serverThat({
      'GET /Users/u1': { body: ADA_USER },
      'GET /Groups/adm': { body: { id: 'adm', members: [] } },
      'GET /Groups': { status: 400, body: { scimType: 'invalidFilter' } },
    });
    expect(await connector.capture(remove, ADA, call())).toEqual({ ok: true, value: {} });
  });
});
