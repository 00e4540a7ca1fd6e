import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Faults } from '../http/faults.js';
import { startHttpDirectory, type DirectoryCall, type EffectHooks } from '../http/server.js';
import { passwordMatches } from '../passwords.js';
import { internal, tooMany, unauthenticated } from './errors.js';
import { warn } from './alerts.js';
import { intrude, resetBySomebody, signInAtHome, type Intrusion } from './intruder.js';
import type { GoogleWorkspaceSnapshot, SendAsRecord, UserRecord } from './model.js';
import { createOAuth, type KnownServiceAccount } from './oauth.js';
import { EVERY_SCOPE, route } from './router.js';
import { newId, planted, type Seeds } from './seeds.js';
import { GoogleWorkspaceState } from './state.js';

/** What an edition of Google Workspace may lack. */
export const FEATURES = ['gmail', 'mobile_management'] as const;
export type Feature = (typeof FEATURES)[number];

export interface GoogleWorkspaceDirectoryOptions extends Seeds {
  readonly serviceAccount: KnownServiceAccount;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Delegated scopes by their short names, e.g. `admin.directory.user`; every one when left out. */
  readonly scopes?: readonly string[];
  /** How long the audit log is behind, in ms. */
  readonly lagMs?: number;
  /** Replaces users, groups and units. */
  readonly snapshot?: GoogleWorkspaceSnapshot;
}

/** One user as a page shows it. */
export interface GoogleWorkspaceUserView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly mustChange: boolean;
  readonly passwordChangedAt: string | null;
  readonly factors: readonly string[];
  readonly backupCodes: number;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly orgUnit: string;
  readonly sessions: number;
  readonly grants: readonly string[];
  readonly appPasswords: readonly string[];
  readonly devices: readonly { readonly name: string; readonly status: string }[];
  readonly rules: readonly string[];
  readonly imap: boolean;
  readonly pop: boolean;
  readonly recovery: readonly string[];
}

export interface GoogleWorkspaceDirectoryView {
  readonly users: readonly GoogleWorkspaceUserView[];
  readonly groups: readonly { readonly email: string; readonly members: readonly string[] }[];
  /** Newest last; what happened, whether or not the API shows it already. */
  readonly audit: GoogleWorkspaceSnapshot['activities'];
}

