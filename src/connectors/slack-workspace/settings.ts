import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { deadlineMs, orNull, pollOverlap } from '../kit/settings.js';

/** What the Slack connector needs to know; keys as in the configuration file. */
export const slackWorkspaceSettings = z.strictObject({
  /** User token (`xoxp-…`) of an organisation's owner or administrator; never the app's bot token. */
  token: secretSetting,
  /** Of an organisation's owner with `auditlogs:read`; `null`: `token` reads the audit logs too. */
  audit_token: secretSetting.nullable().default(null),
  plan: z
    .enum(['enterprise', 'business_plus'])
    .describe('enterprise or business_plus: what Slack is paid for decides which interfaces there are'),
  team_id: orNull(
    z.string().regex(/^[TE][A-Z0-9]{2,}$/, 'is no workspace id; copy it from the workspace URL, it begins with T'),
    "the id (T…) of the workspace whose sessions and roles are meant; left out, it is the token's, else the person's own",
  ),
  sign_in_through: orNull(
    z.string().min(1),
    'the id of the system that people sign in to Slack through, as it is known here (okta)',
  ),
  api_base_url: baseUrl.default('https://slack.com/api').describe('the address of the Web API'),
  scim_base_url: baseUrl.default('https://api.slack.com/scim/v2').describe('the address of the SCIM API'),
  audit_base_url: baseUrl.default('https://api.slack.com/audit/v1').describe('the address of the Audit Logs API'),
  deadline_ms: deadlineMs(10_000),
  poll_overlap_s: pollOverlap(120),
  access_log_pages: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('how many pages of 1000 rows of the access log are read as evidence; Slack has no filter by person'),
});

export type SlackWorkspaceSettings = z.output<typeof slackWorkspaceSettings>;
