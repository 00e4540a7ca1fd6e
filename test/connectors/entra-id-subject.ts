import { createEntraIdConnector } from '../../src/connectors/entra-id/connector.js';
import { entraIdSettings } from '../../src/connectors/entra-id/settings.js';
import type { CallContext, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { createEntraIdDirectory, type EntraIdDirectory, type EntraIdDirectoryOptions } from 'identity-sandbox/entra-id';

type LocationSeed = NonNullable<EntraIdDirectoryOptions['locations']>[number];

export const TENANT = 'contoso.example';
export const CLIENT = { clientId: '0f0f0f0f-1111-4222-8333-444444444444', clientSecret: 'secret~of~the~tests' };
export const ADA = 'ada@contoso.example';
const GRACE = 'grace@contoso.example';
export const ROOT = 'root@contoso.example';
export const SYNCED = 'sync@contoso.example';
export const FEDERATED = 'fay@partner.example';

const id = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
export const GROUPS = { twoStep: id('1'), quarantine: id('2'), office: id('3'), vpn: id('4') };
export const BLOCKED = id('5');
/** Named locations that the policies of the range groups let in from. */
export const PLACES = { office: id('6'), vpn: id('7') };
export const OFFICE = { group: GROUPS.office, ranges: ['203.0.113.0/24', '2001:db8::/32'] };
export const VPN = { group: GROUPS.vpn, ranges: ['198.51.100.0/25'] };

export const LOCATIONS: readonly LocationSeed[] = [
  { id: BLOCKED, name: 'Blocked by Notme', ranges: ['192.0.2.1/32'] },
  { id: PLACES.office, name: 'Office', ranges: OFFICE.ranges, policy: false },
  { id: PLACES.vpn, name: 'VPN', ranges: VPN.ranges, policy: false },
];

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export function startDirectory(
  clock: () => Date,
  more: Partial<EntraIdDirectoryOptions> = {},
): Promise<EntraIdDirectory> {
  return createEntraIdDirectory({
    ...CLIENT,
    tenantId: TENANT,
    clock,
    users: [
      {
        email: ADA,
        name: 'Ada Example',
        password: 'The-0ld-password',
        aliases: ['ada.example@contoso.example', 'shared@contoso.example'],
        employeeId: '4711',
      },
      { email: GRACE, name: 'Grace Example', aliases: ['shared@contoso.example'] },
      { email: ROOT, name: 'Root Example', roles: ['Global Administrator'] },
      { email: SYNCED, name: 'Sync Example', synced: true },
      { email: FEDERATED, name: 'Fay Example' },
    ],
    groups: [
      { id: GROUPS.twoStep, name: 'containment-mfa', policy: { control: 'mfa' } },
      { id: GROUPS.quarantine, name: 'containment-quarantine' },
      { id: GROUPS.office, name: 'containment-office', policy: { permits: [PLACES.office] } },
      { id: GROUPS.vpn, name: 'containment-vpn', policy: { permits: [PLACES.vpn] } },
    ],
    locations: LOCATIONS,
    domains: [{ name: 'partner.example', federatedWith: 'http://www.okta.com/exk1234' }],
    protectedCallsPerSecond: null,
    ...more,
  });
}

export const PREPARED = {
  two_step_group: GROUPS.twoStep,
  quarantine_group: GROUPS.quarantine,
  login_range_groups: [OFFICE, VPN],
  blocked_location: BLOCKED,
};

export function settingsFor(url: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    tenant_id: TENANT,
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    login_url: url,
    graph_url: url,
    conditional_access_interval_ms: 0,
    deadline_ms: 2000,
    ...PREPARED,
    ...more,
  };
}

export function connect(url: string, runtime: Runtime, more: Record<string, unknown> = {}): Connector {
  return createEntraIdConnector(entraIdSettings.parse(settingsFor(url, more)), runtime);
}
