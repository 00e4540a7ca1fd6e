import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type SambaDomain, startFaultProxy, startSambaDomain } from 'identity-sandbox/active-directory';
import { ACCOUNTS, TWO_STEP_GROUP } from './people.js';

export interface DirectoryAccount {
  readonly login: string;
  readonly disabled: boolean;
  readonly mustChange: boolean;
  /** ISO 8601; `null` when it must be changed: Active Directory forgets the date then. */
  readonly passwordChangedAt: string | null;
  readonly groups: readonly string[];
}

/** A real Active Directory domain with the sandbox's people. */
export interface DirectoryServer {
  /** The environment that lets the app in, with the least rights. */
  readonly environment: Readonly<Record<string, string>>;
  readonly domain: SambaDomain;
  accounts(): Promise<readonly DirectoryAccount[]>;
  /** Cuts the app off, or lets it in again. */
  connected(connected: boolean): Promise<void>;
  stop(): Promise<void>;
}

const ACCOUNTDISABLE = 0x2;

const firstOf = (value: unknown): string =>
  Array.isArray(value) ? firstOf(value[0]) : typeof value === 'string' ? value : '';

const allOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(firstOf) : typeof value === 'string' ? [value] : [];

const EPOCH_MS = Date.UTC(1601, 0, 1);

/** A FILETIME: tenths of microseconds since 1601. */
const whenOf = (fileTime: string): string | null =>
  Number(fileTime) > 0 ? new Date(EPOCH_MS + Number(fileTime) / 10_000).toISOString() : null;

/** Provisions and starts the domain in `dir`; takes seven to ten seconds and needs root and Samba's packages. */
export async function startDirectoryServer(dir: string): Promise<DirectoryServer> {
  const people = ACCOUNTS.slice(0, 4).map(({ email, name }) => ({
    email,
    name,
    password: `Sandbox-${randomBytes(9).toString('base64url')}-1a`,
  }));
  const domain = await startSambaDomain({ dir, users: people, groups: [TWO_STEP_GROUP] });
  const proxy = await startFaultProxy(domain, dir);
  const caFile = `${dir}-ca.pem`;
  writeFileSync(caFile, domain.caPem, { mode: 0o600 });
  return {
    domain,
    environment: {
      AD_URL: proxy.url,
      AD_BIND_DN: domain.bindDn,
      AD_BIND_PASSWORD: domain.bindPassword,
      AD_CA_FILE: caFile,
      AD_SERVER_NAME: domain.serverName,
      AD_BASE_DN: domain.baseDn,
    },
    accounts: () =>
      domain.asAdministrator(async (client) => {
        const { searchEntries } = await client.search(domain.baseDn, {
          scope: 'sub',
          filter: '(&(objectCategory=person)(mail=*))',
          attributes: ['userPrincipalName', 'userAccountControl', 'pwdLastSet', 'memberOf'],
        });
        return searchEntries.map((entry) => ({
          login: firstOf(entry['userPrincipalName']),
          disabled: (Number(firstOf(entry['userAccountControl'])) & ACCOUNTDISABLE) !== 0,
          mustChange: firstOf(entry['pwdLastSet']) === '0',
          passwordChangedAt: whenOf(firstOf(entry['pwdLastSet'])),
          groups: allOf(entry['memberOf']).flatMap((dn) => /^CN=([^,]+)/i.exec(dn)?.[1] ?? []),
        }));
      }),
    connected: (connected) => (connected ? proxy.calm() : proxy.goDown()),
    async stop() {
      await proxy.close();
      await domain.stop();
    },
  };
}
