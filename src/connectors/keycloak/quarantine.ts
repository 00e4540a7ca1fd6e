import { ok } from '../../platform/result.js';
import { ALREADY, refuse, type Action, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { unseen } from '../kit/effect.js';
import { flaggedFacts, membershipsAmong, preparedAction, type Groups, type GroupWords } from '../kit/groups.js';
import type { Receipt, ResidualAccess } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { KeycloakApi } from './api.js';
import { onUser } from './console.js';
import { readGroupByPath, readGroups } from './holdings.js';
import { managing } from './permissions.js';
import { permittedAction, type Parts, type Reading } from './state.js';
import { userPath } from './user.js';

/** Prepared groups, named by their paths. */
function groupsOf(api: KeycloakApi): Groups {
  const memberships: Groups['memberships'] = (paths, on) =>
    mapped(readGroups(api, on), (mine) => membershipsAmong(mine, paths, (path, one) => one.path === path));
  const set = async (path: string, on: Target, wanted: 'inside' | 'outside'): Answer<Receipt> => {
    const [group, mine] = await Promise.all([readGroupByPath(api, path, on.call), memberships([path], on)]);
    if (!group.ok && group.error.kind === 'not_found')
      return refuse('not_found', `Keycloak has no group ${path}; create it, or correct keycloak.quarantine_group.`);
    if (!group.ok) return group;
    if (!mine.ok) return mine;
    if (mine.value.get(path) === wanted) return ok(ALREADY);
    const method = wanted === 'inside' ? 'PUT' : 'DELETE';
    return api.write({ method, path: userPath(on, `/groups/${segment(group.value.id)}`), call: on.call });
  };
  return {
    memberships,
    join: (path, on) => set(path, on, 'inside'),
    leave: (path, on) => set(path, on, 'outside'),
  };
}

const words: GroupWords = {
  inside: (path) => `The account is in the group ${path}.`,
  outside: (path) => `The account is not in the group ${path}.`,
  unknown: () => 'Keycloak does not show all groups of the account in a form that can be read.',
};

/** Each application, or its authentication flow, decides about a group by itself. */
const UNSEEN = unseen(
  'that applications refuse its members could not be read, because Keycloak does not show what they do with a group',
);

/** Membership of the group prepared for this. */
export function quarantine(parts: Parts, residual: readonly ResidualAccess[]): Action<'quarantine', Reading> {
  const { api, settings } = parts;
  const action = preparedAction<'quarantine', Reading>(
    settings.quarantine_group,
    { groups: groupsOf(api), words, effect: () => UNSEEN, facts: flaggedFacts(() => 'in_quarantine_group') },
    { can: { ...managing(), route: 'group' }, residual },
    {
      why: 'No quarantine group is configured for Keycloak; do the manual steps, or set keycloak.quarantine_group.',
      observed: 'No quarantine group is configured for Keycloak.',
      clicks: onUser(
        settings,
        'Put the account into a quarantine group',
        'On the tab Groups choose Join Group, select the group that applications refuse, and choose Join',
        'If there is none: Groups | Create group, and have each application refuse its members',
      ),
    },
  );
  return permittedAction(parts, action);
}
