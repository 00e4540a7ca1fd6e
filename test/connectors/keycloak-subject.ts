import {
  createKeycloakDirectory,
  type KeycloakDirectory,
  type KeycloakDirectoryOptions,
} from 'identity-sandbox/keycloak';
import { createKeycloakConnector } from '../../src/connectors/keycloak/connector.js';
import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import { keycloakSettings } from '../../src/connectors/keycloak/settings.js';
import type { CallContext, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';

export const CLIENT = { clientId: 'notme', clientSecret: 'client-secret-of-the-tests' };
export const ADA = 'ada@example.com';
export const QUARANTINE = '/containment/quarantine';

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export function startDirectory(
  clock: () => Date,
  more: Partial<KeycloakDirectoryOptions> = {},
): Promise<KeycloakDirectory> {
  return createKeycloakDirectory({
    ...CLIENT,
    realm: 'staff',
    clock,
    users: [
      {
        email: ADA,
        name: 'Ada Example',
        password: 'The-0ld-secret',
        attributes: { employeeNumber: ['4711'], alias: ['ada.example@example.org'], phone: ['+1 555 0100'] },
        groups: ['/engineering'],
      },
      { email: 'root@example.com', name: 'Root Example', adminRoles: ['realm-admin'] },
      { email: 'guarded@example.com', name: 'Guarded Example', guarded: true },
      { email: 'twin@example.com', name: 'Twin One', username: 'twin-1' },
      { email: 'twin@example.com', name: 'Twin Two', username: 'twin-2' },
      { email: 'hybrid@example.com', name: 'Hybrid Example', federation: 'corp-ad' },
      { email: 'broker@example.com', name: 'Broker Example', identityProvider: 'entra-oidc' },
    ],
    groups: [{ path: '/engineering' }, { path: QUARANTINE }, { path: '/helpdesk', adminRoles: ['view-users'] }],
    realmRoles: [{ name: 'support-lead', adminRoles: ['view-users', 'query-users'] }],
    federations: [{ name: 'corp-ad' }],
    identityProviders: ['entra-oidc'],
    ...more,
  });
}

export function connect(
  directory: Pick<KeycloakDirectory, 'url' | 'adminClientUuid'>,
  runtime: Runtime,
  more: Record<string, unknown> = {},
  log: ConnectorLog = {},
): Connector {
  const settings = keycloakSettings.parse({
    base_url: directory.url,
    realm: 'staff',
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    admin_client_uuid: directory.adminClientUuid(),
    employee_id_attribute: 'employeeNumber',
    alias_attribute: 'alias',
    quarantine_group: QUARANTINE,
    upstream: { 'corp-ad': 'active_directory', 'entra-oidc': 'entra' },
    deadline_ms: 2000,
    ...more,
  });
  return createKeycloakConnector(settings, runtime, log);
}
