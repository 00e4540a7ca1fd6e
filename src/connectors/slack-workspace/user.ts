import { z } from 'zod';
import type { CallContext } from '../../ports/connector.js';
import { ok } from '../../platform/result.js';
import { refuse, type Answer } from '../kit/action.js';
import { andThen } from '../kit/answers.js';
import { shaped, type SlackApi } from './api.js';
import { METHOD } from './permissions.js';

const flag = z.boolean().nullable().catch(null);
/** What is there and is no flag. */
const unreadable = z.unknown().transform(() => 'unreadable' as const);

/** The answer of `users.info`. Slack leaves out the role of a deactivated person: `null`. */
export const slackUser = z.looseObject({
  id: z.string().min(1),
  team_id: z.string().nullable().catch(null),
  name: z.string().catch(''),
  /** "Otherwise the value is false, or the field may not appear at all" (Slack, user object). `null`: unreadable. */
  deleted: z.union([z.boolean().default(false), z.unknown().transform(() => null)]),
  is_bot: z.boolean().catch(false),
  is_admin: flag,
  is_owner: flag,
  is_primary_owner: flag,
  is_restricted: flag,
  /** Slack shows it to administrators alone, and not of a deactivated person. */
  has_2fa: z.boolean().nullish().or(unreadable),
  profile: z.looseObject({ email: z.string().nullable().catch(null) }).catch({ email: null }),
  enterprise_user: z.looseObject({ is_admin: flag, is_owner: flag, is_primary_owner: flag }).nullable().catch(null),
});
export type SlackUser = z.output<typeof slackUser>;

/** An answer of `users.info` or `users.lookupByEmail`. */
export const holder = z.object({ user: slackUser });

export const readUser = (api: SlackApi, id: string, call: CallContext): Answer<SlackUser> =>
  andThen(shaped(api.web(METHOD.user, { user: id }, call), holder, 'the person'), ({ user }) =>
    user.id === id ? ok(user) : refuse('transient', 'Slack answered about somebody else; it is safe to ask again.'),
  );

export type WorkspaceRole = 'member' | 'admin' | 'owner';

/** The role in the workspace, `null` when Slack does not say (a deactivated person). */
export function workspaceRole(user: SlackUser): WorkspaceRole | null {
  if (user.is_owner === true || user.is_primary_owner === true) return 'owner';
  if (user.is_admin === true) return 'admin';
  return user.is_admin === null || user.is_owner === null ? null : 'member';
}

/** Names of the roles in the whole organisation. */
export function organisationRoles({ enterprise_user: org }: SlackUser): readonly string[] {
  if (org === null) return [];
  return [
    ...(org.is_primary_owner === true ? ['Primary Org Owner'] : []),
    ...(org.is_owner === true ? ['Org Owner'] : []),
    ...(org.is_admin === true ? ['Org Admin'] : []),
  ];
}

/** Every administrator role by name, highest first; `null` when Slack does not say. */
export function adminRoles(user: SlackUser): readonly string[] | null {
  const organisation = organisationRoles(user);
  const role = workspaceRole(user);
  if (role === null) return organisation.length > 0 ? organisation : null;
  return [
    ...organisation,
    ...(user.is_primary_owner === true ? ['Primary Owner'] : []),
    ...(role === 'owner' ? ['Workspace Owner'] : []),
    ...(user.is_admin === true ? ['Workspace Admin'] : []),
  ];
}

/** 0 a member, 1 an administrator, 2 an owner, 3 the primary owner. */
export function standing(user: SlackUser): number {
  if (user.is_primary_owner === true || user.enterprise_user?.is_primary_owner === true) return 3;
  if (user.is_owner === true || user.enterprise_user?.is_owner === true) return 2;
  return user.is_admin === true || user.enterprise_user?.is_admin === true ? 1 : 0;
}
