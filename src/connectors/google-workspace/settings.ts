import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../ranges.js';
import { readServiceAccount } from './service-account.js';

const email = z.string().regex(/^[^\s@]+@[^\s@]+$/, 'It is no e-mail address; write it like name@example.com.');
const orgUnit = z.string().regex(/^\/.+/, 'It is no organizational unit path; write it like /Containment.');

const serviceAccountKey = secretSetting.superRefine((secret, context) => {
  const account = readServiceAccount(secret);
  if (!account.ok) context.addIssue({ code: 'custom', message: account.error });
});

/** What the Google Workspace connector needs to know; keys as in the configuration file. */
export const googleWorkspaceSettings = z
  .strictObject({
    /** The whole JSON file that Google Cloud gives for a key of the service account, as text. */
    service_account_key: serviceAccountKey,
    /** The administrator in whose name the service account calls the Admin SDK; Gmail is called in the person's own name. */
    admin_email: email,
    /** Whether that administrator is a super administrator: only one reaches other administrators and takes roles away. */
    super_admin: z.boolean().default(false),
    customer_id: z.string().min(1).default('my_customer'),
    admin_url: baseUrl.default('https://admin.googleapis.com'),
    gmail_url: baseUrl.default('https://gmail.googleapis.com'),
    token_url: baseUrl.default('https://oauth2.googleapis.com/token'),
    /** Where people prove who they are when it is not Google: a system of Notme (`okta`) or any name. `null`: Google. */
    sso: z.string().min(1).nullable().default(null),
    /** Where accounts are copied from (Google Cloud Directory Sync …): a system of Notme or any name. `null`: nowhere. */
    synced_from: z.string().min(1).nullable().default(null),
    /** A group, or else an organizational unit, for which 2-Step Verification is enforced. */
    two_step_group: email.nullable().default(null),
    two_step_org_unit: orgUnit.nullable().default(null),
    /** A group, or else an organizational unit, whose services are off and whose context-aware access lets nobody in. */
    quarantine_group: email.nullable().default(null),
    quarantine_org_unit: orgUnit.nullable().default(null),
    /** Groups to which an access level with these addresses is assigned. */
    login_range_groups: z.array(z.strictObject({ group: email, ranges: z.array(rangeSetting).min(1) })).default([]),
    /** For one request, in milliseconds. */
    deadline_ms: z.number().int().min(100).max(120_000).default(15_000),
    /** How far each poll looks back before the last one's end, in seconds: Google shows sign-ins minutes to hours late. */
    poll_overlap_s: z.number().int().min(0).max(86_400).default(7200),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (settings.two_step_group !== null && settings.two_step_org_unit !== null)
      refuse(
        'two_step_org_unit',
        'Both a group and an organizational unit are given for 2-step; leave one of them out.',
      );
    if (settings.quarantine_group !== null && settings.quarantine_org_unit !== null)
      refuse('quarantine_org_unit', 'Both a group and an organizational unit are given for quarantine; leave one out.');
    if (settings.two_step_org_unit !== null && settings.quarantine_org_unit !== null)
      refuse(
        'quarantine_org_unit',
        'A person is in one organizational unit at a time; use a group for 2-step or for quarantine.',
      );
  });

export type GoogleWorkspaceSettings = z.output<typeof googleWorkspaceSettings>;