export interface GoogleWorkspaceDirectory {
  /** Base of the Admin SDK, of Gmail and of `/token`. */
  readonly url: string;
  readonly faults: Faults;
  readonly hooks: EffectHooks;
  calls(): readonly DirectoryCall[];
  state(): GoogleWorkspaceDirectoryView;
  user(email: string): GoogleWorkspaceUserView | null;
  checkPassword(email: string, password: string): boolean;
  /** Somebody sets the password; without `password` nobody knows the new one. Throws when there is no such user. */
  resetByAttacker(email: string, actor: string, ip: string, password?: string): void;
  /** An ordinary sign-in of the person's own. Throws when there is no such user. */
  signIn(email: string, from: { readonly ip: string; readonly country: string }): void;
  /** Leaves what an attacker leaves. Throws when there is no such user. */
  intrude(email: string, intrusion: Intrusion): void;
  /** Somebody in the mailbox adds an address that mail is sent as, or has replies go elsewhere. */
  sendAs(email: string, added: Partial<Omit<SendAsRecord, 'verificationStatus'>> & { readonly replyTo?: string }): void;
  /** Google's own verdict, as an alert and in the login log. */
  warn(email: string, verdict: 'suspicious_login' | 'hijacked', ip: string): void;
  /** Gives a role of this name, which is made when there is none. */
  assignRole(email: string, roleName: string): void;
  /** Delegates a scope, by its short name, or takes it away. */
  permit(scope: string, granted: boolean): void;
  license(feature: Feature, granted: boolean): void;
  /** How long the audit log is behind, in ms. */
  setLag(ms: number): void;
  expireTokens(): void;
  snapshot(): GoogleWorkspaceSnapshot;
  restore(snapshot: GoogleWorkspaceSnapshot): void;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** A key of a service account as Google Cloud hands it out, and what the directory needs to know of it. */
export function createServiceAccount(clientEmail = 'client@sandbox.iam.gserviceaccount.com'): {
  readonly keyFile: string;
  readonly known: KnownServiceAccount;
} {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyFile = JSON.stringify({
    type: 'service_account',
    project_id: /@([^.]+)/.exec(clientEmail)?.[1] ?? 'sandbox',
    private_key_id: randomBytes(20).toString('hex'),
    private_key: privateKey,
    client_email: clientEmail,
    client_id: newId(),
    token_uri: 'https://oauth2.googleapis.com/token',
  });
  return { keyFile, known: { clientEmail, publicKey } };
}

function rulesOf({ mailbox }: UserRecord): readonly string[] {
  if (mailbox === null) return [];
  const { autoForwarding, filters, delegates, forwardingAddresses, sendAs, replyTo } = mailbox;
  return [
    ...(autoForwarding.enabled ? [`forward all to ${autoForwarding.emailAddress ?? ''}`] : []),
    ...filters.map(({ criteria, action }) => `filter ${JSON.stringify(criteria)} ${JSON.stringify(action)}`),
    ...delegates.map((delegate) => `delegate ${delegate}`),
    ...forwardingAddresses.map(({ forwardingEmail }) => `forwarding address ${forwardingEmail}`),
    ...sendAs.map(({ sendAsEmail }) => `send as ${sendAsEmail}`),
    ...(replyTo === '' ? [] : [`reply to ${replyTo}`]),
  ];
}

function viewOf(state: GoogleWorkspaceState, user: UserRecord): GoogleWorkspaceUserView {
  const held = new Set(state.assignmentsOf(user).map(({ roleId }) => roleId));
  return {
    id: user.id,
    email: user.primaryEmail,
    name: user.name,
    enabled: !user.suspended && !user.archived,
    mustChange: user.changePasswordAtNextLogin,
    passwordChangedAt: user.passwordChangedAt,
    factors: user.factors.map(({ name }) => name),
    backupCodes: user.backupCodes.length,
    groups: state.groupsOf(user).map(({ email }) => email),
    roles: state.data.roles.filter(({ roleId }) => held.has(roleId)).map(({ roleName }) => roleName),
    orgUnit: user.orgUnitPath,
    sessions: user.sessions.length,
    grants: user.grants.map(({ displayText }) => displayText),
    appPasswords: user.appPasswords.map(({ name }) => name),
    devices: user.devices.map(({ model, status }) => ({ name: model, status })),
    rules: rulesOf(user),
    imap: user.mailbox?.imap.enabled === true,
    pop: user.mailbox !== null && user.mailbox.pop.accessWindow !== 'disabled',
    recovery: [user.recoveryEmail, user.recoveryPhone].filter((contact) => contact !== ''),
  };
}

/** What a page or a test sees and does from outside the API. */
function outsideOf(state: GoogleWorkspaceState) {
  const known = (email: string): UserRecord => {
    const found = state.user(email);
    if (found === undefined) throw new Error(`Google Workspace has no user ${email}; choose one of the seeded ones.`);
    return found;
  };
  return {
    state: () => ({
      users: state.data.users.map((user) => viewOf(state, user)),
      groups: state.data.groups.map(({ email, members }) => ({
        email,
        members: members.flatMap((id) => state.user(id)?.primaryEmail ?? []),
      })),
      audit: structuredClone(state.data.activities),
    }),
    user(email) {
      const found = state.user(email);
      return found === undefined ? null : viewOf(state, found);
    },
    checkPassword(email, password) {
      const found = state.user(email);
      return found !== undefined && passwordMatches(password, found);
    },
    resetByAttacker: (email, actor, ip, password = randomBytes(24).toString('base64url')) =>
      resetBySomebody(state, known(email), password, { actor: state.user(actor)?.primaryEmail ?? actor, ip }),
    signIn: (email, from) => signInAtHome(state, known(email), from),
    intrude: (email, intrusion) => intrude(state, known(email), intrusion),
    sendAs(email, { replyTo, ...row }) {
      const { mailbox } = known(email);
      if (mailbox === null) return;
      if (replyTo !== undefined) mailbox.replyTo = replyTo;
      const { sendAsEmail } = row;
      if (sendAsEmail !== undefined && !mailbox.sendAs.some((one) => one.sendAsEmail === sendAsEmail))
        mailbox.sendAs.push({ ...row, sendAsEmail, verificationStatus: 'accepted' });
      state.changed();
    },
    warn: (email, verdict, ip) => warn(state, known(email), verdict, ip),
    assignRole(email, roleName) {
      state.assignRole(known(email), roleName);
      state.changed();
    },
    setLag: (ms) => state.setLag(ms),
    snapshot: () => structuredClone(state.data),
    restore: (snapshot) => state.restore(snapshot),
    onChange: (listener) => state.onChange(listener),
  } satisfies Partial<GoogleWorkspaceDirectory>;
}

/** A Google Workspace customer on this machine: the Admin SDK and Gmail's settings over real HTTP on loopback. */
export async function createGoogleWorkspaceDirectory(
  options: GoogleWorkspaceDirectoryOptions,
): Promise<GoogleWorkspaceDirectory> {
  const { clock, serviceAccount, snapshot, lagMs = 0, port = 0 } = options;
  const state = new GoogleWorkspaceState(clock, snapshot ?? planted(options, clock()));
  state.setLag(lagMs);
  const oauth = createOAuth(state, serviceAccount, options.scopes ?? EVERY_SCOPE);
  const missing = new Set<string>();
  const router = { state, oauth, licensed: (feature: string) => !missing.has(feature) };
  const server = await startHttpDirectory({
    clock,
    port,
    errors: { throttled: tooMany, internal, unauthorized: unauthenticated },
    isSignIn: ({ path }) => path === '/token',
    route: (request) => route(router, request),
  });
  return {
    ...outsideOf(state),
    ...server,
    permit: (scope, granted) => oauth.permit(scope, granted),
    license(feature, granted) {
      if (granted) missing.delete(feature);
      else missing.add(feature);
    },
    expireTokens: () => oauth.expireAll(),
  };
}
