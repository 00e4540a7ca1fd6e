import type { Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import { notFound } from './errors.js';
import type { UserRecord } from './model.js';
import type { Origin, OktaState } from './state.js';
import type { Shown } from './wire.js';

/** One admitted request, as a route sees it. */
export interface Context {
  readonly state: OktaState;
  readonly method: string;
  readonly path: string;
  /** What the path's groups caught, decoded. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  /** The body's JSON; `{}` when there is none. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The org's own address, for links. */
  readonly base: string;
  readonly now: Date;
  /** Who calls: the administrator behind the token, or the service app. */
  readonly origin: Origin;
  /** The administrator whose token it is; `null` for a service app. */
  readonly ownerId: string | null;
  /** Whether this caller may manage an account that holds administrator roles. */
  reaches(user: UserRecord): boolean;
}

export type Handler = (context: Context) => Routed;

export const answer = (body: Shown | readonly Shown[], headers?: Readonly<Record<string, string>>): Routed => ({
  write: false,
  commit: () => ({ status: 200, body, ...(headers === undefined ? {} : { headers }) }),
});

export const refuse = (reply: Reply): Routed => ({ refused: reply });

/** A change about one person; what it answers comes from `commit`. */
export const change = (user: UserRecord, commit: () => Reply): Routed => ({
  write: true,
  email: user.profile['login'] ?? user.id,
  commit,
});

export const empty = (status = 204): Reply => ({ status, body: null });

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The user of the path's first part: an id, a login, or the part of a login before the `@` when only one has it. */
export function userOf({ state, params }: Context): UserRecord | null {
  const wanted = (params[0] ?? '').toLowerCase();
  const exact = state.byId(params[0] ?? '') ?? state.byLogin(wanted);
  if (exact !== undefined) return exact;
  const short = state.users.filter(({ profile }) => profile['login']?.toLowerCase().split('@')[0] === wanted);
  return short.length === 1 ? (short[0] ?? null) : null;
}

export const withUser =
  (handle: (context: Context, user: UserRecord) => Routed): Handler =>
  (context) => {
    const user = userOf(context);
    return user === null ? refuse(notFound(context.params[0] ?? '', 'User')) : handle(context, user);
  };

/** One page of a list; Okta names the next one in a `Link` header. */
export function paged(context: Context, rows: readonly Shown[], largest = 200): Routed {
  const limit = Math.min(Math.max(Number(context.query.get('limit') ?? largest) || largest, 1), largest);
  const from = Number(Buffer.from(context.query.get('after') ?? '', 'base64url').toString()) || 0;
  const links = [`<${context.base}${context.path}?limit=${limit}>; rel="self"`];
  if (from + limit < rows.length)
    links.push(nextLink(context, Buffer.from(String(from + limit)).toString('base64url')));
  return answer(rows.slice(from, from + limit), { Link: links.join(', ') });
}

export function nextLink({ base, path, query }: Context, after: string): string {
  const next = new URLSearchParams(query);
  next.set('after', after);
  return `<${base}${path}?${next.toString()}>; rel="next"`;
}
