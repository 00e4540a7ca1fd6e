import type { Command } from '../port.js';
import { roleItems } from './admin-roles.js';
import { setEnabled } from './enabled.js';
import { factorItems } from './factors.js';
import { grantItems } from './grants.js';
import { limitRanges, membership } from './groups.js';
import { itemHandler } from './items.js';
import type { BlockedAddresses } from './locations.js';
import { resetPassword } from './password.js';
import { perUserMfa } from './per-user-mfa.js';
import type { Handler, Reader } from './reader.js';
import { confirmCompromised } from './risk.js';
import { revokeSessions } from './sessions.js';
import { deviceItems, ruleItems } from './toggles.js';
import { notByApi } from './unsupported.js';

function twoStep(reader: Reader): Handler {
  const { two_step_group: group, per_user_mfa: perUser } = reader.settings;
  if (group !== null) return membership(reader, group, 'demands a second factor');
  if (perUser) return perUserMfa(reader);
  return notByApi(
    'No group with a Conditional Access policy was prepared for two-step; do the console steps, or set entra_id.two_step_group.',
  );
}

function quarantine(reader: Reader): Handler {
  const { quarantine_group: group } = reader.settings;
  if (group !== null) return membership(reader, group, 'blocks everything');
  return notByApi('No quarantine group was prepared; do the console steps, or set entra_id.quarantine_group.');
}

/** What no call of Graph does: a person does it, or it does not exist. */
const BY_HAND = {
  invalidate_backup_codes:
    'Entra ID has no backup codes; a Temporary Access Pass is removed with the authentication methods.',
  clear_recovery_contacts:
    'Phones and e-mail addresses for password resets are authentication methods: remove those, and do the console steps for the contact fields.',
  delete_app_passwords: 'Microsoft Graph does not show or delete app passwords; do the console steps.',
  block_mail_protocols:
    'Microsoft Graph cannot switch mail protocols off; do the console steps in the Microsoft 365 admin center.',
} as const;

type ItemCommand = Extract<Command, { readonly items: unknown }>;

function itemsHandler(reader: Reader, { kind, items }: ItemCommand): Handler {
  switch (kind) {
    case 'remove_factors':
      return itemHandler(factorItems(reader), items);
    case 'revoke_grants':
      return itemHandler(grantItems(reader), items);
    case 'disable_mail_rules':
      return itemHandler(ruleItems(reader), items);
    case 'block_devices':
      return itemHandler(deviceItems(reader), items);
    case 'delete_app_passwords':
      return notByApi(BY_HAND.delete_app_passwords);
  }
}

/** The one place that knows which command is carried out how. */
export function handlerOf(reader: Reader, blocked: BlockedAddresses | null, command: Command): Handler {
  if ('items' in command) return itemsHandler(reader, command);
  switch (command.kind) {
    case 'reset_password':
      return resetPassword(reader, command.password);
    case 'revoke_sessions':
      return revokeSessions(reader);
    case 'disable_account':
      return setEnabled(reader, false);
    case 'enable_account':
      return setEnabled(reader, true);
    case 'remove_admin_roles':
      return itemHandler(roleItems(reader), 'all');
    case 'require_two_step':
      return twoStep(reader);
    case 'quarantine':
      return quarantine(reader);
    case 'limit_login_ips':
      return limitRanges(reader, command.ranges);
    case 'block_address':
      return blocked?.handler(command.ranges) ?? notByApi(NO_LOCATION);
    case 'confirm_compromised':
      return confirmCompromised(reader);
    default:
      return notByApi(BY_HAND[command.kind]);
  }
}

const NO_LOCATION = 'No blocked named location was prepared; do the console steps, or set entra_id.blocked_location.';
