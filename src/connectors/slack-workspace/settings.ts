import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';

/** What the Slack connector needs to know; keys as in the configuration file. */
export const slackWorkspaceSettings = z.strictObject({
  /** User token (`xoxp-…`) of an organisation's owner or administrator; never the app's bot token. */
  token: secretSetting,
  /** Of an organisation's owner with `auditlogs:read`; `null`: `token` reads the audit logs too. */
  audit_token: secretSetting.nullable().default(null),
  /** What Slack is paid for: decides which interfaces there are. */
  plan: z.enum(['enterprise', 'business_plus']),
  /** The workspace (`T…`) whose sessions and roles are meant; `null`: the token's, else the person's own. */
  team_id: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,}$/, 'is no workspace id; copy it from the workspace URL, it begins with T')
    .nullable()
    .default(null),
  /** The id of the system, as it is known here, that people sign in to Slack through (`okta`); `null`: none or unknown. */
  sign_in_through: z.string().min(1).nullable().default(null),
  api_base_url: baseUrl.default('https://slack.com/api'),
  scim_base_url: baseUrl.default('https://api.slack.com/scim/v2'),
  audit_base_url: baseUrl.default('https://api.slack.com/audit/v1'),
  /** For one request, in milliseconds. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  /** How far each poll of the audit logs looks back before the last one's end, in seconds. */
  poll_overlap_s: z.number().int().min(0).max(86_400).default(120),
  /** Pages of 1000 rows of the access log that evidence reads; Slack has no filter by person. */
  access_log_pages: z.number().int().min(1).max(20).default(5),
});

export type SlackWorkspaceSettings = z.output<typeof slackWorkspaceSettings>;
