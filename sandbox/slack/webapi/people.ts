import { z } from 'zod';
import type { JsonObject } from '../json.js';
import { rankOf } from '../office/standing.js';
import type { User } from '../workspace/model.js';
import { ApiError } from './errors.js';
import type { Call, Method } from './method.js';
import { flag, method, page, paging } from './method.js';

/** What Slack leaves out of a deactivated person: the standing, and the zone. */
const ONLY_ACTIVE = new Set([
  'color',
  'real_name',
  'tz',
  'tz_label',
  'tz_offset',
  'is_admin',
  'is_owner',
  'is_primary_owner',
  'is_restricted',
  'is_ultra_restricted',
  'is_email_confirmed',
  'has_2fa',
]);

/** A user object; the address only with `users:read.email`, the second factor only for administrators. */
function shown(call: Call, user: User): JsonObject {
  const { has_2fa, ...open } = user;
  const { email, ...profile } = user.profile;
  const asker = call.caller.isBot ? undefined : call.core.workspace.user(call.caller.userId);
  const members: JsonObject = {
    ...open,
    ...(asker !== undefined && rankOf(asker) > 0 && has_2fa !== undefined ? { has_2fa } : {}),
    profile: call.caller.scopes.has('users:read.email') && email !== undefined ? { ...profile, email } : profile,
  };
  if (!user.deleted) return members;
  return Object.fromEntries(Object.entries(members).filter(([key]) => !ONLY_ACTIVE.has(key)));
}

const info = method({ scopes: ['users:read'], tier: 4 }, z.object({ user: z.string() }), (args, call) => {
  const user = call.core.workspace.user(args.user);
  if (!user) throw new ApiError('user_not_found');
  return { user: shown(call, user) };
});

const list = method({ scopes: ['users:read'], tier: 2 }, z.object(paging), (args, call) => {
  const { items, metadata } = page(call.core.workspace.data.users, args);
  return {
    members: items.map((user) => shown(call, user)),
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
    return { user: shown(call, user) };
  },
);

const profile = method(
  { scopes: ['users.profile:read'], tier: 4 },
  z.object({ user: z.string().optional() }),
  (args, call) => {
    const user = call.core.workspace.user(args.user ?? call.caller.userId);
    if (!user) throw new ApiError('user_not_found');
    return { profile: shown(call, user)['profile'] };
  },
);

const groups = method(
  { scopes: ['usergroups:read'], tier: 2 },
  z.object({ include_users: flag.optional(), include_count: flag.optional() }),
  (args, call) => {
    const { team, usergroups } = call.core.workspace.data;
    return {
      usergroups: usergroups.map((group) => ({
        id: group.id,
        team_id: team.id,
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
        ...(args.include_count === true ? { user_count: group.users.length } : {}),
        ...(args.include_users === true ? { users: group.users } : {}),
      })),
    };
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

export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookup,
  'users.profile.get': profile,
  'usergroups.list': groups,
  'usergroups.users.list': groupUsers,
};
