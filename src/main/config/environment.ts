import type { z } from 'zod';
import { SYSTEMS } from '../../connectors/registry.js';
import type { System } from '../../connectors/kit/system.js';
import { leaves, secrets } from './leaves.js';

interface EnvironmentOption {
  /** One line for `.env.example` and `notme start --help`. */
  readonly about: string;
  readonly schema: z.ZodType<string | number>;
  /** A secret may also be given as a file: `<NAME>_FILE` contains its path. */
  readonly secret: boolean;
  /** Set when the value is a number. */
  readonly numeric?: true;
}

const open = (about: string, schema: z.ZodType<string>): EnvironmentOption => ({ about, schema, secret: false });
const secret = (about: string, schema: z.ZodType<string>): EnvironmentOption => ({ about, schema, secret: true });

/**
 * Every environment variable that does not belong to one identity system. A variable wins over the same setting in
 * notme.yml.
 */
const ENVIRONMENT = {
  SLACK_BOT_TOKEN: secret(
    'Bot token of the Slack app (xoxb-...). Without any Slack token the sandbox starts.',
    secrets.botToken,
  ),
  SLACK_APP_TOKEN: secret('App-level token (xapp-...) for Socket Mode, the default.', secrets.appToken),
  SLACK_SIGNING_SECRET: secret(
    'Signing secret; with PUBLIC_URL it chooses signed HTTP requests instead of Socket Mode.',
    secrets.signingSecret,
  ),
  SLACK_API_URL: open('Slack Web API to talk to. Default: https://slack.com/api/', leaves.webAddress),
  PORT: { about: 'Port of the web server. Default: 3000', schema: leaves.port, secret: false, numeric: true },
  HOST: open('Address of the web server. Default: 127.0.0.1', leaves.host),
  PUBLIC_URL: open(
    'https address of this server, for the links in mails. With SLACK_SIGNING_SECRET Slack sends signed HTTP requests there instead of Socket Mode.',
    leaves.publicUrl,
  ),
  TRUSTED_PROXIES: {
    about: 'How many of your proxies append to X-Forwarded-For. Default: 0, it is not believed.',
    schema: leaves.trustedProxies,
    secret: false,
    numeric: true,
  },
  METRICS_TOKEN: secret(
    'Bearer token that /metrics and /readyz ask for when it is set; needed with PUBLIC_URL.',
    secrets.metricsToken,
  ),
  NOTME_CONFIG: open(
    'Path of notme.yml. Default: notme.yml in the working directory, if it is there.',
    leaves.filePath,
  ),
  NOTME_DATA_DIR: open('Folder of the embedded database and of the key file. Default: .notme', leaves.dataDir),
  DATABASE_URL: secret('Postgres. Without it an embedded database lives in the data folder.', secrets.databaseUrl),
  REDIS_URL: secret('Redis for the queue. Without it the queue lives in the database.', secrets.redisUrl),
  NOTME_SECRET_KEY: secret(
    'Key that seals secrets at rest; needed with DATABASE_URL, else made in the data folder.',
    secrets.sealKeys,
  ),
  LOG_LEVEL: open('fatal, error, warn, info, debug, trace or silent. Default: info', leaves.logLevel),
  MAILGUN_API_KEY: secret(
    'Mailgun: sending key of the domain.',
    secrets.opaque('the sending key of the Mailgun domain'),
  ),
  MAILGUN_DOMAIN: open('Mailgun: sending domain.', leaves.domain),
  MAILGUN_URL: open(
    'Mailgun: API address. Default: https://api.mailgun.net (EU: https://api.eu.mailgun.net)',
    leaves.webAddress,
  ),
  MAIL_FROM: open('Sender of mails, e.g. Security team <security@example.com>', leaves.mailFrom),
  SMTP_URL: secret('SMTP server instead of Mailgun, e.g. smtps://user:password@mail.example.com', secrets.smtpUrl),
} as const satisfies Record<string, EnvironmentOption>;

export type EnvironmentName = keyof typeof ENVIRONMENT;

/** `base_url` of Okta is OKTA_BASE_URL. */
export const variableOf = ({ prefix }: Pick<System, 'prefix'>, key: string): string => `${prefix}_${key.toUpperCase()}`;

const VALUE = secrets.opaque('what the line in .env.example says');

function variablesOf(system: System): readonly (readonly [string, EnvironmentOption])[] {
  const { environment, list } = system;
  if (list !== null) return [[list.variable, secret(list.about, VALUE)]];
  return Object.entries(environment).map(([key, { about, secret: isSecret }]) => [
    variableOf(system, key),
    { about, schema: VALUE, secret: isSecret },
  ]);
}

/** All of them, with those of the identity systems, by name. */
const OPTIONS: ReadonlyMap<string, EnvironmentOption> = new Map([
  ...Object.entries<EnvironmentOption>(ENVIRONMENT),
  ...SYSTEMS.flatMap(variablesOf),
]);

export const ENVIRONMENT_NAMES: readonly string[] = [...OPTIONS.keys()];

export const isEnvironmentName = (name: string): boolean => OPTIONS.has(name);

/** @throws Error for a name that is none of `ENVIRONMENT_NAMES` */
export function environmentOption(name: string): EnvironmentOption {
  const option = OPTIONS.get(name);
  if (option === undefined) throw new Error(`${name} is no variable of Notme`);
  return option;
}
