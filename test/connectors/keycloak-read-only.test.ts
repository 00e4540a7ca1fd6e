import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { call, connect, playedRuntime, QUARANTINE } from './keycloak-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ADA = { system: 'keycloak', accountId: 'u-1', login: 'ada@example.com' };
const USER = { id: 'u-1', username: 'ada', enabled: true, email: 'ada@example.com', requiredActions: [] };
const REALM = '/admin/realms/staff';

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

/** A Keycloak that refuses every change so. */
async function keycloakThatRefuses(body: object, user: object = USER): Promise<Connector> {
  const token = `e30.${Buffer.from('{"sub":"svc"}').toString('base64url')}.x`;
  const stub = await startStub((asked): StubAnswer | undefined => {
    if (asked.endsWith('/token')) return { body: { access_token: token, expires_in: 60, token_type: 'Bearer' } };
    if (!asked.startsWith('GET ')) return { status: 400, body };
    const path = asked.slice(`GET ${REALM}`.length);
    if (path === '/users/u-1') return { body: user };
    if (path.startsWith('/group-by-path/')) return { body: { id: 'g1', path: QUARANTINE, name: 'quarantine' } };
    if (path === '/users/u-1/role-mappings/clients/rm') return { body: [{ id: 'r1', name: 'view-users' }] };
    if (path.startsWith('/user-storage/')) return { body: { name: 'corp-ad' } };
    return path.startsWith('/attack-detection') ? { body: { disabled: false } } : undefined;
  });
  stubs.push(stub);
  return connect({ url: stub.url, adminClientUuid: () => 'rm' }, playedRuntime());
}

describe('a refusal of Keycloak that says "read-only"', () => {
  const field = { errorMessage: 'error-user-attribute-read-only', params: ['department'] };

  it.each<[string, object]>([
    ['alone', field],
    ['in a list', { errors: [field] }],
  ])('names the field, and no other directory, where none keeps the account: %s', async (_title, body) => {
    const keycloak = await keycloakThatRefuses(body);
    const refused = await keycloak.perform({ kind: 'disable_account' }, ADA, call());
    if (refused.ok) throw new Error('it was not refused');
    expect(refused.error.message).toContain('department');
    expect(refused.error.message).not.toContain('act in that directory');
  });

  it.each<[Command]>([
    [{ kind: 'disable_account' }],
    [{ kind: 'require_two_step' }],
    [{ kind: 'quarantine' }],
    [{ kind: 'remove_admin_roles' }],
    [{ kind: 'reset_password', password: new Secret('a-new-passphrase') }],
  ])('names the directory that keeps the account: %j', async (command) => {
    const keycloak = await keycloakThatRefuses(
      { errorMessage: 'User is read only!' },
      { ...USER, federationLink: 'f' },
    );
    const refused = await keycloak.perform(command, ADA, call());
    expect(refused).toMatchObject({ error: { kind: 'unsupported' } });
    expect(refused).toMatchObject({ error: { message: expect.stringContaining('act in that directory') } });
  });
});
