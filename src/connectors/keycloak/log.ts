import { z } from 'zod';
import type { CallContext } from '../port.js';
import type { KeycloakApi } from './api.js';
import { ROLE } from './permissions.js';

const userEvent = z.object({
  id: z.string().nullish(),
  time: z.number(),
  type: z.string(),
  userId: z.string().nullish(),
  clientId: z.string().nullish(),
  ipAddress: z.string().nullish(),
  sessionId: z.string().nullish(),
  error: z.string().nullish(),
  details: z.record(z.string(), z.string()).nullish(),
});
export type UserEvent = z.output<typeof userEvent>;

const adminEvent = z.object({
  /** Told by newer servers only. */
  id: z.string().nullish(),
  time: z.number(),
  operationType: z.string(),
  resourceType: z.string().nullish(),
  resourcePath: z.string().nullish(),
  error: z.string().nullish(),
  authDetails: z
    .object({
      realmId: z.string().nullish(),
      clientId: z.string().nullish(),
      userId: z.string().nullish(),
      ipAddress: z.string().nullish(),
    })
    .nullish(),
});
export type AdminEvent = z.output<typeof adminEvent>;

const config = z.object({
  eventsEnabled: z.boolean().catch(false),
  adminEventsEnabled: z.boolean().catch(false),
  enabledEventTypes: z.array(z.string()).catch([]),
});

/** What the realm writes down at all. */
export const readLogConfig = (api: KeycloakApi, call: CallContext) =>
  api.read({ path: '/events/config', schema: config, need: ROLE.viewEvents, call });

export interface LogQuery {
  readonly first?: number;
  readonly max: number;
  readonly from?: Date;
}

/** Servers up to 25 take whole days only (UTC of the server): one day earlier covers every zone. */
function baseQuery({ first = 0, max, from }: LogQuery): URLSearchParams {
  const query = new URLSearchParams({ first: String(first), max: String(max) });
  if (from !== undefined) query.set('dateFrom', new Date(from.getTime() - 24 * 3600 * 1000).toISOString().slice(0, 10));
  return query;
}

/** Events of users, newest first. Empty when the realm keeps none. */
export function readUserEvents(
  api: KeycloakApi,
  filter: LogQuery & { readonly userId?: string; readonly types: readonly string[] },
  call: CallContext,
) {
  const query = baseQuery(filter);
  if (filter.userId !== undefined) query.set('user', filter.userId);
  for (const type of filter.types) query.append('type', type);
  return api.read({ path: `/events?${query.toString()}`, schema: z.array(userEvent), need: ROLE.viewEvents, call });
}

/** What administrators and API clients did, newest first. `*` in the path stands for anything. */
export function readAdminEvents(
  api: KeycloakApi,
  filter: LogQuery & { readonly resourcePath: string; readonly operation?: 'ACTION' },
  call: CallContext,
) {
  const query = baseQuery(filter);
  query.set('resourcePath', filter.resourcePath);
  if (filter.operation !== undefined) query.append('operationTypes', filter.operation);
  return api.read({
    path: `/admin-events?${query.toString()}`,
    schema: z.array(adminEvent),
    need: ROLE.viewEvents,
    call,
  });
}

/** Stable also on servers that give admin events no id. */
export const adminEventId = ({ id, time, resourcePath, authDetails }: AdminEvent): string =>
  id ?? `admin-${time}-${resourcePath ?? ''}-${authDetails?.userId ?? ''}`;

export const userEventId = ({ id, time, type, userId, sessionId }: UserEvent): string =>
  id ?? `user-${time}-${type}-${userId ?? ''}-${sessionId ?? ''}`;
