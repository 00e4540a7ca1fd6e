import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../kit/ranges.js';
import { readServiceAccount } from './service-account.js';
import { deadlineMs, flag, list, orNull, pollOverlap } from '../kit/settings.js';

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
    admin_email: email.describe(
      'the address of the administrator in whose name the service account calls the Admin SDK; Gmail is called in the name of the person',
    ),
    super_admin: flag(
      'true when that administrator is a super administrator: only one reaches other administrators and takes roles away',
    ),
    customer_id: z.string().min(1).default('my_customer').describe('the customer id of the account'),
    admin_url: baseUrl.default('https://admin.googleapis.com').describe('the address of the Admin SDK'),
    gmail_url: baseUrl.default('https://gmail.googleapis.com').describe('the address of Gmail'),
    alerts_url: baseUrl.default('https://alertcenter.googleapis.com').describe('the address of the Alert Center'),
    token_url: baseUrl.default('https://oauth2.googleapis.com/token').describe('the address that gives tokens'),
    sso: orNull(
      z.string().min(1),
      'where people prove who they are when it is not Google: a system of Notme (okta) or any name',
    ),
    synced_from: orNull(
      z.string().min(1),
      'where accounts are copied from (Google Cloud Directory Sync and the like): a system of Notme or any name',
    ),
    two_step_group: orNull(email, 'the address of a group for which 2-Step Verification is enforced'),
    two_step_org_unit: orNull(
      orgUnit,
      'the path of an organizational unit for which 2-Step Verification is enforced, when there is no group',
    ),
    quarantine_group: orNull(
      email,
      'the address of a group whose services are off and whose context-aware access lets nobody in',
    ),
    quarantine_org_unit: orNull(orgUnit, 'the path of an organizational unit like that, when there is no group'),
    login_range_groups: list(
      z.strictObject({ group: email, ranges: z.array(rangeSetting).min(1) }),
      'a list of groups, each with the addresses of the access level that is assigned to it',
    ),
    deadline_ms: deadlineMs(15_000),
    poll_overlap_s: pollOverlap(7200, '; Google shows sign-ins minutes to hours late'),
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
