import type { ActionKind, Capability } from '../port.js';
import { blockDevices } from './devices.js';
import { disableMailRules } from './disable-mail-rules.js';
import { clearRecoveryContacts, disableAccount, enableAccount } from './flags.js';
import type { Handler, Tools } from './handler.js';
import { deleteAppPasswords, revokeGrants } from './lists.js';
import { blockMailProtocols } from './mail-protocols.js';
import { groupRoute, limitLoginIps, orgUnitRoute } from './membership.js';
import { resetPassword } from './reset.js';
import { removeAdminRoles } from './roles.js';
import { revokeSessions } from './sign-out.js';
import { invalidateBackupCodes, removeFactors } from './two-step.js';

/** A handler for each action, `null` where a person does it in the Admin console. */
export type Actions = Readonly<Record<ActionKind, Handler | null>>;

interface Route {
  readonly group: string | null;
  readonly orgUnit: string | null;
  readonly effect: string;
}

function policy(tools: Tools, { group, orgUnit, effect }: Route): Handler | null {
  if (group !== null) return groupRoute(tools, group, effect);
  return orgUnit === null ? null : orgUnitRoute(tools, orgUnit, effect);
}

export function actions(tools: Tools): Actions {
  const { settings } = tools;
  return {
    reset_password: resetPassword(tools),
    revoke_sessions: revokeSessions(tools),
    disable_account: disableAccount(tools),
    enable_account: enableAccount(tools),
    remove_factors: removeFactors(tools),
    invalidate_backup_codes: invalidateBackupCodes(tools),
    clear_recovery_contacts: clearRecoveryContacts(tools),
    require_two_step: policy(tools, {
      group: settings.two_step_group,
      orgUnit: settings.two_step_org_unit,
      effect: 'enforces 2-Step Verification',
    }),
    delete_app_passwords: deleteAppPasswords(tools),
    revoke_grants: revokeGrants(tools),
    disable_mail_rules: disableMailRules(tools),
    block_mail_protocols: blockMailProtocols(tools),
    block_devices: blockDevices(tools),
    remove_admin_roles: settings.super_admin ? removeAdminRoles(tools) : null,
    quarantine: policy(tools, {
      group: settings.quarantine_group,
      orgUnit: settings.quarantine_org_unit,
      effect: 'keeps it away from the services',
    }),
    limit_login_ips: settings.login_range_groups.length === 0 ? null : limitLoginIps(tools),
    block_address: null,
    confirm_compromised: null,
  };
}

export const CONSOLE: Capability = { route: 'console', undo: null, effectiveWithinSeconds: 0, permissions: [] };
