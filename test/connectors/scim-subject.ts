import { createScimDirectory, type ScimDirectory, type ScimDirectoryOptions } from 'identity-sandbox/scim';
import type { CallContext, Connector } from '../../src/ports/connector.js';
import { createScimConnector } from '../../src/connectors/scim/connector.js';
import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import { scimSettings } from '../../src/connectors/scim/settings.js';
import type { Runtime } from '../../src/platform/runtime.js';

export const TOKEN = 'scim-token-of-the-tests';
export const ADA = 'ada@example.com';
export const OFFICE = { group_id: 'grp-office', ranges: ['203.0.113.0/24', '2001:db8::/32'] };
export const VPN = { group_id: 'grp-vpn', ranges: ['198.51.100.0/25'] };

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

export function startDirectory(clock: () => Date, more: Partial<ScimDirectoryOptions> = {}): Promise<ScimDirectory> {
  return createScimDirectory({
    token: TOKEN,
    clock,
    users: [
      {
        email: ADA,
        name: 'Ada Example',
        aliases: ['ada.example@example.org'],
        password: 'The-0ld-secret',
        employeeNumber: '4711',
        externalId: 'source-1',
      },
      { email: 'bob@example.com', name: 'Bob Example' },
      { email: 'twin-1@example.com', name: 'Twin One', aliases: ['twin@example.com'] },
      { email: 'twin-2@example.com', name: 'Twin Two', aliases: ['twin@example.com'] },
    ],
    groups: [
      { id: 'grp-2fa', name: 'Second step' },
      { id: 'grp-quarantine', name: 'Quarantine' },
      { id: OFFICE.group_id, name: 'Office only' },
      { id: VPN.group_id, name: 'VPN only' },
      { id: 'grp-admins', name: 'Administrators', members: ['bob@example.com'] },
    ],
    ...more,
  });
}

export function connect(
  url: string,
  runtime: Runtime,
  more: Record<string, unknown> = {},
  log: ConnectorLog = {},
): Connector {
  const settings = scimSettings.parse({
    id: 'wiki',
    title: 'Example Wiki',
    base_url: url,
    token: TOKEN,
    set_password: true,
    provisioned_from: 'okta',
    two_step_group_id: 'grp-2fa',
    quarantine_group_id: 'grp-quarantine',
    login_range_groups: [OFFICE, VPN],
    admin_groups: [{ group_id: 'grp-admins', title: 'Administrators' }],
    deadline_ms: 2000,
    ...more,
  });
  return createScimConnector(settings, runtime, log);
}
