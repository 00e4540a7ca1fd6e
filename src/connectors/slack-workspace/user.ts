import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { SlackApi } from './api.js';
import { METHOD } from './permissions.js';

const flag = z.boolean().nullable().catch(null);

/** What `users.info` shows. Slack leaves the standing of a deactivated person out: `null`. */
export const slackUser = z.looseObject({
  id: z.string().min(1),
  team_id: z.string().nullable().catch(null),
  name: z.string().catch(''),
  deleted: z.boolean().catch(false),
  is_bot: z.boolean().catch(false),
  is_admin: flag,
  is_owner: flag,
  is_primary_owner: flag,
  is_restricted: flag,
  has_2fa: flag,
  profile: z.looseObject({ email: z.string().nullable().catch(null) }).catch({ email: null }),
  enterprise_user: z.looseObject({ is_admin: flag, is_owner: flag, is_primary_owner: flag }).nullable().catch(null),
});
export type SlackUser = z.output<typeof slackUser>;

const holder = z.looseObject({ user: slackUser });

/** The person in an answer of `users.info` or `users.lookupByEmail`. */
export function userIn(body: unknown): Result<SlackUser, ConnectorFailure> {
  const read = holder.safeParse(body);
  if (read.success) return ok(read.data.user);
  return err({ kind: 'transient', message: 'Slack answered without the person; it is safe to ask again.' });
}

export async function readUser(
  api: SlackApi,
  id: string,
  call: CallContext,
): Promise<Result<SlackUser, ConnectorFailure>> {
  const answer = await api.web(METHOD.user, { user: id }, { write: false, call });
  return answer.ok ? userIn(answer.value.body) : answer;
}

export type WorkspaceRole = 'member' | 'admin' | 'owner';

/** The role in the workspace, `null` when Slack does not tell (a deactivated person). */
export function workspaceRole(user: SlackUser): WorkspaceRole | null {
  if (user.is_owner === true || user.is_primary_owner === true) return 'owner';
  if (user.is_admin === true) return 'admin';
  return user.is_admin === null || user.is_owner === null ? null : 'member';
}

/** Names of the roles in the whole organisation. */
export function organisationRoles({ enterprise_user: org }: SlackUser): readonly string[] {
  if (org === null) return [];
  const names = [
    org.is_primary_owner === true ? 'Primary Org Owner' : null,
    org.is_owner === true ? 'Org Owner' : null,
    org.is_admin === true ? 'Org Admin' : null,
  ];
  return names.filter((name) => name !== null);
}

/** Every administrator role by name, highest first; `null` when Slack does not tell. */
export function adminRoles(user: SlackUser): readonly string[] | null {
  const organisation = organisationRoles(user);
  const role = workspaceRole(user);
  if (role === null) return organisation.length > 0 ? organisation : null;
  const names = [
    user.is_primary_owner === true ? 'Primary Owner' : null,
    role === 'owner' ? 'Workspace Owner' : null,
    user.is_admin === true ? 'Workspace Admin' : null,
  ];
  return [...organisation, ...names.filter((name) => name !== null)];
}

/** 0 a member, 1 an administrator, 2 an owner, 3 the primary owner. */
export function standing(user: SlackUser): number {
  if (user.is_primary_owner === true || user.enterprise_user?.is_primary_owner === true) return 3;
  if (user.is_owner === true || user.enterprise_user?.is_owner === true) return 2;
  return user.is_admin === true || user.enterprise_user?.is_admin === true ? 1 : 0;
}
