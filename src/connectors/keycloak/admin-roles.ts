import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import { ALREADY, cannotTell, doesNotHold, FOREIGN_FACTS, holds, unsupported } from '../kit/action.js';
import type { Action, Answer, Target } from '../kit/action.js';
import { allOf, andThen, mapped } from '../kit/answers.js';
import type { Facts, Receipt, ResidualAccess } from '../../ports/connector.js';
import { managing, ROLE, roleTitle } from './permissions.js';
import type { DirectRoles, RoleRow, Roles } from './roles.js';
import type { Parts, Reading } from './state.js';

const isNone = ({ client: clients, realm }: Omit<DirectRoles, 'complete'>): boolean =>
  clients.length + realm.length === 0;
const names = (rows: readonly RoleRow[]): readonly string[] => rows.map(({ name }) => name).toSorted();

const saved = z.object({ client_roles: z.array(z.string()), realm_roles: z.array(z.string()) });

/** Restores what is missing, if all of it may be granted. */
async function giveBack(roles: Roles, on: Target, before: Facts): Answer<Receipt> {
  const { data: facts } = saved.safeParse(before);
  if (facts === undefined) return err(FOREIGN_FACTS);
  return andThen(allOf([roles.direct(on), roles.available(on)]), ([direct, available]) => {
    const lacking = (rows: readonly RoleRow[], wanted: readonly string[]) =>
      wanted.filter((name) => !names(rows).includes(name));
    const client = lacking(direct.client, facts.client_roles);
    const realm = lacking(direct.realm, facts.realm_roles);
    const beyond = [...lacking(available.client, client), ...lacking(available.realm, realm)].join(', ');
    if (beyond !== '') {
      const message = `Keycloak does not let the service account give the roles ${beyond} back; an administrator who holds them does it under Users | Role mapping.`;
      return err({ kind: 'permission', message, missing: `realm-management: ${beyond}` });
    }
    const rows: DirectRoles = {
      complete: available.complete,
      client: available.client.filter(({ name }) => client.includes(name)),
      realm: available.realm.filter(({ name }) => realm.includes(name)),
    };
    return isNone(rows) ? ok(ALREADY) : roles.change(on, rows, 'POST');
  });
}

const UNREAD =
  'Keycloak shows an administrator role in a form that cannot be read; look at the account in its console.';

export function removeAdminRoles(
  { roles, settings, permitted, inTurn }: Parts,
  residual: readonly ResidualAccess[],
): Action<'remove_admin_roles', Reading> {
  const findsAdminClient = settings.admin_client_uuid === null ? [roleTitle(ROLE.viewClients)] : [];
  const held = 'each administrator role that is to be taken away';
  return {
    can: managing(...findsAdminClient, roleTitle(ROLE.viewRealm), held),
    residual,
    perform: (task) =>
      permitted(task, () =>
        andThen(roles.direct(task), (direct) => {
          if (!isNone(direct)) return roles.change(task, direct, 'DELETE');
          return direct.complete ? ok(ALREADY) : unsupported(UNREAD);
        }),
      ),
    judge(_task, { reading: { state } }) {
      if (state.adminRoles === null)
        return cannotTell('Keycloak does not show the administrator roles to the service account.');
      if (state.adminRoles.length === 0) return holds('The account has no administrator role.');
      return doesNotHold(
        `The account has the administrator roles ${state.adminRoles.join(', ')}, directly or through a group or composite role.`,
      );
    },
    undo: {
      capture: (task) =>
        mapped(roles.direct(task), ({ client, realm, complete }): Facts =>
          complete ? { client_roles: names(client), realm_roles: names(realm) } : {},
        ),
      restore: (task, before) => inTurn(task, () => giveBack(roles, task, before)),
    },
  };
}
