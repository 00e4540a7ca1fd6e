import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { baseUrl } from '../http/base-url.js';
import { rangeSetting } from '../kit/ranges.js';
import { deadlineMs, list, orNull, pollOverlap } from '../kit/settings.js';

/** A profile group that an administrator prepared in Mimecast's console, and the login ranges that its profile permits. */
const rangeGroup = z.strictObject({ group: z.string().min(1), ranges: z.array(rangeSetting).min(1) });

const group = z.string().min(1);

const shared = {
  base_url: baseUrl.optional().describe('an address that replaces that of the region'),
  two_step_group: orNull(group, 'the name of the profile group whose profile demands 2-step'),
  quarantine_group: orNull(
    group,
    'the name of the profile group whose profile and policies shut a compromised person in',
  ),
  login_range_groups: list(rangeGroup, 'a list of profile groups, each with the login ranges that its profile permits'),
  synced_from: orNull(z.string().min(1), 'the system that Mimecast copies its people from, e.g. active_directory'),
  start_directory_sync: z
    .boolean()
    .default(false)
    .describe(
      'whether disabling an account starts a synchronisation with the directories; only with synced_from, and only where Notme disables people there first',
    ),
  audit_actor: orNull(
    z.string().min(1),
    "the name that the audit log gives Notme's application or service user in a row of its own",
  ),
  deadline_ms: deadlineMs(10_000),
  poll_seconds: z.number().positive().optional().describe('how often to look for new events, in seconds'),
  poll_overlap_s: pollOverlap(300, '; rows that Mimecast writes late are still found'),
  audit_categories: z
    .array(z.string().min(1))
    .min(1)
    .default(['user_account_and_role_logs', 'authentication_logs'])
    .describe("a list of the audit categories that are read, in Mimecast's codes, e.g. authentication_logs"),
};

const API2_HOSTS = {
  global: 'https://api.services.mimecast.com',
  us: 'https://us-api.services.mimecast.com',
  uk: 'https://uk-api.services.mimecast.com',
} as const;

/** The data centres of API 1.0: the same letters as in the address of the Administration Console. */
export const API1_REGIONS = ['eu', 'de', 'us', 'usb', 'ca', 'za', 'au', 'je'] as const;

const api2Keys = {
  region: z.enum(['global', 'us', 'uk']).default('global'),
  client_id: z.string().min(1).describe('the client id of the API 2.0 application'),
  client_secret: secretSetting,
  ...shared,
};
const api2 = z.strictObject({ auth: z.literal('api2'), ...api2Keys });

const base64Secret = secretSetting.refine((secret) => /^[A-Za-z0-9+/]{4,}={0,2}$/.test(secret.reveal()), {
  error: 'is no secret key of Mimecast API 1.0; copy the whole Base64 text that the console showed once.',
});

const api1Keys = {
  region: z
    .enum(API1_REGIONS, { error: `is no region of Mimecast API 1.0; use one of ${API1_REGIONS.join(', ')}.` })
    .describe(
      `global, us or uk with API 2.0, and one of ${API1_REGIONS.join(', ')} with API 1.0: the letters in the address of the Administration Console`,
    ),
  app_id: z.string().min(1).describe('the application id of the API 1.0 application'),
  app_key: secretSetting,
  access_key: secretSetting,
  secret_key: base64Secret,
  ...shared,
};
const api1 = z.strictObject({ auth: z.literal('api1'), ...api1Keys });

/** Every key that one of the two accepts, as people write them: the credentials given show which API it is. */
export const mimecastKeys = { ...api2Keys, ...api1Keys };

const given = (values: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean =>
  keys.some((key) => values[key] !== undefined);

const OF_API1 = ['app_id', 'app_key', 'access_key', 'secret_key'];
const OF_API2 = ['client_id', 'client_secret'];

/** Whether credentials of API 1.0 were given. A region alone also means API 1.0: API 2.0 needs none. */
export const isApi1 = (values: Readonly<Record<string, unknown>>): boolean =>
  given(values, OF_API1) || (given(values, ['region']) && !given(values, OF_API2));

const written = z
  .record(z.string(), z.unknown())
  .superRefine((values, context) => {
    if (!given(values, OF_API1) || !given(values, OF_API2)) return;
    const message =
      'Mimecast is given credentials of API 2.0 and of API 1.0; keep client_id and client_secret (API 2.0), and take app_id, app_key, access_key, secret_key and region of API 1.0 away.';
    context.addIssue({ code: 'custom', path: ['client_id'], message });
  })
  .transform((values) => ({ auth: isApi1(values) ? 'api1' : 'api2', ...values }));

type Parsed = z.output<typeof api1> | z.output<typeof api2>;

const hostOf = (settings: Parsed): string =>
  settings.auth === 'api2' ? API2_HOSTS[settings.region] : `https://${settings.region}-api.mimecast.com`;

/** What the Mimecast connector needs to know; keys as in the configuration file. Without `auth` it is API 2.0. */
export const mimecastSettings = written
  .pipe(z.discriminatedUnion('auth', [api2, api1]))
  .transform((settings) => ({ ...settings, base_url: settings.base_url ?? hostOf(settings) }));

export type MimecastSettings = z.output<typeof mimecastSettings>;
export type Api1Settings = Extract<MimecastSettings, { auth: 'api1' }>;
export type Api2Settings = Extract<MimecastSettings, { auth: 'api2' }>;
