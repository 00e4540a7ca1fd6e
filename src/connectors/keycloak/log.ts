import { z } from 'zod';
import type { Answer } from '../kit/action.js';
import { contact } from '../http/contact.js';
import { mapped } from '../kit/answers.js';
import type { CallContext } from '../../ports/connector.js';
import type { KeycloakApi, Rows } from './api.js';
import { moment } from './holdings.js';
import { ROLE } from './permissions.js';

const text = z.string().nullish().catch(null);
/** Of an event that succeeded there is none (`null`); `undefined`: it cannot be read. */
const error = contact.transform((said) => (said === '' ? null : said));

export const userEvent = z.object({
  id: text,
  time: moment,
  type: z.string().min(1),
  userId: text,
  clientId: text,
  ipAddress: text,
  sessionId: text,
  error,
  /** `null`: they cannot be read. */
  details: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((all) => all ?? {})
    .or(z.unknown().transform(() => null)),
});
export type UserEvent = z.output<typeof userEvent>;

export const adminEvent = z.object({
  /** Only newer servers return it. */
  id: text,
  time: moment,
  operationType: z.string().min(1),
  resourcePath: text,
  error,
  authDetails: z.object({ userId: text, ipAddress: text }).nullish().catch(null),
});
export type AdminEvent = z.output<typeof adminEvent>;

export const config = z.object({
  /** `null`: not told. */
  eventsEnabled: z.boolean().nullable().default(null).catch(null),
  adminEventsEnabled: z.boolean().nullable().default(null).catch(null),
});

/** What the realm logs at all. */
export const readLogConfig = (api: KeycloakApi, call: CallContext): Answer<z.output<typeof config>> =>
  api.read({ path: '/events/config', schema: config, need: ROLE.viewEvents, call });

export interface LogQuery {
  readonly first?: number;
  readonly max: number;
  readonly from?: Date;
}

/** Servers up to 25 accept whole days only (UTC of the server): one day earlier covers every zone. */
function baseQuery({ first = 0, max, from }: LogQuery): URLSearchParams {
  const query = new URLSearchParams({ first: String(first), max: String(max) });
  if (from !== undefined) query.set('dateFrom', new Date(from.getTime() - 24 * 3600 * 1000).toISOString().slice(0, 10));
  return query;
}

/** Rows of a log. A full page does not count as the whole log. */
function rows<T>(
  api: KeycloakApi,
  log: 'events' | 'admin-events',
  { schema, query }: { readonly schema: z.ZodType<T>; readonly query: URLSearchParams },
  call: CallContext,
): Answer<Rows<T>> {
  const found = api.list({ path: `/${log}?${query.toString()}`, schema, need: ROLE.viewEvents, call });
  return mapped(found, ({ items, unreadable, complete }) => {
    const isCut = items.length + unreadable >= Number(query.get('max'));
    return { items, unreadable, complete: complete && !isCut };
  });
}

/** Events of users, newest first. Empty when the realm keeps none. */
export function readUserEvents(
  api: KeycloakApi,
  filter: LogQuery & { readonly userId?: string; readonly types: readonly string[] },
  call: CallContext,
): Answer<Rows<UserEvent>> {
  const query = baseQuery(filter);
  if (filter.userId !== undefined) query.set('user', filter.userId);
  for (const type of filter.types) query.append('type', type);
  return rows(api, 'events', { schema: userEvent, query }, call);
}

/** What administrators and API clients did, newest first. `*` in the path stands for anything. */
export function readAdminEvents(
  api: KeycloakApi,
  filter: LogQuery & { readonly resourcePath: string; readonly operation?: 'ACTION' },
  call: CallContext,
): Answer<Rows<AdminEvent>> {
  const query = baseQuery(filter);
  query.set('resourcePath', filter.resourcePath);
  if (filter.operation !== undefined) query.append('operationTypes', filter.operation);
  return rows(api, 'admin-events', { schema: adminEvent, query }, call);
}

/** Stable also on servers that give admin events no id. */
export const adminEventId = ({ id, time, resourcePath, authDetails }: AdminEvent): string =>
  id ?? `admin-${time?.getTime() ?? ''}-${resourcePath ?? ''}-${authDetails?.userId ?? ''}`;

export const userEventId = ({ id, time, type, userId, sessionId }: UserEvent): string =>
  id ?? `user-${time?.getTime() ?? ''}-${type}-${userId ?? ''}-${sessionId ?? ''}`;

/** Newer servers write a password change twice: as its own type, and as that of a credential; `null`: it is not told. */
export function isPasswordChange({ type, details }: UserEvent): boolean | null {
  if (type !== 'UPDATE_CREDENTIAL') return type === 'UPDATE_PASSWORD';
  const credential = details?.['credential_type'];
  return typeof credential === 'string' ? credential === 'password' : null;
}
