import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Config, describeProblems, loadConfig } from '../../src/config.js';
import type { CompanySystem } from './systems/system.js';
import { APPROVER_GROUP, DOMAIN, PEOPLE, RANGE_GROUP, SECURITY_CHANNEL, TWO_STEP_GROUP } from './people.js';

/** Where the sandbox's systems listen, and what lets the app in. */
export interface Addresses {
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly publicUrl: string | null;
  readonly mimecast: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  readonly mail: { readonly url: string; readonly apiKey: string };
  readonly activeDirectory: Readonly<Record<string, string>> | null;
  /** Of the other identity systems. */
  readonly systems: readonly Pick<CompanySystem, 'environment' | 'settings'>[];
}

export interface SandboxSettings {
  readonly dataDir: string;
  readonly webPort: number;
  readonly pollSeconds: number;
  /** Left out: as an installation has it. */
  readonly watchMinutes?: readonly number[];
  /** Further people in notme.yml. */
  readonly people?: readonly object[];
  /** Left out: nobody. */
  readonly neverTouch?: readonly string[];
  readonly logLevel: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
}

/** Writes notme.yml into the data folder. @returns its path */
function writeFile(addresses: Addresses, settings: SandboxSettings): string {
  const file = join(settings.dataDir, 'sandbox', 'notme.yml');
  mkdirSync(join(settings.dataDir, 'sandbox'), { recursive: true, mode: 0o700 });
  writeFileSync(
    file,
    stringify({
      workspace: {
        security_channel: `#${SECURITY_CHANNEL}`,
        approvers: { user_groups: [APPROVER_GROUP], users: [] },
        people: [{ email: PEOPLE.ada.email, manager: PEOPLE.dia.real_name }, ...(settings.people ?? [])],
        ...(settings.neverTouch === undefined ? {} : { never_touch: [...settings.neverTouch] }),
      },
      notices: { poll_seconds: settings.pollSeconds },
      ...(settings.watchMinutes === undefined ? {} : { watch: { after_minutes: [...settings.watchMinutes] } }),
      mimecast: {
        two_step_group: TWO_STEP_GROUP,
        login_range_groups: [{ ...RANGE_GROUP, ranges: [...RANGE_GROUP.ranges] }],
        poll_seconds: settings.pollSeconds,
      },
      ...Object.fromEntries(addresses.systems.flatMap((system) => Object.entries(system.settings))),
      mail: { from: `Meadow security <security@${DOMAIN}>` },
    }),
  );
  return file;
}

const slackEnvironment = ({ publicUrl, ...slack }: Addresses): Record<string, string> => ({
  SLACK_BOT_TOKEN: slack.botToken,
  SLACK_API_URL: slack.slackApiUrl,
  ...(publicUrl === null
    ? { SLACK_APP_TOKEN: slack.appToken }
    : { PUBLIC_URL: publicUrl, SLACK_SIGNING_SECRET: slack.signingSecret }),
});

/** The environment with which the app finds the sandbox's systems, as an operator would set it. Writes notme.yml. */
export const sandboxEnvironment = (
  addresses: Addresses,
  settings: SandboxSettings,
): Readonly<Record<string, string>> => ({
  NOTME_CONFIG: writeFile(addresses, settings),
  ...slackEnvironment(addresses),
  MIMECAST_BASE_URL: addresses.mimecast.url,
  MIMECAST_CLIENT_ID: addresses.mimecast.clientId,
  MIMECAST_CLIENT_SECRET: addresses.mimecast.clientSecret,
  MAILGUN_API_KEY: addresses.mail.apiKey,
  MAILGUN_DOMAIN: `mg.${DOMAIN}`,
  MAILGUN_URL: addresses.mail.url,
  NOTME_DATA_DIR: settings.dataDir,
  PORT: String(settings.webPort),
  LOG_LEVEL: settings.logLevel,
  ...(settings.databaseUrl === null ? {} : { DATABASE_URL: settings.databaseUrl, NOTME_SECRET_KEY: '6e'.repeat(32) }),
  ...(settings.redisUrl === null ? {} : { REDIS_URL: settings.redisUrl }),
  ...addresses.activeDirectory,
  ...Object.fromEntries(addresses.systems.flatMap(({ environment }) => Object.entries(environment))),
});

/**
 * The configuration of the app under the sandbox, read the ordinary way from a file and an environment: the app cannot
 * tell it from a real one. @throws when it has problems
 */
export function sandboxConfig(addresses: Addresses, settings: SandboxSettings): Config {
  const { NOTME_CONFIG: file, ...env } = sandboxEnvironment(addresses, settings);
  const config = loadConfig({ file: file ?? null, env });
  if (!config.ok) throw new Error(describeProblems(config.error));
  return config.value;
}
