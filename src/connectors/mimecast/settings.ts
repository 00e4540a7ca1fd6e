import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { normaliseRange } from './ranges.js';

const range = z.string().transform((value, context) => {
  const normal = normaliseRange(value);
  if (normal !== null) return normal;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(value)} is no IP range; write it like 203.0.113.0/24 or 2001:db8::/32.`,
  });
  return z.NEVER;
});

/** A profile group that an administrator prepared in Mimecast's console, and the login ranges that its profile permits. */
const rangeGroup = z.object({ group: z.string().min(1), ranges: z.array(range).min(1) });

/** What the Mimecast connector needs to know; keys as in the configuration file. */
export const mimecastSettings = z.object({
  base_url: baseUrl.default('https://api.services.mimecast.com'),
  client_id: z.string().min(1),
  client_secret: secretSetting,
  /** Name of the profile group whose profile demands 2-step; `null` when none was prepared. */
  two_step_group: z.string().min(1).nullable().default(null),
  login_range_groups: z.array(rangeGroup).default([]),
  /** For one request, in milliseconds. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  /** How far each poll looks back before the last one's end, in seconds: rows that Mimecast writes late are still found. */
  poll_overlap_s: z.number().int().min(0).max(86_400).default(300),
  /** Audit categories that the poll reads, in Mimecast's codes. */
  audit_categories: z.array(z.string().min(1)).min(1).default(['user_account_and_role_logs']),
});

export type MimecastSettings = z.output<typeof mimecastSettings>;
