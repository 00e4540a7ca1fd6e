import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import { segment, type KeycloakApi } from './api.js';
import { isPartial } from './failures.js';
import { ROLE } from './permissions.js';
import type { KeycloakSettings } from './settings.js';

/** Realm roles that hold other roles are looked into; more than this are left to the read-back. */
const MOST_COMPOSITES = 20;

const role = z.object({ id: z.string(), name: z.string(), composite: z.boolean().catch(false) });
type RoleRow = z.output<typeof role>;
const roles = z.array(role);

/** What is mapped to the account itself, and so can be taken away. */
export interface DirectRoles {
  readonly client: readonly RoleRow[];
  /** Realm roles that contain administrator roles. */
  readonly realm: readonly RoleRow[];
}

export interface Roles {
  /** Names of the administrator roles in effect, also through groups and composite roles. */
  effective(userId: string, call: CallContext): Promise<Result<readonly string[], ConnectorFailure>>;
  direct(userId: string, call: CallContext): Promise<Result<DirectRoles, ConnectorFailure>>;
  /** Takes away or gives the named roles; those that are not mapped, or are, stay as they are. */
  change(
    userId: string,
    rows: DirectRoles,
    method: 'DELETE' | 'POST',
    call: CallContext,
  ): Promise<Result<null, ConnectorFailure>>;
  /** What could be given: not mapped yet, and within what the service account may hand out. */
  available(userId: string, call: CallContext): Promise<Result<DirectRoles, ConnectorFailure>>;
}

const clients = z.array(z.object({ id: z.string(), clientId: z.string() }));

export function createRoles(api: KeycloakApi, settings: KeycloakSettings): Roles {
  let uuid = settings.admin_client_uuid;

  const adminClient = async (call: CallContext): Promise<Result<string, ConnectorFailure>> => {
    if (uuid !== null) return ok(uuid);
    const path = `/clients?${new URLSearchParams({ clientId: settings.admin_client }).toString()}`;
    const found = await api.read({ path, schema: clients, need: ROLE.viewClients, call });
    if (!found.ok) return found;
    const [only] = found.value.filter(({ clientId }) => clientId === settings.admin_client);
    if (only === undefined) {
      const message = `Keycloak does not show the client "${settings.admin_client}"; set keycloak.admin_client_uuid, or give the service account "realm-management: view-clients".`;
      return err({ kind: 'permission', message, missing: 'realm-management: view-clients' });
    }
    uuid = only.id;
    return ok(only.id);
  };

  const clientPath = async (userId: string, call: CallContext): Promise<Result<string, ConnectorFailure>> => {
    const client = await adminClient(call);
    return client.ok ? ok(`/users/${segment(userId)}/role-mappings/clients/${segment(client.value)}`) : client;
  };

  const list = (path: string, call: CallContext) => api.read({ path, schema: roles, need: ROLE.viewUsers, call });

  /** Without `view-realm` Keycloak shows no realm roles; then only the client's own roles can be taken away. */
  const compositesOf = async (
    userId: string,
    call: CallContext,
  ): Promise<Result<readonly RoleRow[], ConnectorFailure>> => {
    const client = await adminClient(call);
    if (!client.ok) return client;
    const mapped = await list(`/users/${segment(userId)}/role-mappings/realm`, call);
    if (!mapped.ok) return mapped;
    const candidates = mapped.value.filter(({ composite }) => composite).slice(0, MOST_COMPOSITES);
    const inside = await Promise.all(
      candidates.map((one) =>
        api.read({
          path: `/roles-by-id/${segment(one.id)}/composites/clients/${segment(client.value)}`,
          schema: roles,
          need: ROLE.viewRealm,
          call,
        }),
      ),
    );
    const found: RoleRow[] = [];
    for (const [index, result] of inside.entries()) {
      if (!result.ok && !isPartial(result.error)) return result;
      const candidate = candidates[index];
      if (result.ok && result.value.length > 0 && candidate !== undefined) found.push(candidate);
    }
    return ok(found);
  };

  return {
    async effective(userId, call) {
      const path = await clientPath(userId, call);
      if (!path.ok) return path;
      const found = await list(`${path.value}/composite`, call);
      return found.ok ? ok(found.value.map(({ name }) => name).toSorted()) : found;
    },
    async direct(userId, call) {
      const path = await clientPath(userId, call);
      if (!path.ok) return path;
      const [client, realm] = await Promise.all([list(path.value, call), compositesOf(userId, call)]);
      if (!client.ok) return client;
      return realm.ok ? ok({ client: client.value, realm: realm.value }) : realm;
    },
    async change(userId, rows, method, call) {
      const path = await clientPath(userId, call);
      if (!path.ok) return path;
      const body = (list: readonly RoleRow[]) => list.map(({ id, name }) => ({ id, name }));
      const targets = [
        [path.value, rows.client],
        [`/users/${segment(userId)}/role-mappings/realm`, rows.realm],
      ] as const;
      for (const [target, list] of targets) {
        if (list.length === 0) continue;
        const changed = await api.write({ method, path: target, json: body(list), need: ROLE.manageUsers, call });
        if (!changed.ok) return err(explain(changed.error, list));
      }
      return ok(null);
    },
    async available(userId, call) {
      const path = await clientPath(userId, call);
      if (!path.ok) return path;
      const [client, realm] = await Promise.all([
        list(`${path.value}/available`, call),
        list(`/users/${segment(userId)}/role-mappings/realm/available`, call),
      ]);
      if (!client.ok) return client;
      return realm.ok ? ok({ client: client.value, realm: realm.value }) : realm;
    },
  };
}

/** Keycloak lets nobody map or unmap an administrator role that he does not hold himself. */
function explain(failure: ConnectorFailure, rows: readonly RoleRow[]): ConnectorFailure {
  if (failure.kind !== 'permission') return failure;
  const names = rows.map(({ name }) => name).join(', ');
  return {
    kind: 'permission',
    message: `Keycloak refused to change the roles ${names} (HTTP 403): the service account needs "realm-management: manage-users" and must hold every administrator role that it is to take away or give back.`,
    missing: `realm-management: ${names}`,
  };
}
