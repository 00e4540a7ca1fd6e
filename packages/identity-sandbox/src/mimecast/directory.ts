import { randomBytes } from 'node:crypto';
import { passwordMatches } from '../passwords.js';
import { startHttpDirectory, type HttpDirectory, type VendorErrors } from '../http/server.js';
import { createEnvelopeFaults, type MimecastFaults } from './faults.js';
import { EVERY_PERMISSION } from './functions.js';
import { route, type Gateway } from './gateway.js';
import { settle } from './directory-sync.js';
import { changeInConsole, type ConsoleFlags, delegate, intrude, resetByAttacker } from './intrusion.js';
import type { AuditRecord, Effect, MimecastSnapshot, MimecastUserRecord } from './model.js';
import { createTokens, TOKEN_PATH } from './oauth.js';
import { createRateLimiter, type RateLimit } from './rate-limit.js';
import { createSignatures, type Api1Keys } from './signatures.js';
import { MimecastState, type AuditEntry, type ConnectionSeed, type GroupSeed, type UserSeed } from './state.js';
import { gatewayFailure } from './wire.js';

const DEFAULT_RATE: RateLimit = { calls: 3000, perMs: 10_000 };

export interface MimecastDirectoryOptions {
  readonly users: readonly UserSeed[];
  readonly groups: readonly GroupSeed[];
  /** The application of API 2.0. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The application of API 1.0; left out: there is none. */
  readonly api1?: Api1Keys;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** What the application's role permits; everything when left out. */
  readonly permissions?: readonly string[];
  readonly forbidWith?: 'http' | 'meta';
  /**
   * Whether API 2.0 answers `get-profile`: its catalogue does not list the function, programs in use call it. Left out:
   * 404.
   */
  readonly profileInApi2?: boolean;
  /** `null` switches the limit off. */
  readonly rateLimit?: RateLimit | null;
  /** Replaces users and groups. */
  readonly snapshot?: MimecastSnapshot;
  /** What people are copied from. */
  readonly connections?: readonly ConnectionSeed[];
  /** Whom the audit log names for calls of the API. */
  readonly apiActor?: string;
}

/** A user for a page: Mimecast's own flags, and the same in the words that all directories of the sandbox use. */
export interface MimecastUserView extends Omit<MimecastUserRecord, 'passwordSalt' | 'passwordHash' | 'delegates'> {
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly groups: readonly string[];
  /** Mailboxes that the person may open. */
  readonly rules: readonly string[];
}

export interface MimecastDirectoryView {
  readonly users: readonly MimecastUserView[];
  readonly groups: readonly { readonly name: string; readonly source: string; readonly members: readonly string[] }[];
  /** Oldest first. */
  readonly audit: readonly AuditRecord[];
}

export interface MimecastDirectory extends Omit<HttpDirectory, 'faults'> {
  state(): MimecastDirectoryView;
  user(email: string): MimecastUserView | null;
  checkPassword(email: string, password: string): boolean;
  /** Somebody else sets the person's password; without `password` nobody knows the new one. Throws when there is no such user. */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  /** Plants what an intruder leaves: guesses, a sign-in from `ip`, a right to another mailbox. Mimecast tells no country. */
  intrude(email: string, from: { readonly ip: string; readonly country?: string }): void;
  /** Somebody changes the account in the console, or a synchronisation does. */
  change(email: string, flags: Partial<ConsoleFlags>): void;
  /** An administrator lets the person open another mailbox. */
  delegate(email: string, mailbox: string): void;
  /** Writes any row into the audit log, e.g. a sign-in. */
  writeAudit(entry: AuditEntry): void;
  onChange(listener: () => void): () => void;
  readonly faults: MimecastFaults;
  effects(): readonly Effect[];
  /** Grants or takes a permission of the application's role. */
  permit(permission: string, granted: boolean): void;
  /** Every change of a group is refused from now on, whatever the role permits; reading works. */
  refuseGroupChanges(refused: boolean): void;
  /** What the company's directory says of the person; the next synchronisation brings it along. */
  inDirectory(email: string, enabled: boolean): void;
  /** How long a synchronisation takes, ms. */
  setSyncTime(ms: number): void;
  /** How late rows of the audit log are seen, ms. */
  setLag(ms: number): void;
  expireTokens(): void;
  /** API 1.0: the access key has outlived the authentication cache. */
  expireBinding(expired: boolean): void;
  snapshot(): MimecastSnapshot;
}

