import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import { memberships, NOTHING, things, type PreparedNames, type Truth } from './truth.js';

type State = ReturnType<EntraIdDirectory['snapshot']>;

/** The ranges that policies for this very account let it in from, each as one set in the world's own order. */
function setsOfRules({ policies, locations }: State, userId: string, sets: readonly string[]): readonly string[] {
  const ofUser = policies.filter(
    ({ state, control, includeUsers, includeApplications: apps }) =>
      state === 'enabled' && control === 'block' && includeUsers?.includes(userId) && apps.includes('All'),
  );
  return ofUser.map(({ includeLocations, excludeLocations }) => {
    const ranges = locations
      .filter(({ id }) => excludeLocations.includes(id) && includeLocations.includes('All'))
      .flatMap(({ ipRanges }) => ipRanges.map(({ cidrAddress }) => cidrAddress));
    const same = (set: string): boolean => set.split(' ').sort().join() === [...ranges].sort().join();
    return sets.find(same) ?? ranges.join(' ');
  });
}

export function readEntraId(
  directory: EntraIdDirectory,
  email: string,
  prepared: PreparedNames & { readonly blocked: string },
): Truth {
  const state = directory.snapshot();
  const user = state.users.find(({ userPrincipalName }) => userPrincipalName === email);
  if (user === undefined) throw new Error(`Entra ID has nobody called ${email}`);
  const through = new Set<string>([user.id]);
  // A group may lie in a group: as deep as there are groups.
  state.groups.forEach(() => {
    for (const { id, members } of state.groups) if (members.some((member) => through.has(member))) through.add(id);
  });
  const from = Date.parse(user.signInSessionsValidFromDateTime);
  const rolesOf = (isHolder: (id: string) => boolean): readonly string[] =>
    state.roleAssignments.filter(({ principalId }) => isHolder(principalId)).map((row) => row.roleDefinitionId);
  const held = memberships((group) => through.has(group), prepared);
  return {
    ...NOTHING,
    ...held,
    rangeSets: [...held.rangeSets, ...setsOfRules(state, user.id, Object.keys(prepared.ranges))],
    canSignIn: user.accountEnabled,
    mustChange: user.forceChangePasswordNextSignIn || user.forceChangePasswordNextSignInWithMfa,
    passwordMark: user.passwordHash,
    opens: (password) => directory.checkPassword(email, password),
    sessions: user.sessions
      .filter(({ startedAt }) => Date.parse(startedAt) >= from)
      .map(({ startedAt, ipAddress }) => `${startedAt} ${ipAddress}`),
    factors: things(user.methods, ({ id, type }) => ({ id, said: type })),
    grants: new Map([
      ...things(
        state.consents.filter(({ principalId }) => principalId === user.id),
        ({ clientId, resourceId }) => ({ id: `consent:${clientId}:${resourceId}` }),
      ),
      ...things(
        state.assignments.filter(({ principalId }) => principalId === user.id),
        ({ resourceId, appRoleId }) => ({ id: `assignment:${resourceId}:${appRoleId}` }),
      ),
    ]),
    mail_rules: things(user.mailbox?.rules ?? [], ({ id, isEnabled }) => ({ id, on: isEnabled })),
    devices: things(
      state.devices.filter(
        ({ ownerIds, registeredUserIds }) => ownerIds.includes(user.id) || registeredUserIds.includes(user.id),
      ),
      ({ id, accountEnabled }) => ({ id, on: accountEnabled }),
    ),
    ownRoles: [
      ...rolesOf((id) => id === user.id),
      ...state.eligibilities
        .filter(({ principalId, memberType }) => principalId === user.id && memberType === 'Direct')
        .map(({ roleDefinitionId, endDateTime }) => `${roleDefinitionId} eligible until ${endDateTime ?? 'ever'}`),
    ],
    groupRoles: rolesOf((id) => id !== user.id && through.has(id)),
    blocked: state.locations
      .filter(({ id }) => id === prepared.blocked)
      .flatMap(({ ipRanges }) => ipRanges.map(({ cidrAddress }) => cidrAddress)),
    compromised: user.risk?.riskState === 'confirmedCompromised',
  };
}
