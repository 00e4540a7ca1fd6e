import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createFaults, type Faults } from './faults.js';
import { EVERY_PERMISSION } from './functions.js';
import type { Gateway } from './gateway.js';
import type { AuditRecord, Effect, MimecastCall, MimecastSnapshot, MimecastUserRecord } from './model.js';
import { createTokens } from './oauth.js';
import { passwordMatches } from '../passwords.js';
import { createPauses } from '../http/pauses.js';
import { createRateLimiter, type RateLimit } from './rate-limit.js';
import { serve, type EffectHooks, type Server } from './server.js';
import { MimecastState, type AuditEntry, type GroupSeed, type UserSeed } from './state.js';
import { setPassword } from './users.js';

const DEFAULT_RATE: RateLimit = { calls: 3000, perMs: 10_000 };

export interface MimecastDirectoryOptions {
  readonly users: readonly UserSeed[];
  readonly groups: readonly GroupSeed[];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** What the application's role permits; everything when left out. */
  readonly permissions?: readonly string[];
  readonly forbidWith?: 'http' | 'meta';
  /** `null` switches the limit off. */
  readonly rateLimit?: RateLimit | null;
  /** Replaces users and groups. */
  readonly snapshot?: MimecastSnapshot;
  /** Whom the audit log names for calls of the API. */
  readonly apiActor?: string;
}

export type MimecastUserView = Omit<MimecastUserRecord, 'passwordSalt' | 'passwordHash'>;

export interface MimecastDirectoryView {
  readonly users: readonly MimecastUserView[];
  readonly groups: readonly { readonly name: string; readonly source: string; readonly members: readonly string[] }[];
  /** Oldest first. */
  readonly audit: readonly AuditRecord[];
}

export interface MimecastDirectory {
  readonly url: string;
  state(): MimecastDirectoryView;
  user(email: string): MimecastUserView | null;
  checkPassword(email: string, password: string): boolean;
  /** Somebody else sets the person's password; without `password` nobody knows the new one. Throws when there is no such user. */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  /** Writes any row into the audit log, e.g. a sign-in. */
  writeAudit(entry: AuditEntry): void;
  onChange(listener: () => void): () => void;
  readonly faults: Faults;
  calls(): readonly MimecastCall[];
  effects(): readonly Effect[];
  readonly hooks: EffectHooks;
  /** Grants or takes a permission of the application's role. */
  permit(permission: string, granted: boolean): void;
  expireTokens(): void;
  snapshot(): MimecastSnapshot;
  close(): Promise<void>;
}

function viewOf(record: MimecastUserRecord): MimecastUserView {
  const { emailAddress, name, ...flags } = record;
  const { forcePasswordChange, passwordNeverExpires, accountLocked, accountDisabled, allowPop, allowSmtp } = flags;
  const shown = { forcePasswordChange, passwordNeverExpires, accountLocked, accountDisabled, allowPop, allowSmtp };
  return { emailAddress, name, ...shown };
}

/** What a page or a test does to the account from outside the API. */
function outsideOf(state: MimecastState) {
  return {
    state: () => ({
      users: [...state.users.values()].map(viewOf),
      groups: state.groups.map(({ description, source, members }) => ({
        name: description,
        source,
        members: [...members],
      })),
      audit: [...state.audit],
    }),
    user(email) {
      const found = state.find(email);
      return found === undefined ? null : viewOf(found);
    },
    checkPassword(email, password) {
      const found = state.find(email);
      return found !== undefined && passwordMatches(password, found);
    },
    resetByAttacker(email, actor, ip, password = randomBytes(24).toString('base64url')) {
      const found = state.find(email);
      if (found === undefined) throw new Error(`There is no Mimecast user ${email}; choose one of the seeded ones.`);
      found.forcePasswordChange = false;
      setPassword(state, found, { password, actor, ip });
      state.took('attacker_reset', email, actor);
    },
    writeAudit: (entry) => state.writeAudit(entry),
    onChange: (listener) => state.onChange(listener),
    effects: () => [...state.effects],
    snapshot: () => state.snapshot(),
  } satisfies Partial<MimecastDirectory>;
}

async function listen(server: Server, port: number) {
  const http = createServer((request, response) => {
    serve(server, request, response).catch(() => request.socket.destroy());
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string')
    throw new Error('The Mimecast directory has no port; give it a free one.');
  return { http, url: `http://127.0.0.1:${address.port}` };
}

/** A Mimecast account of its own: API 2.0 over real HTTP on loopback, in the vendor's paths, shapes and errors. */
export async function createMimecastDirectory(options: MimecastDirectoryOptions): Promise<MimecastDirectory> {
  const { clock, rateLimit = DEFAULT_RATE } = options;
  const state = new MimecastState(clock, options.users, options.groups);
  if (options.snapshot !== undefined) state.restore(options.snapshot);
  const tokens = createTokens(clock, options.clientId, options.clientSecret);
  const gateway: Gateway = {
    state,
    tokens,
    limiter: createRateLimiter(clock, rateLimit),
    clock,
    actor: options.apiActor ?? 'API Application',
    permissions: new Set(options.permissions ?? EVERY_PERMISSION),
    forbidWith: options.forbidWith ?? 'http',
  };
  const { pause, end } = createPauses();
  const server: Server = { gateway, faults: createFaults(), hooks: {}, calls: [], pause };
  const { http, url } = await listen(server, options.port ?? 0);
  return {
    ...outsideOf(state),
    url,
    faults: server.faults,
    calls: () => [...server.calls],
    hooks: server.hooks,
    permit(permission, granted) {
      if (granted) gateway.permissions.add(permission);
      else gateway.permissions.delete(permission);
    },
    expireTokens: () => tokens.expireAll(),
    async close() {
      end();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
