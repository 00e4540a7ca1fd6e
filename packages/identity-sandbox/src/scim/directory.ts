import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import SCIMMYRouters from 'scimmy-routers';
import { createFaults, type Faults } from '../http/faults.js';
import { createPauses } from '../http/pauses.js';
import type { DirectoryCall, EffectHooks } from '../http/server.js';
import { hashPassword, passwordMatches } from '../passwords.js';
import { createGate } from './gate.js';
import { declareResources } from './resources.js';
import { ScimStore, type ScimSeed, type ScimSnapshot, type ScimUserRecord } from './store.js';

const MOUNT = '/scim/v2';

export interface ScimDirectoryOptions extends ScimSeed {
  readonly token: string;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** What the token may do; everything when left out. */
  readonly permissions?: readonly ScimPermission[];
  /** Whether the server says that it takes passwords. */
  readonly changePassword?: boolean;
  /** Replaces users and groups. */
  readonly snapshot?: ScimSnapshot;
}

export type ScimPermission = 'read' | 'write';

/** A user as a page shows it. */
export interface ScimUserView {
  readonly id: string;
  readonly email: string;
  readonly userName: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly contacts: readonly string[];
  readonly passwordChangedAt: string | null;
}

export interface ScimDirectoryView {
  readonly users: readonly ScimUserView[];
  readonly groups: readonly { readonly id: string; readonly name: string; readonly members: readonly string[] }[];
}

export interface ScimDirectory {
  /** With the path that SCIM is mounted at. */
  readonly url: string;
  readonly faults: Faults;
  readonly hooks: EffectHooks;
  calls(): readonly DirectoryCall[];
  state(): ScimDirectoryView;
  user(email: string): ScimUserView | null;
  /** Also of an account that is not active. */
  checkPassword(email: string, password: string): boolean;
  /** Somebody sets another password in the application itself; SCIM tells nothing of the actor and the address. */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  /** What an attacker leaves that SCIM can show: a recovery phone and mailbox of his own. */
  intrude(email: string, from: { readonly ip: string; readonly country?: string }): void;
  setMember(groupId: string, email: string, inside: boolean): void;
  permit(permission: ScimPermission, granted: boolean): void;
  /** From now on the token is refused. */
  expireTokens(): void;
  setLag(ms: number): void;
  onChange(listener: () => void): () => void;
  snapshot(): ScimSnapshot;
  close(): Promise<void>;
}

function viewOf(record: ScimUserRecord, { groups }: ScimSnapshot): ScimUserView {
  return {
    id: record.id,
    email: record.emails[0]?.value ?? record.userName,
    userName: record.userName,
    name: record.displayName,
    enabled: record.active,
    groups: groups.filter(({ members }) => members.includes(record.id)).map(({ displayName }) => displayName),
    roles: [...record.roles],
    contacts: [...record.emails, ...record.phoneNumbers].map(({ value }) => value),
    passwordChangedAt: record.passwordChangedAt,
  };
}

type Outside = Pick<
  ScimDirectory,
  'state' | 'user' | 'checkPassword' | 'resetByAttacker' | 'intrude' | 'setMember' | 'setLag' | 'onChange' | 'snapshot'
>;

/** What a page or a test does to the application from outside SCIM. */
function outsideOf(store: ScimStore): Outside {
  return {
    state: () => ({
      users: store.present().users.map((record) => viewOf(record, store.present())),
      groups: store.present().groups.map(({ id, displayName, members }) => ({
        id,
        name: displayName,
        members: store.present().users.flatMap((record) => (members.includes(record.id) ? [record.userName] : [])),
      })),
    }),
    user(email) {
      const found = store.find(email);
      return found === undefined ? null : viewOf(found, store.present());
    },
    checkPassword(email, password) {
      const found = store.find(email);
      return found !== undefined && passwordMatches(password, found);
    },
    resetByAttacker(email, _actor, _ip, password = randomBytes(24).toString('base64url')) {
      const record = store.named(email);
      Object.assign(record, hashPassword(password), { passwordChangedAt: store.clock().toISOString() });
      store.touch(record);
    },
    intrude(email) {
      const record = store.named(email);
      record.phoneNumbers.push({ value: '+1 555 0166', type: 'mobile', primary: false });
      record.emails.push({ value: 'recovery@evil.example', type: 'other', primary: false });
      store.touch(record);
    },
    setMember(groupId, email, inside) {
      const group = store.present().groups.find(({ id }) => id === groupId);
      if (group === undefined) throw new Error(`There is no group ${groupId}; choose one of the seeded.`);
      const { id } = store.named(email);
      const others = group.members.filter((member) => member !== id);
      group.members = inside ? [...others, id] : others;
      store.changed();
    },
    setLag: (ms) => store.setLag(ms),
    onChange: (listener) => store.onChange(listener),
    snapshot: () => structuredClone(store.present()),
  };
}

/** An application of its own with SCIM 2.0 on loopback; the protocol is spoken by the packages scimmy and scimmy-routers. */
export async function createScimDirectory(options: ScimDirectoryOptions): Promise<ScimDirectory> {
  const { clock } = options;
  const store = new ScimStore(clock, options, options.snapshot);
  const faults = createFaults(clock);
  const hooks: EffectHooks = {};
  const calls: DirectoryCall[] = [];
  const permissions = new Set<ScimPermission>(options.permissions ?? ['read', 'write']);
  const { pause, end } = createPauses();
  let isExpired = false;
  const admits = (authorization: string | undefined): boolean =>
    !isExpired && authorization === `Bearer ${options.token}`;

  declareResources();
  const app = express();
  app.disable('x-powered-by');
  app.use(
    MOUNT,
    createGate({
      clock,
      faults,
      hooks,
      calls,
      pause,
      admits,
      may: (write) => permissions.has(write ? 'write' : 'read'),
      emailOf: (path) => store.present().users.find(({ id }) => path.includes(id))?.userName ?? null,
    }),
  );
  if (options.changePassword === false) app.use(`${MOUNT}/ServiceProviderConfig`, withoutPasswords);
  app.use(
    MOUNT,
    new SCIMMYRouters({
      type: 'bearer',
      handler(request) {
        if (!admits(request.get('authorization'))) throw new Error('The token is not valid');
        return 'provisioning';
      },
      context: () => store,
    }),
  );
  const http = createServer(app);
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string')
    throw new Error('The SCIM directory has no port; give it a free one.');
  return {
    ...outsideOf(store),
    url: `http://127.0.0.1:${address.port}${MOUNT}`,
    faults,
    hooks,
    calls: () => [...calls],
    permit(permission, granted) {
      if (granted) permissions.add(permission);
      else permissions.delete(permission);
    },
    expireTokens: () => (isExpired = true),
    async close() {
      end();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** The package keeps its configuration once for the process: one application's own answer is put in afterwards. */
const withoutPasswords: express.RequestHandler = (_request, response, next) => {
  const send = response.send.bind(response);
  response.send = (body: unknown): express.Response => {
    response.send = send;
    return send({ ...JSON.parse(JSON.stringify(body)), changePassword: { supported: false } });
  };
  next();
};
