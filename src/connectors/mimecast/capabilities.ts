import type { ActionKind, Capability } from '../port.js';
import { PERMISSION } from './permissions.js';
import type { MimecastSettings } from './settings.js';
import { GROUP_DELAY_SECONDS } from './survivors.js';

const READ_GROUP = [PERMISSION.readGroups, PERMISSION.editGroups];
const GROUP: Capability = {
  route: 'group',
  undo: 'remove_from_group',
  effectiveWithinSeconds: GROUP_DELAY_SECONDS,
  permissions: [...READ_GROUP, PERMISSION.removeMembers],
};
const CONSOLE: Capability = {
  route: 'console',
  undo: null,
  effectiveWithinSeconds: GROUP_DELAY_SECONDS,
  permissions: [],
};

/** What Mimecast can do here: 2-step and login ranges only through groups that were prepared. */
export function capabilities(settings: MimecastSettings): Readonly<Record<ActionKind, Capability>> {
  return {
    reset_password: {
      route: 'native',
      undo: null,
      effectiveWithinSeconds: 0,
      permissions: [PERMISSION.readUsers, PERMISSION.editUsers, PERMISSION.readAudit],
    },
    revoke_sessions: { route: 'effect_of_reset', undo: null, effectiveWithinSeconds: 0, permissions: [] },
    disable_account: {
      route: 'native',
      undo: 'enable_account',
      effectiveWithinSeconds: 0,
      permissions: [PERMISSION.readUsers, PERMISSION.editUsers],
    },
    enable_account: {
      route: 'native',
      undo: 'disable_account',
      effectiveWithinSeconds: 0,
      permissions: [PERMISSION.readUsers, PERMISSION.editUsers],
    },
    require_two_step: settings.two_step_group === null ? CONSOLE : GROUP,
    limit_login_ips: settings.login_range_groups.length === 0 ? CONSOLE : GROUP,
  };
}
