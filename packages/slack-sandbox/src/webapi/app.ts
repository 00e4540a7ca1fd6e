import { z } from 'zod';
import { BOT_ICONS } from '../workspace/model.js';
import { ApiError } from './errors.js';
import { anyObject, held, method } from './method.js';

const authTest = method({ scopes: [], tier: 'none' }, z.object({}), (_args, { core, caller }) => {
  const { team, app } = core.workspace.data;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: core.workspace.user(caller.userId)?.name ?? '',
    team_id: team.id,
    user_id: caller.userId,
    ...(caller.isBot ? { bot_id: app.bot_id } : {}),
    is_enterprise_install: false,
  };
});

const apiTest = method({ scopes: [], tier: 4, token: 'none' }, anyObject, (args) => {
  if (typeof args['error'] === 'string') throw new ApiError(args['error'], { args });
  return { args };
});

const connect = method({ scopes: [], tier: 1, token: 'app' }, z.object({}), (_args, { core }) => {
  if (!core.manifest.socketMode) throw new ApiError('access_denied');
  const base = core.url().replace(/^http/, 'ws');
  return { url: `${base}/socket?ticket=${core.socket.issueTicket()}` };
});

const botInfo = method(
  { scopes: ['users:read'], tier: 3 },
  z.object({ bot: z.string().optional() }),
  (args, { core }) => {
    const { app } = core.workspace.data;
    if (args.bot !== undefined && args.bot !== app.bot_id) throw new ApiError('bot_not_found');
    const user = core.workspace.user(app.bot_user_id);
    return {
      bot: {
        id: app.bot_id,
        deleted: false,
        name: user?.real_name ?? '',
        updated: user?.updated ?? 0,
        app_id: app.id,
        user_id: app.bot_user_id,
        icons: BOT_ICONS,
      },
    };
  },
);

const teamInfo = method({ scopes: ['team:read'], tier: 3 }, z.object({}), (_args, { core }) => {
  const { team } = core.workspace.data;
  return {
    team: {
      id: team.id,
      name: team.name,
      domain: team.domain,
      url: `https://${team.domain}.slack.com/`,
      email_domain: '',
      icon: { image_default: true },
      ...(team.sso_provider === undefined ? {} : { sso_provider: { ...team.sso_provider } }),
    },
  };
});

export const APP_METHODS = held({
  'auth.test': authTest,
  'api.test': apiTest,
  'apps.connections.open': connect,
  'bots.info': botInfo,
  'team.info': teamInfo,
});
