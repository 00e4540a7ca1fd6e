import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { Client, ResultCodeError } from 'ldapts';
import { freeLoopbackAddress, LDAPS_PORT } from './address.js';
import { sambaAvailable } from './available.js';
import { grant, type PeopleRight, rightOnPeople, rightsOnGroups, rightsOnPeople } from './delegation.js';
import {
  attribute,
  change,
  groupDn,
  passwordAttribute,
  personDn,
  plantIntrusion,
  populate,
  type SambaUser,
  serviceDn,
  unitsOf,
} from './people.js';
import { baseDnOf, certificateFile, type DomainPlan, hostNameOf, provision } from './provision.js';
import { securityIdOf } from './security-id.js';
import { startSamba } from './process.js';

export interface SambaDomainOptions {
  /** An empty or missing folder; removed by `stop`. */
  readonly dir: string;
  readonly users: readonly SambaUser[];
  readonly groups: readonly string[];
  /** DNS name; default `lab.example`. */
  readonly domain?: string;
}

/** A real Active Directory domain controller on this machine: Samba, on a loopback address of its own. */
export interface SambaDomain {
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** The certificate of the controller, as the authority to trust. */
  readonly caPem: string;
  readonly serverName: string;
  /** The delegated service account, with the least rights. */
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly baseDn: string;
  dnOf(email: string): string;
  groupDn(name: string): string;
  /** An administrator sets a new password; random when none is given. Returns it. */
  adminReset(email: string, options?: { password?: string; mustChange?: boolean }): Promise<string>;
  /** The person changes the password, proving the old one. */
  changeOwnPassword(email: string, from: string, to: string): Promise<void>;
  /** Whether it is the password of the account, also when the account may not sign in. */
  checkPassword(email: string, password: string): Promise<boolean>;
  /** Hands one of the service account's rights on people to somebody else as well. */
  delegate(email: string, right: PeopleRight): Promise<void>;
  /** Plants what an intruder leaves in the directory: a service name to crack, a certificate to sign in with. */
  intrude(email: string): Promise<void>;
  /** Runs `work` with a connection of the domain administrator. */
  asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** Ends the controller and removes its folder. */
  stop(): Promise<void>;
}

/** Strong enough for any policy: 128 random bits and one of each kind of character. */
const strongPassword = (): string => `Aa1-${randomBytes(16).toString('base64url')}`;

const TIMEOUT_MS = 15_000;

/** Provisions, starts and fills a domain. Needs what `sambaAvailable` says; takes seven to ten seconds. */
export async function startSambaDomain(options: SambaDomainOptions): Promise<SambaDomain> {
  if (!sambaAvailable()) {
    throw new Error(
      'Samba cannot run here: it needs Linux, root, and the packages samba-ad-dc and samba-ad-provision.',
    );
  }
  const plan: DomainPlan = {
    dir: options.dir,
    domain: options.domain ?? 'lab.example',
    address: await freeLoopbackAddress(),
    adminPassword: strongPassword(),
  };
  try {
    await provision(plan);
    const samba = await startSamba(plan.dir, plan.address);
    try {
      return await fill(options, plan, () => samba.stop());
    } catch (error) {
      await samba.stop();
      throw error;
    }
  } catch (error) {
    await rm(plan.dir, { recursive: true, force: true });
    throw error;
  }
}

async function fill(options: SambaDomainOptions, plan: DomainPlan, stop: () => Promise<void>): Promise<SambaDomain> {
  const units = unitsOf(baseDnOf(plan.domain));
  const url = `ldaps://${plan.address}:${LDAPS_PORT}`;
  const caPem = await readFile(certificateFile(plan.dir), 'utf8');
  const serverName = hostNameOf(plan);
  const bindPassword = strongPassword();
  const as = connector({ url, caPem, serverName });
  const asAdministrator = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
    as(`administrator@${plan.domain}`, plan.adminPassword, work);

  const sid = await asAdministrator(async (client) => {
    await populate(client, units, { users: options.users, groups: options.groups, servicePassword: bindPassword });
    return securityIdOf(client, serviceDn(units));
  });
  await grant(plan.dir, units.people, rightsOnPeople(sid));
  await grant(plan.dir, units.groups, rightsOnGroups(sid));

  return {
    url,
    address: plan.address,
    port: LDAPS_PORT,
    caPem,
    serverName,
    bindDn: serviceDn(units),
    bindPassword,
    baseDn: units.baseDn,
    dnOf: (email) => personDn(units, email),
    groupDn: (name) => groupDn(units, name),
    async adminReset(email, { password = strongPassword(), mustChange = false } = {}) {
      const flag = change('replace', attribute('pwdLastSet', mustChange ? '0' : '-1'));
      const changes = [change('replace', passwordAttribute(password)), flag];
      await asAdministrator((client) => client.modify(personDn(units, email), changes));
      return password;
    },
    async changeOwnPassword(email, from, to) {
      const changes = [change('delete', passwordAttribute(from)), change('add', passwordAttribute(to))];
      await as(email, from, (client) => client.modify(personDn(units, email), changes));
    },
    async delegate(email, right) {
      const trustee = await asAdministrator((client) => securityIdOf(client, personDn(units, email)));
      await grant(plan.dir, units.people, rightOnPeople(right, trustee));
    },
    intrude: (email) => asAdministrator((client) => plantIntrusion(client, personDn(units, email))),
    checkPassword: (email, password) =>
      passwordIsRight(() => as(personDn(units, email), password, () => Promise.resolve())),
    asAdministrator,
    async stop() {
      await stop();
      await rm(plan.dir, { recursive: true, force: true });
    },
  };
}

type As = <T>(name: string, password: string, work: (client: Client) => Promise<T>) => Promise<T>;

function connector(server: { readonly url: string; readonly caPem: string; readonly serverName: string }): As {
  return async (name, password, work) => {
    const client = new Client({
      url: server.url,
      timeout: TIMEOUT_MS,
      connectTimeout: TIMEOUT_MS,
      tlsOptions: { ca: server.caPem, servername: server.serverName },
    });
    try {
      await client.bind(name, password);
      return await work(client);
    } finally {
      await client.unbind();
    }
  };
}

/** Sub-codes that the controller gives only when the password was right: disabled, expired, must change. */
const RIGHT_BUT_REFUSED = /\bdata (530|531|532|533|701|773)\b/;

async function passwordIsRight(bind: () => Promise<void>): Promise<boolean> {
  try {
    await bind();
    return true;
  } catch (error) {
    if (error instanceof ResultCodeError && error.code === 49) return RIGHT_BUT_REFUSED.test(error.message);
    throw error;
  }
}
