import { Attribute, Change, type Client } from 'ldapts';

/** A person in the domain. The address is also the sign-in name (userPrincipalName). */
export interface SambaUser {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** Names of groups that the person is a direct member of. */
  readonly groups?: readonly string[];
  /** Personnel number. */
  readonly employeeId?: string;
  /** Further addresses. */
  readonly aliases?: readonly string[];
}

/** Where things stand in the domain. */
export interface Units {
  readonly baseDn: string;
  readonly people: string;
  readonly groups: string;
  readonly services: string;
}

export const unitsOf = (baseDn: string): Units => ({
  baseDn,
  people: `OU=Staff,${baseDn}`,
  groups: `OU=Groups,${baseDn}`,
  services: `OU=Services,${baseDn}`,
});

export const SERVICE_ACCOUNT = 'svc-directory';

/** The name of a person's object: by the address, so that people of the same name do not collide. */
export const personDn = (units: Units, email: string): string =>
  `CN=${email.replace(/[,+"\\<>;=#]/g, '\\$&')},${units.people}`;
export const groupDn = (units: Units, name: string): string => `CN=${name},${units.groups}`;
export const serviceDn = (units: Units): string => `CN=${SERVICE_ACCOUNT},${units.services}`;

export const attribute = (type: string, ...values: string[]): Attribute => new Attribute({ type, values });
export const passwordAttribute = (password: string): Attribute =>
  new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${password}"`, 'utf16le')] });
export const change = (operation: 'add' | 'delete' | 'replace', modification: Attribute): Change =>
  new Change({ operation, modification });

const NORMAL_ACCOUNT = '512';
const NEVER_EXPIRES = '66048';

/** Fills an empty domain: units, groups, people, the service account. */
export async function populate(
  client: Client,
  units: Units,
  plan: { readonly users: readonly SambaUser[]; readonly groups: readonly string[]; readonly servicePassword: string },
): Promise<void> {
  for (const unit of [units.people, units.groups, units.services]) {
    await client.add(unit, [attribute('objectClass', 'organizationalUnit')]);
  }
  for (const name of plan.groups) {
    await client.add(groupDn(units, name), [attribute('objectClass', 'group'), attribute('sAMAccountName', name)]);
  }
  await client.add(serviceDn(units), [
    attribute('objectClass', 'user'),
    attribute('sAMAccountName', SERVICE_ACCOUNT),
    attribute('userAccountControl', NEVER_EXPIRES),
    passwordAttribute(plan.servicePassword),
  ]);
  for (const [index, user] of plan.users.entries()) await addPerson(client, units, user, index);
}

async function addPerson(client: Client, units: Units, user: SambaUser, index: number): Promise<void> {
  const dn = personDn(units, user.email);
  // The old logon name has at most twenty characters and must be unique.
  const short = (user.email.split('@')[0] ?? 'user').replace(/[^A-Za-z0-9.-]/g, '').slice(0, 15);
  await client.add(dn, [
    attribute('objectClass', 'user'),
    attribute('sAMAccountName', `${short}${index === 0 ? '' : `-${index}`}`),
    attribute('userPrincipalName', user.email),
    attribute('mail', user.email),
    attribute('displayName', user.name),
    attribute('userAccountControl', NORMAL_ACCOUNT),
    passwordAttribute(user.password),
    ...(user.employeeId === undefined ? [] : [attribute('employeeID', user.employeeId)]),
    ...(user.aliases === undefined
      ? []
      : [attribute('proxyAddresses', ...user.aliases.map((alias) => `smtp:${alias}`))]),
  ]);
  for (const name of user.groups ?? []) {
    await client.modify(groupDn(units, name), change('add', attribute('member', dn)));
  }
}

/** A service name, so that tickets can be had and cracked, and a certificate that signs in as the person. */
export async function plantIntrusion(client: Client, dn: string): Promise<void> {
  const name = (/^CN=([^,@]+)/i.exec(dn)?.[1] ?? 'person').toLowerCase();
  await client.modify(dn, [
    change('replace', attribute('servicePrincipalName', `HTTP/${name}.intruder.example`)),
    change('replace', attribute('altSecurityIdentities', 'X509:<I>CN=Intruder CA<SR>01')),
  ]);
}
