import { z } from 'zod';
import { withoutUndefined } from '../json.js';
import { rankOf } from '../office/standing.js';
import type { User, WorkspaceData } from '../workspace/model.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { flag, held, method, page, paging } from './method.js';

/** A user object; the address only with `users:read.email`, the second factor only for administrators. */
function shownUser({ core, caller }: Call, user: User) {
  const { email, ...open } = user.profile;
  const profile = caller.scopes.has('users:read.email') && email !== undefined ? { ...open, email } : open;
  const { id, team_id, name, deleted, is_bot, is_app_user, updated, has_2fa } = user;
  const shown = { id, team_id, name, deleted, is_bot, is_app_user, updated, profile };
  // Of a deactivated person Slack leaves out the standing and the zone.
  if (deleted) return shown;
  const asker = caller.isBot ? undefined : core.workspace.user(caller.userId);
  return {
    ...shown,
    color: user.color,
    real_name: user.real_name,
    tz: user.tz,
    tz_label: user.tz_label,
    tz_offset: user.tz_offset,
    is_admin: user.is_admin,
    is_owner: user.is_owner,
    is_primary_owner: user.is_primary_owner,
    is_restricted: user.is_restricted,
    is_ultra_restricted: user.is_ultra_restricted,
    is_email_confirmed: user.is_email_confirmed,
    ...(asker !== undefined && rankOf(asker) > 0 && has_2fa !== undefined ? { has_2fa } : {}),
  };
}

const info = method({ scopes: ['users:read'], tier: 4 }, z.object({ user: z.string() }), (args, call) => {
  const user = call.core.workspace.user(args.user);
  if (!user) throw new ApiError('user_not_found');
  return { user: shownUser(call, user) };
});

const list = method({ scopes: ['users:read'], tier: 2 }, z.object(paging), (args, call) => {
  const { items, metadata } = page(call.core.workspace.data.users, args);
  return {
    members: items.map((user) => shownUser(call, user)),
    cache_ts: call.core.workspace.nowSeconds(),
    response_metadata: metadata,
  };
});

const lookup = method(
  { scopes: ['users:read', 'users:read.email'], tier: 3 },
  z.object({ email: z.string() }),
  (args, call) => {
    const wanted = args.email.toLowerCase();
    const user = call.core.workspace.data.users.find(
      (one) => !one.deleted && one.profile.email?.toLowerCase() === wanted,
    );
    if (!user) throw new ApiError('users_not_found');
    return { user: shownUser(call, user) };
  },
);

const profile = method(
  { scopes: ['users.profile:read'], tier: 4 },
  z.object({ user: z.string().optional() }),
  (args, call) => {
    const user = call.core.workspace.user(args.user ?? call.caller.userId);
    if (!user) throw new ApiError('user_not_found');
    const { profile: shown } = shownUser(call, user);
    // whose it is stands beside a profile that comes with its user
    return { profile: withoutUndefined({ ...shown, team: undefined, api_app_id: undefined, bot_id: undefined }) };
  },
);

type Usergroup = z.output<typeof WorkspaceData>['usergroups'][number];

const shownGroup = (
  teamId: string,
  group: Usergroup,
  asked: { readonly include_users?: boolean | undefined; readonly include_count?: boolean | undefined },
) => ({
  id: group.id,
  team_id: teamId,
  is_usergroup: true,
  is_subteam: true,
  name: group.name,
  description: group.description,
  handle: group.handle,
  is_external: false,
  date_create: 0,
  date_update: 0,
  date_delete: 0,
  prefs: { channels: [], groups: [] },
  ...(asked.include_count === true ? { user_count: group.users.length } : {}),
  ...(asked.include_users === true ? { users: group.users } : {}),
});

const groups = method(
  { scopes: ['usergroups:read'], tier: 2 },
  z.object({ include_users: flag.optional(), include_count: flag.optional() }),
  (args, call) => {
    const { team, usergroups } = call.core.workspace.data;
    return { usergroups: usergroups.map((group) => shownGroup(team.id, group, args)) };
  },
);

const groupUsers = method(
  { scopes: ['usergroups:read'], tier: 2 },
  z.object({ usergroup: z.string() }),
  (args, call) => {
    const group = call.core.workspace.data.usergroups.find((one) => one.id === args.usergroup);
    if (!group) throw new ApiError('no_such_subteam');
    return { users: group.users };
  },
);

export const PEOPLE_METHODS = held({
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookup,
  'users.profile.get': profile,
  'usergroups.list': groups,
  'usergroups.users.list': groupUsers,
});
