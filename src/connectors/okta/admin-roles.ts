import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { ALREADY, cannotTell, doesNotHold, holds, lasting, unsupported, type Action } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { undoOfList } from '../kit/undo-list.js';
import { segment } from '../http/path.js';
import { inConsole } from './console.js';
import {
  assign,
  describeDirectRoles,
  isDirect,
  isUnread,
  nameOf,
  readRoles,
  rolesPath,
  type OktaRole,
} from './roles.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';

const names = (roles: readonly OktaRole[]): string => roles.map(nameOf).join(', ');

const UNREADABLE = 'Okta lists an administrator role that cannot be read; look at the account in its console.';

export const removeAdminRoles = ({ api }: Parts): Action<'remove_admin_roles', Reading> => ({
  can: scopes(SCOPE.readRoles, SCOPE.manageRoles),
  async perform({ account, call }) {
    const path = rolesPath(account.accountId);
    const roles = await readRoles(api, path, call);
    if (!roles.ok) return roles;
    let receipt = ALREADY;
    for (const { id } of roles.value.items.filter((role) => isDirect(role) && role.id !== '')) {
      const taken = await api.change({ method: 'DELETE', path: `${path}/${segment(id)}`, call });
      if (taken.ok) receipt = taken.value;
      else if (taken.error.kind !== 'not_found') return taken;
    }
    return receipt.alreadyDone && !roles.value.complete ? unsupported(UNREADABLE) : ok(receipt);
  },
  judge: ({ account, call }) =>
    mapped(readRoles(api, rolesPath(account.accountId), call), ({ items, complete }) => {
      const roles = items.filter((role) => !isUnread(role));
      if (roles.length === 0 && !complete) return cannotTell(UNREADABLE);
      if (roles.length === 0) return holds('The account holds no administrator role in Okta.');
      const direct = roles.filter(isDirect);
      return doesNotHold(
        direct.length > 0
          ? `The account holds the administrator roles ${names(direct)} in Okta.`
          : `The account holds ${names(roles)} through membership of a group; take it out of that group in Okta.`,
      );
    }),
  undo: undoOfList('roles', z.string(), {
    list: (task) => describeDirectRoles(api, task),
    give: (role, target) => assign(api, role, target),
  }),
  residual: [lasting('Roles that come with membership of a group: take the person out of the group')],
  clicks: (_command, { login }) =>
    inConsole(
      'Check roles that come with a group',
      'Open Security | Administrators | Admins',
      `Search for ${login}; for each role that is shown as assigned by a group, open that group and remove the person from it`,
    ),
});
