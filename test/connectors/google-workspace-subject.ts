import { createGoogleWorkspaceConnector } from '../../src/connectors/google-workspace/connector.js';
import { googleWorkspaceSettings } from '../../src/connectors/google-workspace/settings.js';
import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import type { CallContext, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import {
  createGoogleWorkspaceDirectory,
  createServiceAccount,
  type GoogleWorkspaceDirectory,
  type GoogleWorkspaceDirectoryOptions,
} from 'identity-sandbox/google-workspace';

export const ACCOUNT = createServiceAccount();
export const STRANGER = createServiceAccount();

export const ADA = 'ada@example.com';
export const ALIAS = 'ada.lovelace@example.com';
export const BOB = 'bob@example.com';
export const SUPER = 'root@example.com';
export const HELPDESK = 'helpdesk@example.com';
export const TWO_STEP = 'containment-2sv@example.com';
export const QUARANTINE = 'containment-quarantine@example.com';
export const OFFICE = { group: 'containment-office@example.com', ranges: ['203.0.113.0/24', '2001:db8::/32'] };
export const VPN = { group: 'containment-vpn@example.com', ranges: ['198.51.100.0/25'] };

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export function startDirectory(
  clock: () => Date,
  more: Partial<GoogleWorkspaceDirectoryOptions> = {},
): Promise<GoogleWorkspaceDirectory> {
  return createGoogleWorkspaceDirectory({
    serviceAccount: ACCOUNT.known,
    clock,
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-password', aliases: [ALIAS], employeeId: "E-10'07" },
      { email: BOB, name: 'Bob Example' },
      { email: SUPER, name: 'Root', admin: 'super' },
      { email: HELPDESK, name: 'Help Desk', admin: 'Help Desk Admin' },
    ],
    groups: [
      { email: TWO_STEP, enforces2Sv: true },
      { email: QUARANTINE },
      { email: OFFICE.group },
      { email: VPN.group },
      { email: 'sales@example.com', members: [ADA] },
    ],
    orgUnits: [
      { path: '/Sales' },
      { path: '/Contained/With 2SV', enforces2Sv: true },
      { path: '/Contained/Quarantine' },
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
  const settings = googleWorkspaceSettings.parse({
    service_account_key: ACCOUNT.keyFile,
    admin_email: SUPER,
    super_admin: true,
    admin_url: url,
    gmail_url: url,
    alerts_url: url,
    token_url: `${url}/token`,
    two_step_group: TWO_STEP,
    quarantine_group: QUARANTINE,
    login_range_groups: [OFFICE, VPN],
    deadline_ms: 2000,
    ...more,
  });
  return createGoogleWorkspaceConnector(settings, runtime, log);
}