function viewOf(state: MimecastState, record: MimecastUserRecord): MimecastUserView {
  const { emailAddress, name, aliases, role, passwordChangedAt, ...flags } = record;
  const { forcePasswordChange, passwordNeverExpires, accountLocked, accountDisabled, allowPop, allowSmtp } = flags;
  const shown = { forcePasswordChange, passwordNeverExpires, accountLocked, accountDisabled, allowPop, allowSmtp };
  const member = state.groups.filter(({ members }) => members.includes(emailAddress));
  return {
    ...{ emailAddress, name, aliases, role, passwordChangedAt },
    ...shown,
    enabled: !accountDisabled,
    mustChange: forcePasswordChange,
    groups: member.map(({ description }) => description),
    rules: flags.delegates.map(({ address }) => address),
  };
}

/** What a page or a test does to the account from outside the API. */
function outsideOf(state: MimecastState) {
  return {
    state: () => ({
      users: [...state.users.values()].map((record) => viewOf(state, record)),
      groups: state.groups.map(({ description, source, members }) => ({
        name: description,
        source,
        members: [...members],
      })),
      audit: [...state.audit],
    }),
    user(email) {
      settle(state);
      const found = state.find(email);
      return found === undefined ? null : viewOf(state, found);
    },
    checkPassword(email, password) {
      const found = state.find(email);
      return found !== undefined && passwordMatches(password, found);
    },
    change: (email, flags) => changeInConsole(state, email, flags),
    resetByAttacker: (email, actor, ip, password = randomBytes(24).toString('base64url')) =>
      resetByAttacker(state, email, { actor, ip, password }),
    delegate: (email, mailbox) => delegate(state, email, mailbox),
    intrude: (email, { ip }) => intrude(state, email, ip),
    writeAudit: (entry) => state.writeAudit(entry),
    onChange: (listener) => state.onChange(listener),
    effects: () => [...state.effects],
    refuseGroupChanges: (refused) => void (state.refusesGroupChanges = refused),
    inDirectory: (email, enabled) => void state.inDirectory.set(email.toLowerCase(), enabled),
    setSyncTime: (ms) => void (state.syncMs = ms),
    setLag: (ms) => void (state.lagMs = ms),
    snapshot: () => state.snapshot(),
  } satisfies Partial<MimecastDirectory>;
}

const ERRORS: VendorErrors = {
  throttled: (waitMs) => ({
    ...gatewayFailure(429, 'rate_limit_exceeded', 'Too many requests'),
    headers: { 'X-RateLimit-Reset': String(waitMs) },
  }),
  internal: () => gatewayFailure(500, 'err_internal', 'Internal error'),
  unauthorized: () => gatewayFailure(401, 'token_expired', 'Access Token Expired'),
};

/** A Mimecast account of its own: API 2.0 and 1.0 over real HTTP on loopback, in the vendor's paths, shapes and errors. */
export async function createMimecastDirectory(options: MimecastDirectoryOptions): Promise<MimecastDirectory> {
  const { clock, rateLimit = DEFAULT_RATE } = options;
  const state = new MimecastState(clock, options.users, options.groups, options.connections);
  if (options.snapshot !== undefined) state.restore(options.snapshot);
  const { clientId, clientSecret } = options;
  const permissions = new Set(options.permissions ?? EVERY_PERMISSION);
  const gateway: Gateway = {
    state,
    tokens: createTokens(clock, { clientId, clientSecret, permissions }),
    signatures: createSignatures(clock, options.api1 ?? null),
    limiter: createRateLimiter(clock, rateLimit),
    faults: createEnvelopeFaults(),
    clock,
    actor: options.apiActor ?? 'API Application',
    permissions,
    forbidWith: options.forbidWith ?? 'http',
    answersUnlisted: options.profileInApi2 ?? false,
  };
  const server = await startHttpDirectory({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    errors: ERRORS,
    isSignIn: ({ path }) => path === TOKEN_PATH,
    route(request) {
      settle(state);
      return route(gateway, request);
    },
  });
  return {
    ...server,
    ...outsideOf(state),
    faults: gateway.faults.over(() => server),
    permit(permission, granted) {
      if (granted) gateway.permissions.add(permission);
      else gateway.permissions.delete(permission);
    },
    expireTokens: () => gateway.tokens.expireAll(),
    expireBinding: (expired) => gateway.signatures.expire(expired),
  };
}
