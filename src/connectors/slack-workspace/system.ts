import { defineSystem, open, secret } from '../kit/system.js';
import { createSlackWorkspaceConnector } from './connector.js';
import { slackWorkspaceSettings } from './settings.js';

const NAME = 'Slack as an identity system';

export const slackWorkspace = defineSystem({
  id: 'slack',
  title: NAME,
  prefix: 'SLACK_WORKSPACE',
  settings: slackWorkspaceSettings,
  keys: slackWorkspaceSettings.shape,
  environment: {
    token: secret(`${NAME}: user token (xoxp-...) of an organisation administrator, never the bot token.`),
    audit_token: secret(`${NAME}: token with auditlogs:read, when it is another one.`),
    plan: open(`${NAME}: enterprise or business_plus.`),
    api_base_url: open(`${NAME}: Web API. Default: https://slack.com/api`),
    scim_base_url: open(`${NAME}: SCIM. Default: https://api.slack.com/scim/v2`),
    audit_base_url: open(`${NAME}: audit logs. Default: https://api.slack.com/audit/v1`),
  },
  create: createSlackWorkspaceConnector,
  sample: () => ({ token: 'unused', plan: 'enterprise' }),
});
