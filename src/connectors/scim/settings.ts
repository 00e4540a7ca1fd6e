import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../kit/ranges.js';
import { deadlineMs, flag, list, orNull } from '../kit/settings.js';

const name = z.string().min(1);

/** One application that is reached over SCIM 2.0; keys as in the configuration file. */
export const scimSettings = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z][a-z0-9_]{0,40}$/,
      'is no short name; use lower-case letters, digits and _, beginning with a letter, e.g. wiki.',
    )
    .describe(
      "a short name, e.g. wiki; the system's id in Notme is scim_<id>, and it must not change later: linked accounts carry it",
    ),
  title: name.describe('the name that people know'),
  base_url: baseUrl.describe('the address up to and with the version: https://api.example.com/scim/v2'),
  token: secretSetting,
  console_url: orNull(baseUrl, "the address where the application's administrators click, for manual steps"),
  patch_style: z
    .enum(['path', 'no_path'])
    .default('path')
    .describe('path (RFC 7644), or no_path for servers that take the attribute only inside the value'),
  member_removal: z
    .enum(['filter', 'value'])
    .default('filter')
    .describe('filter (members[value eq "id"], RFC 7644), or value for servers that take the member as value'),
  set_password: flag('true when Notme sets passwords here; the server must say so too (changePassword)'),
  provisioned_from: orNull(
    name,
    'the system of Notme from which the accounts are provisioned; left out, they are made here',
  ),
  two_step_group_id: orNull(name, 'the id of the prepared group that demands a second factor, as GET /Groups lists it'),
  quarantine_group_id: orNull(name, 'the id of the prepared group that shuts a person in, as GET /Groups lists it'),
  login_range_groups: list(
    z.strictObject({ group_id: name, ranges: z.array(rangeSetting).min(1) }),
    'a list of prepared groups, each with the ranges that it permits',
  ),
  admin_groups: list(
    z.strictObject({ group_id: name, title: name }),
    'a list of groups whose members are administrators of the application',
  ),
  deadline_ms: deadlineMs(10_000),
  concurrency: z.number().int().min(1).max(20).default(2).describe('how many calls may run at once'),
  per_minute: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(60)
    .describe('how many calls may begin in a minute; SCIM names no limit, the application may'),
});

export type ScimSettings = z.output<typeof scimSettings>;
