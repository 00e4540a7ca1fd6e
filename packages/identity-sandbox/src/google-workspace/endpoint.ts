import type { Exactly, Google } from '../vendor/index.js';
import { jsonOf, type DirectoryRequest, type Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import { notAuthorized, notFound } from './errors.js';
import type { UserRecord } from './model.js';
import type { Doer, GoogleWorkspaceState } from './state.js';

/** One request that has passed the doors. */
export interface Visit {
  readonly state: GoogleWorkspaceState;
  readonly request: DirectoryRequest;
  /** Values of the `:names` of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** In whose name it comes. */
  readonly subject: UserRecord;
  readonly licensed: (feature: string) => boolean;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** e.g. `/admin/directory/v1/users/:user`. */
  readonly path: string;
  /** Any of them suffices. */
  readonly scopes: readonly string[];
  handle(visit: Visit): Routed;
}

/** An answer that is held to Google's type: a key or a value that Google does not have is not compiled. */
const shows =
  <Vendor>() =>
  <const Ours>(body: Ours & Exactly<Google.Told<Vendor>, Ours>): Reply => ({ status: 200, body });

export const show = {
  user: shows<Google.User>(),
  users: shows<Google.Users>(),
  member: shows<Google.Member>(),
  groups: shows<Google.Groups>(),
  orgUnit: shows<Google.OrgUnit>(),
  roles: shows<Google.Roles>(),
  roleAssignment: shows<Google.RoleAssignment>(),
  roleAssignments: shows<Google.RoleAssignments>(),
  mobileDevices: shows<Google.MobileDevices>(),
  token: shows<Google.Token>(),
  tokens: shows<Google.Tokens>(),
  appPasswords: shows<Google.AppPasswords>(),
  verificationCodes: shows<Google.VerificationCodes>(),
  alerts: shows<Google.Alerts>(),
  activities: shows<Google.Activities>(),
  autoForwarding: shows<Google.AutoForwarding>(),
  delegate: shows<Google.Delegate>(),
  delegates: shows<Google.Delegates>(),
  filter: shows<Google.Filter>(),
  filters: shows<Google.Filters>(),
  forwardingAddress: shows<Google.ForwardingAddress>(),
  forwardingAddresses: shows<Google.ForwardingAddresses>(),
  sendAs: shows<Google.SendAs>(),
  sendAsList: shows<Google.SendAsList>(),
  imap: shows<Google.ImapSettings>(),
  pop: shows<Google.PopSettings>(),
};

export const reading = (reply: Reply): Routed => ({ write: false, commit: () => reply });
export const refused = (reply: Reply): Routed => ({ refused: reply });
export const writing = (email: string, commit: () => Reply): Routed => ({ write: true, email, commit });

export const DONE: Reply = { status: 204, body: null };

export function bodyOf({ request }: Visit): Readonly<Record<string, unknown>> {
  const value = jsonOf(request.body);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** Calls through the API carry the address of the machine that calls. */
export const doerOf = ({ subject }: Visit): Doer => ({ actor: subject.primaryEmail, ip: '198.51.100.10' });

/** The user of the path, who must be within the caller's reach: only a super administrator changes an administrator. */
export function targetOf(visit: Visit, change: boolean): UserRecord | Routed {
  const { state, params, subject } = visit;
  const rank = state.adminKind(subject);
  if (rank === null) return refused(notAuthorized());
  const user = state.user(params['user'] ?? '');
  if (user === undefined) return refused(notFound('userKey'));
  if (change && rank !== 'super' && state.adminKind(user) !== null) return refused(notAuthorized());
  return user;
}

export const isUser = (found: UserRecord | Routed): found is UserRecord => 'primaryEmail' in found;

export interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

/** A page of `rows` as `maxResults` and `pageToken` ask; `null` for a token that is none. */
export function paged<Row>(rows: readonly Row[], query: URLSearchParams, largest: number): Page<Row> | null {
  const token = query.get('pageToken');
  const offset = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(offset) || offset < 0) return null;
  const asked = Number(query.get('maxResults') ?? '100');
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, largest) : largest;
  const end = offset + size;
  return {
    items: rows.slice(offset, end),
    next: end < rows.length ? Buffer.from(String(end)).toString('base64url') : null,
  };
}

/** A list as Google answers it: without its key when it is empty. */
export const filled = <Row, Named>(
  rows: readonly Row[],
  named: (rows: readonly Row[]) => Named,
): Named | { readonly [Nothing in never]: Nothing } => (rows.length === 0 ? {} : named(rows));

/** After the last page there is none. */
export const nextOf = ({ next }: Page<unknown>) => (next === null ? {} : { nextPageToken: next });
