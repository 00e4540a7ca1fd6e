import { z } from 'zod';
import { CODED_KINDS, DECISION_KINDS, PERSON_KINDS, TARGET_KINDS } from '../../ports/decision-kinds.js';
import { RISK_LEVELS } from '../../ports/connector.js';
import { parseSealKey } from '../../platform/seal.js';
import { Secret } from '../../platform/secret.js';

/**
 * Every single value of the configuration. A description continues the sentence "Set <key> to …": it is the fix that a
 * wrong value gets, and what an editor shows.
 */
const text = (description: string, most = 2000): z.ZodString =>
  z.string().min(1, { error: 'is empty' }).max(most, { error: 'is too long' }).describe(description);

const matching = (pattern: RegExp, problem: string, description: string): z.ZodString =>
  text(description).regex(pattern, { error: problem });

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

function parseUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

/** Secrets travel over this connection: plain HTTP is allowed only on this machine. */
function isSafeWebAddress(value: string): boolean {
  const url = parseUrl(value);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname)));
}

function isPublicUrl(value: string): boolean {
  const url = parseUrl(value);
  if (url === null) return false;
  // Unencrypted only where it does not leave the machine (a tunnel's end, a test).
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  return safe && url.search === '' && url.hash === '' && url.username === '';
}

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).format(0) !== '';
  } catch {
    return false;
  }
}

const webAddress = (description: string): z.ZodString =>
  text(description).refine(isSafeWebAddress, { error: 'is not an https:// address' });

const email = (description: string): z.ZodString =>
  matching(/^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/, 'is not an e-mail address', description);

const whole = (least: number, most: number, description: string): z.ZodNumber =>
  z
    .number()
    .int({ error: 'is not a whole number' })
    .min(least, { error: `is less than ${least}` })
    .max(most, { error: `is more than ${most}` })
    .describe(description);

