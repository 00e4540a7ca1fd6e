import type { Core } from '../core.js';
import { userChanged } from '../delivery/events.js';
import type { User } from '../workspace/model.js';
import { LOCAL_CLIENT, endSessions, note } from './ledger.js';

export type Role = 'member' | 'admin' | 'owner';

/** 0 a member, 1 an administrator, 2 an owner, 3 the primary owner. */
export function rankOf(user: User): number {
  if (user.is_primary_owner) return 3;
  if (user.is_owner) return 2;
  return user.is_admin ? 1 : 0;
}

const ACTION: Readonly<Record<Role, string>> = {
  member: 'role_change_to_user',
  admin: 'role_change_to_admin',
  owner: 'role_change_to_owner',
};

function touched(core: Core, user: User): void {
  user.updated = core.workspace.nowSeconds();
  core.workspace.changed('user');
  userChanged(core, user);
}

/** Gives the person a role; an owner counts as an administrator too, as in Slack. Nothing happens when it is the same. */
export function setRole(core: Core, user: User, role: Role, actor: string): void {
  const owner = role === 'owner';
  const admin = owner || role === 'admin';
  if (user.is_owner === owner && user.is_admin === admin) return;
  user.is_owner = owner;
  user.is_admin = admin;
  note(core.workspace, ACTION[role], { actor, entity: user.id, client: LOCAL_CLIENT });
  touched(core, user);
}

/** Deactivates (every session ends) or reactivates a person. Nothing happens when it is so already. */
export function setActive(core: Core, user: User, active: boolean, actor: string): void {
  if (user.deleted === !active) return;
  user.deleted = !active;
  if (!active) endSessions(core.workspace, user.id, () => true);
  const action = active ? 'user_reactivated' : 'user_deactivated';
  note(core.workspace, action, { actor, entity: user.id, client: LOCAL_CLIENT });
  touched(core, user);
}
