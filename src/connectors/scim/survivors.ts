import type { Command, Survivor } from '../port.js';
import type { ScimSettings } from './settings.js';

/** What goes on working after a command: SCIM tells nothing of it, so it is assumed. */
export function survivors({ title, provisioned_from: from }: ScimSettings, command: Command): readonly Survivor[] {
  const open: Survivor = {
    what: `Sessions and API tokens of ${title} that are already open: SCIM does not say that they end`,
    forSeconds: null,
  };
  const rules: Survivor = { what: `Sessions of ${title} from before, until it applies the group`, forSeconds: null };
  const next: Survivor = {
    what: `Nothing yet, but the next provisioning from ${from ?? ''} may write its own state over this: act there too`,
    forSeconds: null,
  };
  const synced = from === null ? [] : [next];
  switch (command.kind) {
    case 'reset_password':
      return [
        open,
        {
          what: `The new password itself: SCIM has no "must change", so the person sets another one in ${title}`,
          forSeconds: null,
        },
      ];
    case 'disable_account':
      return [open, ...synced];
    case 'require_two_step':
    case 'quarantine':
    case 'limit_login_ips':
    case 'remove_admin_roles':
      return [rules, ...synced];
    default:
      return [];
  }
}
