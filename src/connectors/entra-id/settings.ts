import { createPrivateKey, X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../ranges.js';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const objectId = z
  .string()
  .regex(GUID, 'Write the object id, e.g. 11111111-2222-3333-4444-555555555555; names are not unique in Entra ID.')
  .transform((id) => id.toLowerCase());

/** A group that a Conditional Access policy limits to these ranges. */
const rangeGroup = z.strictObject({ group: objectId, ranges: z.array(rangeSetting).min(1) });

/** PEM in one line, as an environment variable may carry it. */
const lines = (text: string): string => text.replaceAll('\\n', '\n');

const keys = z.strictObject({
  /** Directory (tenant) id, or one of its domains. */
  tenant_id: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'Write the directory (tenant) id or a domain of the tenant.'),
  client_id: objectId,
  client_secret: secretSetting.nullable().default(null),
  /** Instead of a secret: the certificate (PEM) that was uploaded to the application, and its private key (PEM). */
  certificate: z.string().min(1).transform(lines).nullable().default(null),
  private_key: secretSetting.nullable().default(null),
  /** How the assertion is signed; Microsoft recommends PS256. */
  assertion_algorithm: z.enum(['PS256', 'RS256']).default('PS256'),
  login_url: baseUrl.default('https://login.microsoftonline.com'),
  graph_url: baseUrl.default('https://graph.microsoft.com'),
  /** After a reset: demand the second factor before the new password may be chosen. */
  force_change_with_mfa: z.boolean().default(false),
  /** Synchronised passwords may be set in the cloud: password writeback is switched on in Entra Connect. */
  password_writeback: z.boolean().default(false),
  /** Object id of the group whose Conditional Access policy demands a second factor. */
  two_step_group: objectId.nullable().default(null),
  /** Without a group: switch per-user multifactor authentication to `enforced` (Graph beta). */
  per_user_mfa: z.boolean().default(false),
  /** Object id of the group whose Conditional Access policy blocks everything. */
  quarantine_group: objectId.nullable().default(null),
  login_range_groups: z.array(rangeGroup).default([]),
  /** Object id of the named location (IP ranges, not trusted) that a Conditional Access policy blocks. */
  blocked_location: objectId.nullable().default(null),
  /** Whether revoking grants also takes assignments to applications away; needs AppRoleAssignment.ReadWrite.All. */
  app_assignments: z.boolean().default(true),
  /** Whether successful sign-ins become notices; needs Entra ID P1 and is a row for every sign-in of the tenant. */
  sign_in_notices: z.boolean().default(false),
  /** Between two calls of Conditional Access or Identity Protection, ms: Microsoft takes one a second, of all applications together. */
  conditional_access_interval_ms: z.number().int().min(0).max(60_000).default(1_100),
  /** For one request, ms. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  /** How far each poll looks back before the last one's end, seconds: audit rows come minutes late. */
  poll_overlap_s: z.number().int().min(0).max(86_400).default(900),
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
  if (value.per_user_mfa && value.two_step_group !== null)
    issue('per_user_mfa', 'Choose one: two_step_group (Conditional Access) or per_user_mfa.');
});

export type EntraIdSettings = z.output<typeof entraIdSettings>;

/** The private key's PEM with real line breaks. */
export const privateKeyPem = (settings: EntraIdSettings): string | null =>
  settings.private_key === null ? null : lines(settings.private_key.reveal());
