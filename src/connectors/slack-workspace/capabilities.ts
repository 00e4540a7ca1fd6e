import type { ActionKind, Capability, Route } from '../port.js';
import { SCOPE } from './permissions.js';
import type { SlackWorkspaceSettings } from './settings.js';

const without = (route: Route): Capability => ({ route, undo: null, effectiveWithinSeconds: 0, permissions: [] });
const CONSOLE = without('console');
/** Slack has no such thing. */
const NONE = without('none');

const BY_SCIM: Capability = {
  route: 'native',
  undo: 'restore',
  effectiveWithinSeconds: 0,
  permissions: [SCOPE.admin, SCOPE.readUsers],
};

/** What Slack can do here: sessions and roles through the administrators' interface, which Enterprise alone has. */
export function capabilities({ plan }: SlackWorkspaceSettings): Readonly<Record<ActionKind, Capability>> {
  const enterprise = plan === 'enterprise';
  return {
    reset_password: CONSOLE,
    revoke_sessions: enterprise
      ? {
          route: 'native',
          undo: null,
          effectiveWithinSeconds: 0,
          permissions: [SCOPE.writeAdminUsers, SCOPE.readAdminUsers, SCOPE.readUsers, SCOPE.readAudit],
        }
      : CONSOLE,
    disable_account: BY_SCIM,
    enable_account: BY_SCIM,
    remove_factors: CONSOLE,
    invalidate_backup_codes: CONSOLE,
    clear_recovery_contacts: NONE,
    require_two_step: CONSOLE,
    delete_app_passwords: NONE,
    revoke_grants: CONSOLE,
    disable_mail_rules: NONE,
    block_mail_protocols: NONE,
    block_devices: NONE,
    remove_admin_roles: enterprise
      ? {
          route: 'native',
          undo: 'restore',
          effectiveWithinSeconds: 0,
          permissions: [SCOPE.writeAdminUsers, SCOPE.readUsers],
        }
      : CONSOLE,
    quarantine: NONE,
    limit_login_ips: CONSOLE,
    block_address: NONE,
    confirm_compromised: NONE,
  };
}
