import { fine, notPermitted, untold, type Told } from '../kit/examine.js';
import type { ActionKind } from '../../ports/connector.js';
import { nameOf, type OktaRole } from './roles.js';

const SUPER = ['SUPER_ADMIN'];
const ORG = ['ORG_ADMIN', ...SUPER];
const USERS = ['USER_ADMIN', ...ORG];
const HELP_DESK = ['HELP_DESK_ADMIN', ...USERS];
const MEMBERS = ['GROUP_MEMBERSHIP_ADMIN', ...USERS];

/** The standard administrator roles that are sufficient for each action, the least first. */
const ROLES_FOR: Readonly<Partial<Record<ActionKind, readonly string[]>>> = {
  reset_password: USERS,
  revoke_sessions: HELP_DESK,
  disable_account: USERS,
  enable_account: USERS,
  remove_factors: HELP_DESK,
  unlink_identity_providers: ORG,
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

/** Whether Notme's own administrator roles are sufficient for an action, as far as standard roles show. */
export function powerOf(kind: ActionKind, roles: readonly OktaRole[] | null): Told {
  const needed = ROLES_FOR[kind] ?? [];
  const least = WORDS[needed[0] ?? ''] ?? 'an administrator role';
  if (roles === null)
    return untold(
      "Notme's own administrator roles may not be read.",
      `Grant okta.roles.read, or check by hand that Notme is ${least} in Okta.`,
    );
  if (roles.some(({ type }) => needed.includes(type))) return fine('Nothing is missing.');
  if (roles.some(({ type }) => type === 'CUSTOM'))
    return untold(
      'Notme has a custom administrator role, whose permissions are not read.',
      'Check under Security | Administrators | Roles that the custom role permits it for everybody.',
    );
  const own = roles.length === 0 ? 'no administrator role' : roles.map(nameOf).join(', ');
  return notPermitted(
    `Notme has ${own} in Okta, which does not reach for this.`,
    `Under Security | Administrators, give Notme's service app (or the administrator who made the token) the role ${least}.`,
  );
}
