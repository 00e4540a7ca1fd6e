import { generateKeyPairSync } from 'node:crypto';
import type { ConnectorLog } from '../../src/connectors/kit/log.js';
import { createOktaConnector } from '../../src/connectors/okta/connector.js';
import { oktaSettings } from '../../src/connectors/okta/settings.js';
import type { AccountRef, CallContext, Connector } from '../../src/ports/connector.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { createOktaDirectory, type OktaDirectory, type OktaDirectoryOptions } from 'identity-sandbox/okta';

export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';
export const OWNER = 'notme-service@example.com';
export const API_TOKEN = '00tokenOfTheTests-0123456789abcdefghijkl';
export const TWO_STEP = 'containment-2fa';
export const QUARANTINE = 'containment-quarantine';
export const OFFICE = { group: 'containment-office', ranges: ['203.0.113.0/24', '2001:db8::/32'] };
export const VPN = { group: 'containment-vpn', ranges: ['198.51.100.0/25'] };
export const GROUPS = { two_step_group: TWO_STEP, quarantine_group: QUARANTINE, login_range_groups: [OFFICE, VPN] };

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = (key: typeof rsa.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();
export const CLIENT_ID = '0oaNotmeServiceApp01';
/** PEM for RS256, JWK for ES256: both ways a key may be written. */
export const KEYS = {
  rsa: { private: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), public: spki(rsa.publicKey) },
  ec: { private: JSON.stringify(ec.privateKey.export({ format: 'jwk' })), public: spki(ec.publicKey) },
};

/** New service apps demand a proof of possession. */
export const DPOP_APP = { id: CLIENT_ID, publicKeyPem: KEYS.rsa.public, dpop: true } as const;

export const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test-1' });

/** A runtime whose clock a test moves; it stands still otherwise. */
export function playedRuntime(start = '2026-03-02T09:00:00.000Z'): Runtime & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return { ...systemRuntime(), now: () => new Date(at), advance: (ms) => void (at += ms) };
}

export function startDirectory(clock: () => Date, more: Partial<OktaDirectoryOptions> = {}): Promise<OktaDirectory> {
  return createOktaDirectory({
    clock,
    app: { id: CLIENT_ID, publicKeyPem: KEYS.rsa.public },
    apiToken: { value: API_TOKEN, ownerEmail: OWNER },
    users: [
      {
        email: ADA,
        name: 'Ada Example',
        password: 'The-0ld-password',
        contactEmail: 'ada.example@mail.example.com',
        secondEmail: 'ada@home.example',
        employeeNumber: 'E-1001',
        userType: 'Employee',
        recoveryQuestion: 'What was your first pet?',
      },
      { email: BOB, name: 'Bob Example', password: 'The-0ther-password' },
      { email: 'twin.one@example.com', name: 'Twin One', contactEmail: 'twins@example.com' },
      { email: 'twin.two@example.com', name: 'Twin Two', contactEmail: 'twins@example.com' },
      { email: OWNER, name: 'Notme Service', roles: ['SUPER_ADMIN'], userType: 'Service' },
      {
        email: 'synced@example.com',
        name: 'Sync Ed',
        provider: { type: 'ACTIVE_DIRECTORY', name: 'corp.example' },
      },
      { email: 'federated@example.com', name: 'Fed Erated', provider: { type: 'FEDERATION', name: 'Partner' } },
      { email: 'admin@example.com', name: 'Adam Admin', roles: ['USER_ADMIN'], groupRoles: ['READ_ONLY_ADMIN'] },
    ],
    groups: [
      { name: TWO_STEP },
      { name: QUARANTINE },
      { name: OFFICE.group },
      { name: VPN.group },
      { name: 'Sales', members: [ADA] },
      { name: TWO_STEP, type: 'APP_GROUP' },
    ],
    zones: [
      { name: 'Office', ranges: OFFICE.ranges },
      { name: 'VPN', ranges: VPN.ranges },
    ],
    policies: [
      { name: 'Quarantine', group: QUARANTINE, access: 'DENY' },
      { name: 'Office only', group: OFFICE.group, access: 'DENY', outside: 'Office' },
      { name: 'VPN only', group: VPN.group, access: 'DENY', outside: 'VPN' },
      { name: 'Second factor', group: TWO_STEP, access: 'ALLOW', requireFactor: true },
    ],
    ...more,
  });
}

export function connectApp(
  url: string,
  runtime: Runtime,
  more: Record<string, unknown> = {},
  log: ConnectorLog = {},
): Connector {
  const settings = oktaSettings.parse({
    base_url: url,
    client_id: CLIENT_ID,
    private_key: KEYS.rsa.private,
    deadline_ms: 2000,
    ...more,
  });
  return createOktaConnector(settings, runtime, log);
}

export function connectToken(
  url: string,
  runtime: Runtime,
  more: Record<string, unknown> = {},
  log: ConnectorLog = {},
): Connector {
  const settings = oktaSettings.parse({ base_url: url, api_token: API_TOKEN, deadline_ms: 2000, ...more });
  return createOktaConnector(settings, runtime, log);
}

/** The account with this login; throws when it is not found. */
export async function refOf(connector: Connector, email: string): Promise<AccountRef> {
  const found = await connector.find({ emails: [email], employeeId: null }, call());
  if (found.ok) return found.value;
  throw new Error(`${found.error.kind}: ${found.error.message}`);
}
