import type { ActionKind } from '../port.js';
import { nameOf, type OktaRole } from './roles.js';

const SUPER = ['SUPER_ADMIN'];
const ORG = ['ORG_ADMIN', ...SUPER];
const USERS = ['USER_ADMIN', ...ORG];
const HELP_DESK = ['HELP_DESK_ADMIN', ...USERS];
const MEMBERS = ['GROUP_MEMBERSHIP_ADMIN', ...USERS];

/** The standard administrator roles that reach for each action, the least first. */
export const ROLES_FOR: Readonly<Partial<Record<ActionKind, readonly string[]>>> = {
  reset_password: USERS,
  revoke_sessions: HELP_DESK,
  disable_account: USERS,
  enable_account: USERS,
  remove_factors: HELP_DESK,
  clear_recovery_contacts: USERS,
  require_two_step: MEMBERS,
  revoke_grants: ORG,
  block_devices: ORG,
  remove_admin_roles: SUPER,
  quarantine: MEMBERS,
  limit_login_ips: MEMBERS,
  block_address: ORG,
  confirm_compromised: ORG,
};

const WORDS: Readonly<Record<string, string>> = {
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  USER_ADMIN: 'Group Administrator',
  GROUP_MEMBERSHIP_ADMIN: 'Group Membership Administrator',
  ORG_ADMIN: 'Organization Administrator',
  SUPER_ADMIN: 'Super Administrator',
};

export type Power =
  { readonly reaches: 'yes' } | { readonly reaches: 'no' | 'unknown'; readonly detail: string; readonly fix: string };

/** Whether Notme's own administrator roles reach for an action, as far as standard roles tell. */
export function powerOf(kind: ActionKind, roles: readonly OktaRole[] | null): Power {
  const needed = ROLES_FOR[kind] ?? [];
  const least = WORDS[needed[0] ?? ''] ?? 'an administrator role';
  if (roles === null) {
    return {
      reaches: 'unknown',
      detail: "Notme's own administrator roles may not be read.",
      fix: `Grant okta.roles.read, or check by hand that Notme is ${least} in Okta.`,
    };
  }
  if (roles.some(({ type }) => needed.includes(type))) return { reaches: 'yes' };
  if (roles.some(({ type }) => type === 'CUSTOM')) {
    return {
      reaches: 'unknown',
      detail: 'Notme has a custom administrator role, whose permissions are not read.',
      fix: 'Check under Security | Administrators | Roles that the custom role permits it for everybody.',
    };
  }
  const own = roles.length === 0 ? 'no administrator role' : roles.map(nameOf).join(', ');
  return {
    reaches: 'no',
    detail: `Notme has ${own} in Okta, which does not reach for this.`,
    fix: `Under Security | Administrators, give Notme's service app (or the administrator who made the token) the role ${least}.`,
  };
}
