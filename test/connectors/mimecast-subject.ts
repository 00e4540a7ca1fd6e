import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import { createMimecastConnector } from '../../src/connectors/mimecast/connector.js';
import { mimecastSettings } from '../../src/connectors/mimecast/settings.js';
import type { CallContext, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import {
  createMimecastDirectory,
  type MimecastDirectory,
  type MimecastDirectoryOptions,
} from 'identity-sandbox/mimecast';

export const CLIENT = { clientId: 'client-1', clientSecret: 'client-secret-of-the-tests' };
export const KEYS = {
  appId: 'app-id-1',
  appKey: 'app-key-of-the-tests',
  accessKey: 'access-key-of-the-tests',
  secretKey: Buffer.from('secret-key-of-the-tests').toString('base64'),
};
export const API1 = {
  auth: 'api1',
  region: 'eu',
  app_id: KEYS.appId,
  app_key: KEYS.appKey,
  access_key: KEYS.accessKey,
  secret_key: KEYS.secretKey,
};
export const API2 = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
export const ADA = 'ada@example.com';
export const ALIAS = 'a.example@example.com';
export const TWO_STEP = 'containment-2fa';
export const QUARANTINE = 'containment-quarantine';
export const OFFICE = { group: 'containment-office', ranges: ['203.0.113.0/24', '2001:db8::/32'] };
export const VPN = { group: 'containment-vpn', ranges: ['198.51.100.0/25'] };

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export function startDirectory(
  clock: () => Date,
  more: Partial<MimecastDirectoryOptions> = {},
): Promise<MimecastDirectory> {
  return createMimecastDirectory({
    ...CLIENT,
    api1: KEYS,
    clock,
    users: [
      { email: ADA, name: 'Ada Example', password: 'The-0ld-password', aliases: [ALIAS] },
      { email: 'bob@example.com', name: 'Bob Example' },
    ],
    groups: [
      { name: TWO_STEP },
      { name: QUARANTINE },
      { name: OFFICE.group },
      { name: VPN.group },
      { name: TWO_STEP, source: 'ldap' },
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
  const settings = mimecastSettings.parse({
    ...(more['auth'] === 'api1' ? {} : API2),
    base_url: url,
    two_step_group: TWO_STEP,
    quarantine_group: QUARANTINE,
    login_range_groups: [OFFICE, VPN],
    deadline_ms: 2000,
    ...more,
  });
  return createMimecastConnector(settings, runtime, log);
}
