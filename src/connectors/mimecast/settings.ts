import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../ranges.js';

/** A profile group that an administrator prepared in Mimecast's console, and the login ranges that its profile permits. */
const rangeGroup = z.strictObject({ group: z.string().min(1), ranges: z.array(rangeSetting).min(1) });

const group = z.string().min(1).nullable().default(null);

const shared = {
  /** Overrides the region's own address. */
  base_url: baseUrl.optional(),
  /** Name of the profile group whose profile demands 2-step; `null` when none was prepared. */
  two_step_group: group,
  /** Name of the profile group whose profile and policies shut a compromised person in; `null` when none was prepared. */
  quarantine_group: group,
  login_range_groups: z.array(rangeGroup).default([]),
  /** The system that Mimecast copies its people from, e.g. `active_directory`; `null`: not known. */
  synced_from: z.string().min(1).nullable().default(null),
  /** For one request, in milliseconds. */
  deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  /** How often the bot looks for new events, in seconds; read by whoever polls. */
  poll_seconds: z.number().positive().optional(),
  /** How far each poll looks back before the last one's end, in seconds: rows that Mimecast writes late are still found. */
  poll_overlap_s: z.number().int().min(0).max(86_400).default(300),
  /** Audit categories that the poll reads, in Mimecast's codes: password changes and sign-ins. */
  audit_categories: z.array(z.string().min(1)).min(1).default(['user_account_and_role_logs', 'authentication_logs']),
};

const API2_HOSTS = {
  global: 'https://api.services.mimecast.com',
  us: 'https://us-api.services.mimecast.com',
  uk: 'https://uk-api.services.mimecast.com',
} as const;

/** The data centres of API 1.0: the same letters as in the address of the Administration Console. */
export const API1_REGIONS = ['eu', 'de', 'us', 'usb', 'ca', 'za', 'au', 'je'] as const;

const api2 = z.strictObject({
  auth: z.literal('api2'),
  region: z.enum(['global', 'us', 'uk']).default('global'),
  client_id: z.string().min(1),
  client_secret: secretSetting,
  ...shared,
});

const base64Secret = secretSetting.refine((secret) => /^[A-Za-z0-9+/]{4,}={0,2}$/.test(secret.reveal()), {
  error: 'is no secret key of Mimecast API 1.0; copy the whole Base64 text that the console showed once.',
});

const api1 = z.strictObject({
  auth: z.literal('api1'),
  region: z.enum(API1_REGIONS, { error: `is no region of API 1.0; use one of ${API1_REGIONS.join(', ')}.` }),
  app_id: z.string().min(1),
  app_key: secretSetting,
  access_key: secretSetting,
  secret_key: base64Secret,
  ...shared,
});

/** Every key that one of the two takes. */
export const mimecastKeys: readonly string[] = [...new Set([...Object.keys(api2.shape), ...Object.keys(api1.shape)])];

const withDefaultAuth = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !('auth' in value) ? { ...value, auth: 'api2' } : value;

type Parsed = z.output<typeof api1> | z.output<typeof api2>;

const hostOf = (settings: Parsed): string =>
  settings.auth === 'api2' ? API2_HOSTS[settings.region] : `https://${settings.region}-api.mimecast.com`;

/** What the Mimecast connector needs to know; keys as in the configuration file. Without `auth` it is API 2.0. */
export const mimecastSettings = z
  .preprocess(withDefaultAuth, z.discriminatedUnion('auth', [api2, api1]))
  .transform((settings) => ({ ...settings, base_url: settings.base_url ?? hostOf(settings) }));

export type MimecastSettings = z.output<typeof mimecastSettings>;
export type Api1Settings = Extract<MimecastSettings, { auth: 'api1' }>;
export type Api2Settings = Extract<MimecastSettings, { auth: 'api2' }>;
