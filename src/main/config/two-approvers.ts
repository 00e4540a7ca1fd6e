import type { FileTwoApprovers } from './file-schema.js';
import type { WorkspaceSettings } from './shape.js';

/** What lets somebody in again, takes power away from administrators, or shuts out more than one person. */
const ACTIONS = ['enable_account', 'remove_admin_roles', 'block_address'] as const;
/** Whom a hasty or false decision hurts most, and who could be a decision's actual aim. */
const TARGETS = ['vip', 'administrator', 'service_account', 'approver'] as const;

/** Each list that is given replaces its default; an empty one switches it off by name. */
export const twoApprovers = (given: FileTwoApprovers): WorkspaceSettings['twoApprovers'] => ({
  actions: given?.actions ?? ACTIONS,
  targets: given?.targets ?? TARGETS,
  expireHours: given?.expire_hours ?? 4,
  remindMinutes: given?.remind_minutes ?? 10,
});
