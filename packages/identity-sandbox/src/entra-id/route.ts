import type { DirectoryRequest, Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import type { Errors } from './errors.js';
import type { UserRecord } from './model.js';
import type { Rights } from './oauth.js';
import type { Tenant } from './tenant.js';

export type Licence = 'P1' | 'P2';

/** One request that was let in. */
export interface Context {
  readonly tenant: Tenant;
  readonly errors: Errors;
  readonly request: DirectoryRequest;
  readonly rights: Rights;
  readonly url: string;
  /** The parts of the path that the route names. */
  param(name: string): string;
  /** What the application is called in the audit log. */
  readonly actor: string;
  /** Synchronised passwords may be set in the cloud. */
  readonly writeback: boolean;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After the version; `:name` stands for one part, e.g. `users/:id/memberOf`. */
  readonly path: string;
  /** Only in Graph's beta. */
  readonly beta?: boolean;
  /** Any one of these is enough. */
  readonly permissions: readonly string[];
  /** Each of these as well. */
  readonly besides?: readonly string[];
  readonly denied?: 'deniedByPolicy' | 'methodDenied' | 'mailDenied';
  readonly licence?: Licence;
  /** How this part words a missing licence. */
  readonly unlicensed?: 'notLicensed' | 'notPremium' | 'notGoverned';
  handle(context: Context): Routed;
}

/** Only the role Privileged Authentication Administrator (or Global Administrator) changes administrators. */
const OVER_ADMINISTRATORS = ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', '62e90394-69f5-4237-9190-012177145e10'];
export const reachesAdministrators = ({ rights }: Context): boolean =>
  OVER_ADMINISTRATORS.some((role) => rights.roles.has(role));

export const read = (commit: () => Reply): Routed => ({ write: false, commit });
export const refused = (reply: Reply): Routed => ({ refused: reply });

/** A change: carried out on the present, then told. */
export function write({ tenant }: Context, email: string, commit: () => Reply): Routed {
  return {
    write: true,
    email,
    commit() {
      const reply = commit();
      tenant.changed();
      return reply;
    },
  };
}

export const noContent: Reply = { status: 204, body: null };

/** The user of the path as a reader sees it, or Graph's refusal. */
export function withSeenUser(context: Context, then: (user: UserRecord) => Routed): Routed {
  const id = context.param('id');
  const user = context.tenant.user(id, context.tenant.seen());
  return user === undefined ? refused(context.errors.missing(id)) : then(user);
}

/** The user of the path as it is, for a change. */
export function withUser(context: Context, then: (user: UserRecord) => Routed): Routed {
  const id = context.param('id');
  const user = context.tenant.user(id);
  return user === undefined ? refused(context.errors.missing(id)) : then(user);
}
