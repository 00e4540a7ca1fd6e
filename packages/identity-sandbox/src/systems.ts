import { randomBytes, randomUUID } from 'node:crypto';

export interface Person {
  readonly email: string;
  readonly name: string;
  readonly password?: string | undefined;
}

export interface Running {
  readonly url: string;
  /** What a client signs in with, by the names of the system's own options. */
  readonly credentials: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Wanted {
  readonly port: number;
  readonly people: readonly [Person, ...Person[]];
}

const secret = (): string => randomBytes(24).toString('hex');
const clock = (): Date => new Date();
const usersOf = ({ people }: Wanted) =>
  people.map(({ email, name, password }) => ({ email, name, ...(password === undefined ? {} : { password }) }));

/** How each system is started alone; it is loaded when it is asked for, with the packages that it needs. */
export const SYSTEMS: Readonly<Record<string, (wanted: Wanted) => Promise<Running>>> = {
  'entra-id': async (wanted) => {
    const { createEntraIdDirectory } = await import('./entra-id/index.js');
    const application = { tenantId: randomUUID(), clientId: randomUUID(), clientSecret: secret() };
    const directory = await createEntraIdDirectory({
      ...application,
      clock,
      port: wanted.port,
      users: usersOf(wanted),
    });
    return { url: directory.url, credentials: application, close: () => directory.close() };
  },
  'google-workspace': async (wanted) => {
    const { createGoogleWorkspaceDirectory, createServiceAccount } = await import('./google-workspace/index.js');
    const { keyFile, known } = createServiceAccount();
    const [first, ...others] = usersOf(wanted);
    const directory = await createGoogleWorkspaceDirectory({
      serviceAccount: known,
      clock,
      port: wanted.port,
      users: [...(first === undefined ? [] : [{ ...first, admin: 'super' }]), ...others],
    });
    const credentials = { serviceAccountKey: keyFile, adminEmail: wanted.people[0].email };
    return { url: directory.url, credentials, close: () => directory.close() };
  },
  keycloak: async (wanted) => {
    const { createKeycloakDirectory } = await import('./keycloak/index.js');
    const client = { realm: 'local', clientId: 'local-client', clientSecret: secret() };
    const directory = await createKeycloakDirectory({ ...client, clock, port: wanted.port, users: usersOf(wanted) });
    return { url: directory.url, credentials: client, close: () => directory.close() };
  },
  mimecast: async (wanted) => {
    const { createMimecastDirectory } = await import('./mimecast/index.js');
    const application = { clientId: secret(), clientSecret: secret() };
    const directory = await createMimecastDirectory({
      ...application,
      clock,
      port: wanted.port,
      users: usersOf(wanted),
      groups: [],
    });
    return { url: directory.url, credentials: application, close: () => directory.close() };
  },
  okta: async (wanted) => {
    const { createOktaDirectory } = await import('./okta/index.js');
    const [first, ...others] = usersOf(wanted);
    const apiToken = { value: `00${secret()}`, ownerEmail: wanted.people[0].email };
    const directory = await createOktaDirectory({
      apiToken,
      clock,
      port: wanted.port,
      users: [...(first === undefined ? [] : [{ ...first, roles: ['SUPER_ADMIN' as const] }]), ...others],
    });
    return { url: directory.url, credentials: { apiToken: apiToken.value }, close: () => directory.close() };
  },
  scim: async (wanted) => {
    const { createScimDirectory } = await import('./scim/index.js');
    const token = secret();
    const directory = await createScimDirectory({ token, clock, port: wanted.port, users: usersOf(wanted) });
    return { url: directory.url, credentials: { token }, close: () => directory.close() };
  },
};
