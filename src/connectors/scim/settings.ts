import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../ranges.js';

const name = z.string().min(1);

/** One application that is reached over SCIM 2.0; keys as in the configuration file. */
export const scimSettings = z.strictObject({
  /** Short name: the system's id in Notme is `scim_<id>`. It must not change later, linked accounts carry it. */
  id: z.string().regex(/^[a-z][a-z0-9_]{0,40}$/, 'Use lower-case letters, digits and _, beginning with a letter.'),
  /** The name that people know. */
  title: name,
  /** Up to and with the version: `https://api.example.com/scim/v2`. */
  base_url: baseUrl,
  token: secretSetting,
  /** Where the application's administrators click, for console steps. */
  console_url: baseUrl.nullable().default(null),
  /** How a change names its attribute: `path` (RFC 7644), or only inside the value, which some servers demand. */
  patch_style: z.enum(['path', 'no_path']).default('path'),
  /** How a member is taken out: `members[value eq "id"]` (RFC 7644), or `members` with the member as value. */
  member_removal: z.enum(['filter', 'value']).default('filter'),
  /** Whether Notme sets passwords here. The server must say so too (`changePassword`). */
  set_password: z.boolean().default(false),
  /** The system in Notme from which the accounts are provisioned; `null` when they are made here. */
  provisioned_from: name.nullable().default(null),
  /** Ids of prepared groups, as `GET /Groups` lists them; `null` when none was prepared. */
  two_step_group_id: name.nullable().default(null),
  quarantine_group_id: name.nullable().default(null),
  login_range_groups: z.array(z.strictObject({ group_id: name, ranges: z.array(rangeSetting).min(1) })).default([]),
  /** Groups whose members are administrators of the application. */
  admin_groups: z.array(z.strictObject({ group_id: name, title: name })).default([]),
  /** For one request, in milliseconds. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  concurrency: z.number().int().min(1).max(20).default(2),
  /** Calls in a minute; SCIM names no limit, the application may. */
  per_minute: z.number().int().min(1).nullable().default(60),
});

export type ScimSettings = z.output<typeof scimSettings>;
