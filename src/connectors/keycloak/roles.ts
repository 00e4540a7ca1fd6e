import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import { changed, type Answer, type Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import type { CallContext, ConnectorFailure, Receipt } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { KeycloakApi } from './api.js';
import { ROLE } from './permissions.js';
import type { KeycloakSettings } from './settings.js';
import { userPath } from './user.js';

/** Realm roles that contain other roles are searched; more than this are left to the read-back. */
const MOST_COMPOSITES = 20;

export const role = z.object({ id: z.string().min(1), name: z.string().min(1), composite: z.boolean().catch(true) });
export type RoleRow = z.output<typeof role>;
/** A caller that only needs to know which roles exist needs their names alone. */
export const named = z.object({ name: z.string().min(1) }).transform(({ name }) => name);

/** What is mapped to the account itself, and so can be removed, or what could be added. */
export interface DirectRoles {
  readonly client: readonly RoleRow[];
  /** Realm roles that contain administrator roles. */
  readonly realm: readonly RoleRow[];
  /** Whether all of both could be read. */
  readonly complete: boolean;
}

export interface Roles {
  /** Names of the administrator roles in effect, also through groups and composite roles. */
  effective(target: Target): Answer<Listed<string>>;
  direct(target: Target): Answer<DirectRoles>;
  /** What could be added: not mapped yet, and within what the service account may grant. */
  available(target: Target): Answer<DirectRoles>;
  /** Removes or adds the named roles; those already so stay as they are. */
  change(target: Target, rows: Omit<DirectRoles, 'complete'>, method: 'DELETE' | 'POST'): Answer<Receipt>;
}

export const client = z.object({ id: z.string(), clientId: z.string() });

/** Keycloak lets nobody map or unmap an administrator role that they do not have themselves. */
function explain(failure: ConnectorFailure, rows: readonly RoleRow[]): ConnectorFailure {
  if (failure.kind !== 'permission') return failure;
  const names = rows.map(({ name }) => name).join(', ');
  return {
    kind: 'permission',
    message: `Keycloak refused to change the roles ${names} (HTTP 403): the service account needs "realm-management: manage-users" and must hold every administrator role that it is to take away or give back.`,
    missing: `realm-management: ${names}`,
  };
}

export function createRoles(api: KeycloakApi, settings: KeycloakSettings): Roles {
  let uuid = settings.admin_client_uuid;

  /** The id of the client whose roles make administrators. */
  const adminClient = async (call: CallContext): Answer<string> => {
    if (uuid !== null) return ok(uuid);
    const path = `/clients?${new URLSearchParams({ clientId: settings.admin_client }).toString()}`;
    const found = await api.list({ path, schema: client, need: ROLE.viewClients, call });
    if (!found.ok) return found;
    const [only] = found.value.items.filter(({ clientId }) => clientId === settings.admin_client);
    if (only === undefined) {
      const message = `Keycloak does not show the client "${settings.admin_client}"; set keycloak.admin_client_uuid, or give the service account "realm-management: view-clients".`;
      return err({ kind: 'permission', message, missing: 'realm-management: view-clients' });
    }
    uuid = only.id;
    return ok(only.id);
  };

  const ofRealm = (on: Target): string => userPath(on, '/role-mappings/realm');
  const ofClient = (on: Target, id: string): string => userPath(on, `/role-mappings/clients/${segment(id)}`);

  const list = (path: string, call: CallContext): Answer<Listed<RoleRow>> => api.list({ path, schema: role, call });

  /** Without `view-realm` Keycloak shows no realm roles; then only the client's own roles can be removed. */
  const composites = (on: Target, id: string): Answer<Listed<RoleRow>> =>
    andThen(list(ofRealm(on), on.call), ({ items: held, complete }) => {
      const candidates = held.filter(({ composite }) => composite).slice(0, MOST_COMPOSITES);
      const looked = candidates.map((one) => {
        const path = `/roles-by-id/${segment(one.id)}/composites/clients/${segment(id)}`;
        const inside = api.list({ path, schema: named, need: ROLE.viewRealm, call: on.call }).then(ifShown);
        return mapped(inside, (roles) => ((roles?.items.length ?? 0) > 0 ? [one] : []));
      });
      return mapped(allOf(looked), (found) => ({ items: found.flat(), complete }));
    });

  const both = (clients: Answer<Listed<RoleRow>>, realms: Answer<Listed<RoleRow>>): Answer<DirectRoles> =>
    mapped(allOf([clients, realms]), ([mine, realm]) => ({
      client: mine.items,
      realm: realm.items,
      complete: mine.complete && realm.complete,
    }));

  return {
    effective: (on) =>
      andThen(adminClient(on.call), (id) => {
        const found = api.list({ path: `${ofClient(on, id)}/composite`, schema: named, call: on.call });
        return mapped(found, (roles) => ({ ...roles, items: roles.items.toSorted() }));
      }),
    direct: (on) => andThen(adminClient(on.call), (id) => both(list(ofClient(on, id), on.call), composites(on, id))),
    available(on) {
      const listed = (path: string) => list(`${path}/available`, on.call);
      return andThen(adminClient(on.call), (id) => both(listed(ofClient(on, id)), listed(ofRealm(on))));
    },
    async change(on, rows, method) {
      const id = await adminClient(on.call);
      if (!id.ok) return id;
      const targets = [
        [ofClient(on, id.value), rows.client],
        [ofRealm(on), rows.realm],
      ] as const;
      for (const [path, some] of targets) {
        if (some.length === 0) continue;
        const json = some.map(({ id: roleId, name }) => ({ id: roleId, name }));
        const sent = await api.write({ method, path, json, call: on.call });
        if (!sent.ok) return err(explain(sent.error, some));
      }
      return ok(changed());
    },
  };
}
