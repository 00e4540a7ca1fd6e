import { z } from 'zod';
import { LOCAL_CLIENT, endSessions, note } from '../office/ledger.js';
import type { Role } from '../office/standing.js';
import { rankOf, setRole } from '../office/standing.js';
import type { Session, User } from '../workspace/model.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { flag, held, method, page, paging, whole } from './method.js';

/** @throws ApiError `feature_not_enabled` below Enterprise, `not_an_admin` for a member's token */
function needOrgAdmin({ core, caller }: Call): void {
  if (core.workspace.data.team.plan !== 'enterprise') throw new ApiError('feature_not_enabled');
  const owner = core.workspace.user(caller.userId);
  if (!owner || rankOf(owner) === 0) throw new ApiError('not_an_admin');
}

function target({ core }: Call, id: string): User {
  const user = core.workspace.user(id);
  if (!user) throw new ApiError('user_not_found');
  return user;
}

function needTeam({ core }: Call, id: string): void {
  if (id !== core.workspace.data.team.id) throw new ApiError('team_not_found');
}

const READ = { scopes: ['admin.users:read'], tier: 2, token: 'user' } as const;
const WRITE = { scopes: ['admin.users:write'], tier: 2, token: 'user' } as const;

const shownSession = (call: Call, session: Session) => ({
  user_id: session.user_id,
  session_id: session.session_id,
  team_id: call.core.workspace.data.team.id,
  created: {
    device_hardware: session.device_hardware,
    os: session.os,
    os_version: session.os_version,
    slack_client_version: session.slack_client_version,
    ip: session.ip,
  },
});

const listSessions = method(
  READ,
  z.object({ ...paging, team_id: z.string().optional(), user_id: z.string().optional() }),
  (args, call) => {
    needOrgAdmin(call);
    if (args.user_id !== undefined && args.team_id === undefined) throw new ApiError('missing_team');
    if (args.team_id !== undefined && args.user_id === undefined) throw new ApiError('missing_user');
    if (args.team_id !== undefined) needTeam(call, args.team_id);
    if (args.user_id !== undefined && target(call, args.user_id).is_bot) throw new ApiError('bots_not_allowed');
    const { sessions } = call.core.workspace.data.office;
    const wanted = sessions.filter(({ user_id }) => args.user_id === undefined || user_id === args.user_id);
    if (wanted.length === 0) throw new ApiError('no_active_sessions');
    const { items, metadata } = page(wanted, { ...args, limit: args.limit ?? 1000 });
    return { active_sessions: items.map((one) => shownSession(call, one)), response_metadata: metadata };
  },
);

const MOBILE = /iOS|Android/i;

const resetSessions = method(
  WRITE,
  z.object({ user_id: z.string(), mobile_only: flag.optional(), web_only: flag.optional() }),
  (args, call) => {
    needOrgAdmin(call);
    const user = target(call, args.user_id);
    if (user.is_bot) throw new ApiError('cannot_reset_bot');
    if (user.is_primary_owner && user.id !== call.caller.userId) throw new ApiError('cannot_reset_primary_owner');
    const fits = (session: Session): boolean => {
      if (args.mobile_only === true) return MOBILE.test(session.os);
      return args.web_only === true ? !MOBILE.test(session.os) : true;
    };
    endSessions(call.core.workspace, user.id, fits);
    note(call.core.workspace, 'user_session_reset_by_admin', {
      actor: call.caller.userId,
      entity: user.id,
      client: LOCAL_CLIENT,
    });
    return {};
  },
);

const invalidate = method(WRITE, z.object({ session_id: whole, team_id: z.string() }), (args, call) => {
  needOrgAdmin(call);
  needTeam(call, args.team_id);
  const session = call.core.workspace.data.office.sessions.find((one) => one.session_id === args.session_id);
  if (!session) throw new ApiError('session_not_found');
  endSessions(call.core.workspace, session.user_id, (one) => one === session);
  note(call.core.workspace, 'user_session_invalidated', {
    actor: call.caller.userId,
    entity: session.user_id,
    client: LOCAL_CLIENT,
  });
  return {};
});

/** Sets a role. Nobody changes the primary owner, and only owners change owners or make one. */
const roleMethod = (role: Role) =>
  method(WRITE, z.object({ user_id: z.string(), team_id: z.string() }), (args, call) => {
    needOrgAdmin(call);
    needTeam(call, args.team_id);
    const user = target(call, args.user_id);
    if (user.is_primary_owner) throw new ApiError('cannot_modify_primary_owner');
    const caller = target(call, call.caller.userId);
    if ((role === 'owner' || user.is_owner) && rankOf(caller) < 2) throw new ApiError('not_an_owner');
    if (user.is_bot || user.deleted) throw new ApiError('invalid_role_for_user');
    setRole(call.core, user, role, caller.id);
    return {};
  });

export const ADMIN_METHODS = held({
  'admin.users.session.invalidate': invalidate,
  'admin.users.session.list': listSessions,
  'admin.users.session.reset': resetSessions,
  'admin.users.setAdmin': roleMethod('admin'),
  'admin.users.setOwner': roleMethod('owner'),
  'admin.users.setRegular': roleMethod('member'),
});
