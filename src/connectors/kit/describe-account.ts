import type { AccountState } from '../../ports/connector.js';

function whereDecided(authority: AccountState['authority']): string {
  if (authority === null) return 'The system does not tell whether it is copied from elsewhere.';
  if (authority.where === 'here') return 'It is decided here.';
  const from = authority.from ?? 'another system';
  return authority.where === 'synced'
    ? `It is copied from ${from}, whose next copy may undo what is done here: act there first.`
    : `It signs in through ${from}: a password here opens nothing, act there first.`;
}

function whoseRights(roles: AccountState['adminRoles']): string {
  if (roles === null) return 'The system does not tell whether it is an administrator.';
  return roles.length === 0 ? 'It is no administrator.' : `It is an administrator (${roles.join(', ')}).`;
}

/** What matters before this person is contained, in sentences: protected, administrator, copied or federated, whose. */
export function describeAccount({ protectedBecause, authority, adminRoles, use }: AccountState): string {
  return [
    ...(protectedBecause === null ? [] : [`Protected: ${protectedBecause}`]),
    whoseRights(adminRoles),
    whereDecided(authority),
    ...(use === 'service' || use === 'shared' ? [`It is marked as a ${use} account.`] : []),
  ].join(' ');
}
