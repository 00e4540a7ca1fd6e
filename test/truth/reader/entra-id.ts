import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import { memberships, NOTHING, things, type PreparedNames, type Truth } from './truth.js';

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
  return {
    ...NOTHING,
    ...memberships((group) => through.has(group), prepared),
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
    ownRoles: rolesOf((id) => id === user.id),
    groupRoles: rolesOf((id) => id !== user.id && through.has(id)),
    blocked: state.locations
      .filter(({ id }) => id === prepared.blocked)
      .flatMap(({ ipRanges }) => ipRanges.map(({ cidrAddress }) => cidrAddress)),
    compromised: user.risk?.riskState === 'confirmedCompromised',
  };
}
