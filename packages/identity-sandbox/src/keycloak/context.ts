import type { DirectoryRequest } from '../http/message.js';
import { jsonOf } from '../http/message.js';
import type { Routed } from '../http/server.js';
import type { KeycloakUserRecord } from './model.js';
import type { Realm } from './realm.js';
import { forbidden, refuse } from './reply.js';

/** One call of the admin API, signed in. */
export interface AdminCall {
  readonly realm: Realm;
  readonly request: DirectoryRequest;
  /** The parts of the path after `/admin/realms/{realm}/`, decoded. */
  readonly parts: readonly string[];
  readonly json: unknown;
  /** Whether the service account has one of these roles. */
  may(...roles: readonly string[]): boolean;
  /** Writes into the admin log as the service account. */
  log(operationType: string, resourceType: string): void;
}

export const MANAGE = ['manage-users'] as const;
export const VIEW = ['manage-users', 'view-users'] as const;

export function jsonBody(request: DirectoryRequest): unknown {
  return /^application\/json\b/i.test(request.header('content-type')) ? jsonOf(request.body) : undefined;
}

/** The account's present record; Keycloak hides from callers without rights whether an id exists. */
export function withUser(
  call: AdminCall,
  id: string,
  roles: readonly string[],
  then: (user: KeycloakUserRecord, seen: KeycloakUserRecord) => Routed,
): Routed {
  const user = call.realm.userById(id);
  if (user === undefined) return call.may(...VIEW, 'query-users') ? refuse(404, 'User not found') : forbidden;
  if (!call.may(...roles)) return forbidden;
  const manages = roles.length === 1;
  if (manages && user.guarded) return forbidden;
  const seen = call.realm.seen().users.find((one) => one.id === id);
  return seen === undefined ? refuse(404, 'User not found') : then(user, seen);
}

/** A page of a list, as `first` and `max` ask for it. */
export function paged<T>(rows: readonly T[], query: URLSearchParams, defaultMax: number): readonly T[] {
  const first = Number(query.get('first') ?? 0);
  const max = Number(query.get('max') ?? defaultMax);
  return rows.slice(first, max < 0 ? undefined : first + max);
}