export const leaves = {
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'is not a log level' })
    .describe('one of fatal, error, warn, info, debug, trace, silent'),
  port: whole(0, 65_535, 'a port number, e.g. 3000 (0 takes a free one)'),
  host: matching(/^[\w.:-]+$/, 'is not a host name or address', 'the address to listen on, e.g. 127.0.0.1'),
  publicUrl: text(
    'the https:// address under which Slack and people reach this server, e.g. https://notme.example.com',
  ).refine(isPublicUrl, { error: 'is not an https:// address without query' }),
  trustedProxies: whole(0, 10, 'how many of your proxies append to X-Forwarded-For, e.g. 1; 0 believes none'),
  dataDir: text('a folder that only Notme uses, e.g. .notme'),
  channel: matching(
    /^([CG][A-Z0-9]{2,}|#?[\p{Ll}\p{Lo}\p{N}_-]{1,80})$/u,
    'is neither a channel id nor a channel name',
    'the id of the security channel (C0123456789) or its name in quotes ("#security-incidents"; without quotes YAML takes # for a comment)',
  ),
  userGroup: matching(
    /^S[A-Z0-9]{2,}$/,
    'is not the id of a Slack user group',
    'the id of a Slack user group, e.g. S0123456789',
  ),
  user: matching(/^[UW][A-Z0-9]{2,}$/, 'is not the id of a Slack member', 'the id of a Slack member, e.g. U0123456789'),
  email: email('an e-mail address, e.g. ada@example.com'),
  timeZone: text('an IANA time zone, e.g. Europe/Berlin').refine(isTimeZone, { error: 'is not a known time zone' }),
  login: text('the name that the person signs in with in that system, e.g. ada@example.com'),
  pollSeconds: whole(1, 3600, 'seconds between two looks, from 1 to 3600, e.g. 15'),
  unansweredMinutes: z
    .number()
    .min(0.01, { error: 'is less than 0.01' })
    .max(10_080, { error: 'is more than a week' })
    .describe('minutes after which an unanswered notice is told to the security channel, e.g. 15'),
  employeeId: text('the personnel number as the identity systems keep it'),
  watchMinutes: z
    .number()
    .min(0.01, { error: 'is less than 0.01' })
    .max(10_080, { error: 'is more than a week' })
    .describe('minutes after a change, e.g. 15'),
  againMinutes: z
    .number()
    .min(0.01, { error: 'is less than 0.01' })
    .max(1440, { error: 'is more than a day' })
    .describe('minutes after which a further call goes out while nobody has taken an incident, e.g. 5'),
  perHour: whole(1, 10_000, 'how often in an hour, from 1 to 10000, e.g. 60'),
  personName: text('the name of a person, e.g. Dia Rahman'),
  allowPlainText: z
    .boolean({ error: 'is neither true nor false' })
    .describe('true when another machine may be reached without TLS or an unverified certificate; false refuses that'),
  allowPublicChannel: z
    .boolean({ error: 'is neither true nor false' })
    .describe('true when everybody in the workspace may read what is found out about people; false refuses that'),
  webAddress: webAddress('an https:// address'),
  filePath: text('the path of a file that this user can read'),
  domain: matching(/^[\w-]+(\.[\w-]+)+$/, 'is not a domain', 'the sending domain at Mailgun, e.g. mg.example.com'),
  mailFrom: matching(
    /^([^<>@\r\n]+<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
    'is not a sender address',
    'the sender of mails, e.g. Security team <security@example.com>',
  ),
  decision: z.enum(DECISION_KINDS, { error: 'is not an action' }).describe(`one of ${DECISION_KINDS.join(', ')}`),
  coded: z.enum(CODED_KINDS, { error: 'is not an action' }).describe(`one of ${CODED_KINDS.join(', ')}`),
  personKind: z
    .enum(PERSON_KINDS, { error: 'is no kind of person' })
    .describe(`one of ${PERSON_KINDS.join(', ')}: for some of them decisions need two approvers`),
  personReport: z
    .enum(['open', 'list'], { error: 'is neither open nor list' })
    .describe('open: what somebody reported there opens an incident; list: it is listed in the security channel'),
  deniedRequests: whole(1, 100, 'rejected sign-in requests within an hour that open an incident, e.g. 3'),
  riskLevel: z
    .enum([...RISK_LEVELS, 'never'], { error: 'is no level of risk' })
    .describe('the level from which on it happens: low, medium, high, or never'),
  targetKind: z.enum(TARGET_KINDS, { error: 'is no kind of person' }).describe(`one of ${TARGET_KINDS.join(', ')}`),
  expireHours: z
    .number()
    .min(0.01, { error: 'is less than 0.01' })
    .max(24, { error: 'is more than a day' })
    .describe('hours for which a first approval waits for the second, e.g. 4'),
  remindMinutes: z
    .number()
    .min(0.01, { error: 'is less than 0.01' })
    .max(1440, { error: 'is more than a day' })
    .describe('minutes after which those on call are reminded, and after as many again each approver, e.g. 10'),
  replacement: text('the text that replaces the one in the catalogue'),
} as const;

/** Values that come from the environment alone. */
export const secrets = {
  botToken: matching(
    /^xoxb-\S+$/,
    'is not a bot token',
    'the bot token of the app (begins with xoxb-; OAuth & Permissions)',
  ),
  appToken: matching(
    /^xapp-\S+$/,
    'is not an app-level token',
    'an app-level token with connections:write (begins with xapp-; Basic Information)',
  ),
  signingSecret: matching(
    /^[\w-]{16,}$/,
    'is not a signing secret',
    'the signing secret of the app (Basic Information)',
  ),
  databaseUrl: matching(
    /^postgres(ql)?:\/\/\S+$/,
    'is not a Postgres address',
    'an address such as postgres://user:password@host:5432/notme',
  ),
  redisUrl: matching(
    /^rediss?(\+(sentinel|cluster))?:\/\/\S+$/,
    'is not a Redis address',
    'an address such as redis://host:6379, redis+sentinel://host1,host2/master or redis+cluster://host1,host2',
  ),
  smtpUrl: matching(
    /^smtps?:\/\/\S+$/,
    'is not an SMTP address',
    'an address such as smtps://user:password@mail.example.com',
  ),
  metricsToken: text('a long random text (openssl rand -base64 32)').min(16, {
    error: 'is shorter than 16 characters',
  }),
  sealKeys: text(
    '32 random bytes in base64 (openssl rand -base64 32); to rotate: the new key, a comma, the old key',
  ).refine((value) => value.split(',').every((key) => parseSealKey(new Secret(key)).ok), {
    error: 'is not 32 bytes in base64 or hex',
  }),
  /** Large enough for a private key, and for the JSON file around one. */
  opaque: (what: string): z.ZodString => text(what, 20_000),
} as const;
