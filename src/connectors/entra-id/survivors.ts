import type { AccountState, Command, Survivor } from '../port.js';
import { GROUP_DELAY_SECONDS } from './capabilities.js';

/** Access tokens live 60 to 90 minutes; Microsoft draws the length at random. */
const ACCESS_TOKEN_SECONDS = 90 * 60;
const DAY_SECONDS = 24 * 60 * 60;

const ACCESS_TOKENS: Survivor = {
  what: 'Access tokens that were given out before, in applications without continuous access evaluation',
  forSeconds: ACCESS_TOKEN_SECONDS,
};
const APP_SESSIONS: Survivor = {
  what: 'Sessions that an application keeps by itself: Entra ID cannot end them',
  forSeconds: null,
};
const APP_PASSWORDS: Survivor = {
  what: 'App passwords of per-user multifactor authentication, until they are deleted in the console',
  forSeconds: null,
};
const CONSENTS: Survivor = {
  what: 'Applications that the person consented to, until the grants are revoked',
  forSeconds: null,
};
const OPEN_SESSIONS: Survivor = {
  what: 'Sessions in Exchange and SharePoint that are already open, unless they are revoked as well',
  forSeconds: DAY_SECONDS,
};
const UNTIL_APPLIED: Survivor = {
  what: 'The old sign-in rules, until the change has spread',
  forSeconds: GROUP_DELAY_SECONDS,
};
const MAILBOX_FORWARDING: Survivor = {
  what: 'Forwarding of the whole mailbox, delegates and transport rules: Graph does not show them, look in the Exchange admin center',
  forSeconds: null,
};
const OTHER_ROLES: Survivor = {
  what: 'Roles through groups and roles that the account may still activate in Privileged Identity Management',
  forSeconds: null,
};
const NEW_FACTORS: Survivor = {
  what: 'A session that is still open may register new methods, until sessions are revoked',
  forSeconds: ACCESS_TOKEN_SECONDS,
};

function fromElsewhere({ authority }: AccountState): readonly Survivor[] {
  if (authority === null || authority.where === 'here') return [];
  const from = authority.from ?? 'another system';
  const what =
    authority.where === 'synced'
      ? `What ${from} says of the account: its next copy may undo this, act there too`
      : `Sign-in at ${from}, where this account proves itself: act there too`;
  return [{ what, forSeconds: null }];
}

function ofCommand(command: Command): readonly Survivor[] {
  switch (command.kind) {
    case 'reset_password':
      return [ACCESS_TOKENS, APP_PASSWORDS, CONSENTS];
    case 'revoke_sessions':
      return [ACCESS_TOKENS, APP_SESSIONS];
    case 'disable_account':
      return [ACCESS_TOKENS, APP_SESSIONS];
    case 'remove_factors':
      return [NEW_FACTORS, APP_PASSWORDS];
    case 'revoke_grants':
      return [ACCESS_TOKENS];
    case 'disable_mail_rules':
      return [MAILBOX_FORWARDING];
    case 'block_devices':
      return [ACCESS_TOKENS];
    case 'remove_admin_roles':
      return [OTHER_ROLES, ACCESS_TOKENS];
    case 'require_two_step':
    case 'quarantine':
    case 'limit_login_ips':
    case 'block_address':
      return [UNTIL_APPLIED, OPEN_SESSIONS];
    default:
      return [];
  }
}

const AT_THE_AUTHORITY: ReadonlySet<Command['kind']> = new Set(['reset_password', 'disable_account', 'enable_account']);

/** What goes on working after a command, as far as Microsoft's documentation tells. */
export function survivors(command: Command, state: AccountState): readonly Survivor[] {
  return [...ofCommand(command), ...(AT_THE_AUTHORITY.has(command.kind) ? fromElsewhere(state) : [])];
}
