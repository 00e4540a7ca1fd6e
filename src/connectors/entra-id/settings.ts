import { createPrivateKey, X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../kit/ranges.js';
import { deadlineMs, flag, list, orNull, pollOverlap } from '../kit/settings.js';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const guid = (how: string) =>
  z
    .string()
    .regex(GUID, how)
    .transform((id) => id.toLowerCase());
const EXAMPLE = '11111111-2222-3333-4444-555555555555';
const objectId = guid(`is no object id; write the object id, e.g. ${EXAMPLE}: names are not unique in Entra ID.`);
const clientId = guid(`is no application id; write the application (client) id, not the object id, e.g. ${EXAMPLE}.`);

/** A group that a Conditional Access policy limits to these ranges. */
const rangeGroup = z.strictObject({ group: objectId, ranges: z.array(rangeSetting).min(1) });

/** PEM in one line, as an environment variable may carry it. */
const lines = (text: string): string => text.replaceAll('\\n', '\n');

const keys = z.strictObject({
  tenant_id: z
    .string()
    .regex(
      /^[A-Za-z0-9.-]{1,253}$/,
      'is no tenant; write the directory (tenant) id or a domain of the tenant, e.g. example.onmicrosoft.com.',
    )
    .describe('the directory (tenant) id, or one of its domains'),
  client_id: clientId.describe('the application (client) id'),
  client_secret: secretSetting.nullable().default(null),
  certificate: orNull(
    z.string().min(1).transform(lines),
    'the certificate (PEM) that was uploaded to the application, with its private_key instead of a secret',
  ),
  private_key: secretSetting.nullable().default(null),
  assertion_algorithm: z
    .enum(['PS256', 'RS256'])
    .default('PS256')
    .describe('PS256, which Microsoft recommends, or RS256'),
  login_url: baseUrl.default('https://login.microsoftonline.com').describe('the sign-in address of the cloud'),
  graph_url: baseUrl.default('https://graph.microsoft.com').describe('the address of Microsoft Graph in the cloud'),
  force_change_with_mfa: flag('true to demand the second factor before the new password may be chosen'),
  password_writeback: flag(
    'true when password writeback is switched on in Entra Connect, so that synchronised passwords may be set in the cloud',
  ),
  two_step_group: orNull(
    objectId,
    'the object id of the group whose Conditional Access policy demands a second factor',
  ),
  per_user_mfa: flag('true to switch per-user multifactor authentication to enforced (Graph beta), without a group'),
  quarantine_group: orNull(objectId, 'the object id of the group whose Conditional Access policy blocks everything'),
  login_range_groups: list(
    rangeGroup,
    'a list of groups, each with the ranges that its Conditional Access policy permits',
  ),
  login_ranges: z
    .enum(['groups', 'rule'])
    .default('groups')
    .describe(
      'groups to limit sign-in by login_range_groups, or rule to let Notme make a named location and a Conditional Access policy for each account, and take them back with the undo',
    ),
  blocked_location: orNull(
    objectId,
    'the object id of the named location (IP ranges, not trusted) that a Conditional Access policy blocks',
  ),
  app_assignments: flag(
    'true to list assignments to applications among the grants, so that they may be chosen (never by "all": provisioning then disables the person there); needs AppRoleAssignment.ReadWrite.All',
  ),
  sign_in_notices: flag(
    'true to make notices of successful sign-ins; needs Entra ID P1 and reads a row for every sign-in of the tenant',
  ),
  conditional_access_interval_ms: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1_100)
    .describe(
      'the pause between two calls of Conditional Access or Identity Protection, in milliseconds; Microsoft takes one a second, of all applications together',
    ),
  deadline_ms: deadlineMs(10_000),
  poll_overlap_s: pollOverlap(900, '; audit rows come minutes late'),
});

/** Says what is wrong with a PEM without quoting any of it. */
function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (types.isNativeError(error)) return false;
    throw error;
  }
}

/** What the Entra ID connector needs to know; keys as in the configuration file. */
export const entraIdSettings = keys.superRefine((value, context) => {
  const issue = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
  const { certificate, private_key: privateKey } = value;
  const byCertificate = certificate !== null && privateKey !== null;
  if ((certificate === null) !== (privateKey === null))
    issue('certificate', 'Give certificate and private_key together, or neither.');
  else if (byCertificate === (value.client_secret !== null))
    issue('client_secret', 'Give either client_secret, or certificate and private_key.');
  if (certificate !== null && !readable(() => new X509Certificate(certificate)))
    issue('certificate', 'It is no certificate in PEM form (-----BEGIN CERTIFICATE-----).');
  if (privateKey !== null && !readable(() => createPrivateKey(lines(privateKey.reveal()))))
    issue('private_key', 'It is no private key in PEM form without a passphrase (-----BEGIN PRIVATE KEY-----).');
  if (value.login_ranges === 'rule' && value.login_range_groups.length > 0)
    issue('login_ranges', 'Choose one: login_range_groups, or login_ranges: rule.');
  if (value.per_user_mfa && value.two_step_group !== null)
    issue('per_user_mfa', 'Choose one: two_step_group (Conditional Access) or per_user_mfa.');
});

export type EntraIdSettings = z.output<typeof entraIdSettings>;

/** The private key's PEM with real line breaks. */
export const privateKeyPem = (settings: EntraIdSettings): string | null =>
  settings.private_key === null ? null : lines(settings.private_key.reveal());
