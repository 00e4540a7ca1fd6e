import type { Command } from '../port.js';
import { cannotTell, unsupported, type Action } from './action.js';
import { ok } from '../../result.js';
import { removeAdminRoles } from './admin-roles.js';
import { blockDevices } from './devices.js';
import { removeFactors } from './factors.js';
import { revokeGrants } from './grants.js';
import { limitLoginIps, membership } from './membership.js';
import { resetPassword } from './password.js';
import { clearRecoveryContacts } from './recovery.js';
import { confirmCompromised } from './risk.js';
import { revokeSessions } from './sessions.js';
import type { Parts } from './state.js';
import { disableAccount, enableAccount } from './suspension.js';
import { blockAddress, type ZoneQueue } from './zone.js';

/** App passwords, backup codes and mailboxes: Okta has none of them. */
const notInOkta: Action = {
  perform: () => Promise.resolve(unsupported('Okta has no such thing; there is nothing to do here.')),
  judge: () => Promise.resolve(ok(cannotTell('Okta has no such thing.'))),
  undo: null,
  survives: [],
};

/** How a command is carried out, proven and undone. */
export function actionOf(parts: Parts, queue: ZoneQueue, command: Command): Action {
  switch (command.kind) {
    case 'reset_password':
      return resetPassword(parts, command.password);
    case 'revoke_sessions':
      return revokeSessions(parts);
    case 'disable_account':
      return disableAccount(parts);
    case 'enable_account':
      return enableAccount(parts);
    case 'remove_factors':
      return removeFactors(parts, command.items);
    case 'clear_recovery_contacts':
      return clearRecoveryContacts(parts);
    case 'require_two_step':
    case 'quarantine':
      return membership(parts, command.kind);
    case 'revoke_grants':
      return revokeGrants(parts, command.items);
    case 'block_devices':
      return blockDevices(parts, command.items);
    case 'remove_admin_roles':
      return removeAdminRoles(parts);
    case 'limit_login_ips':
      return limitLoginIps(parts, command.ranges);
    case 'block_address':
      return blockAddress(parts, queue, command.ranges);
    case 'confirm_compromised':
      return confirmCompromised(parts);
    default:
      return notInOkta;
  }
}
