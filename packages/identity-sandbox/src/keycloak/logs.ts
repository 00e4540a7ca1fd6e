import type { Routed } from '../http/server.js';
import { paged, VIEW, type AdminCall } from './context.js';
import type { KeycloakAdminEventRecord } from './model.js';
import { forbidden, refuse, show } from './reply.js';

const VIEW_EVENTS = ['view-events', 'manage-events'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Milliseconds since 1970 of `dateFrom`; `null` when it is no date. */
function fromDate(query: URLSearchParams): number | null {
  const text = query.get('dateFrom');
  if (text === null) return 0;
  return DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : null;
}

const badDate = refuse(400, "Invalid value for 'Date(From)', expected format is yyyy-MM-dd");

export function listEvents(call: AdminCall): Routed {
  if (!call.may(...VIEW_EVENTS)) return forbidden;
  const { query } = call.request;
  const from = fromDate(query);
  if (from === null) return badDate;
  const types = query.getAll('type');
  const user = query.get('user');
  const found = call.realm
    .seen()
    .events.filter((event) => event.time >= from && (types.length === 0 || types.includes(event.type)))
    .filter((event) => user === null || event.userId === user);
  return show.events(
    paged(found, query, 100).map(({ error, ...event }) => ({
      ...event,
      realmId: call.realm.name,
      ...(error === null ? {} : { error }),
    })),
  );
}

/** `*` in a resource path stands for anything. */
function pathMatches(path: string, pattern: string | null): boolean {
  if (pattern === null) return true;
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(path);
}

function represent(call: AdminCall, event: KeycloakAdminEventRecord) {
  const { actor, ipAddress, ...rest } = event;
  return {
    ...rest,
    realmId: call.realm.name,
    authDetails: { realmId: call.realm.name, clientId: 'admin-api', userId: actor, ipAddress },
  };
}

export function listAdminEvents(call: AdminCall): Routed {
  if (!call.may(...VIEW_EVENTS)) return forbidden;
  const { query } = call.request;
  const from = fromDate(query);
  if (from === null) return badDate;
  const operations = query.getAll('operationTypes');
  const resources = query.getAll('resourceTypes');
  const found = call.realm
    .seen()
    .adminEvents.filter((event) => event.time >= from && pathMatches(event.resourcePath, query.get('resourcePath')))
    .filter((event) => operations.length === 0 || operations.includes(event.operationType))
    .filter((event) => resources.length === 0 || resources.includes(event.resourceType));
  return show.adminEvents(paged(found, query, 100).map((event) => represent(call, event)));
}

export function eventsConfig(call: AdminCall): Routed {
  if (!call.may(...VIEW_EVENTS)) return forbidden;
  const { eventsEnabled, adminEventsEnabled } = call.realm.present();
  return show.eventsConfig({
    eventsEnabled,
    eventsExpiration: 604800,
    eventsListeners: ['jboss-logging'],
    enabledEventTypes: [],
    adminEventsEnabled,
    adminEventsDetailsEnabled: false,
  });
}

export function requiredAction(call: AdminCall, alias: string): Routed {
  if (!call.may('view-realm', 'manage-realm')) return forbidden;
  if (!['CONFIGURE_TOTP', 'webauthn-register', 'UPDATE_PASSWORD'].includes(alias))
    return refuse(404, 'Failed to find required action');
  const enabled = !call.realm.present().disabledActions.includes(alias);
  return show.requiredAction({
    alias,
    name: alias,
    providerId: alias,
    enabled,
    defaultAction: false,
    priority: 10,
    config: {},
  });
}

/** `user-storage/{id}/name` */
export function providerName(call: AdminCall, id: string): Routed {
  if (!call.may(...VIEW, 'query-users')) return forbidden;
  const found = call.realm.present().providers.find((provider) => provider.id === id);
  return found === undefined
    ? refuse(404, 'Could not find component')
    : show.providerName({ id: found.id, name: found.name });
}
