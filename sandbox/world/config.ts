import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Config, describeProblems, loadConfig } from '../../src/main/config.js';
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
  /** `notices.unanswered_minutes`, by kind; left out: as an installation has it. */
  readonly unansweredMinutes?: Readonly<Record<string, number>>;
  /** Left out: as an installation has it. */
  readonly watchMinutes?: readonly number[];
  /** Further people in notme.yml. */
  readonly people?: readonly object[];
  /** `workspace.on_call`; left out: the approvers. */
  readonly onCall?: object;
  /** Left out: nobody. */
  readonly neverTouch?: readonly string[];
  /** `workspace.two_approvers`; left out: only about a vip, of whom there is none unless `people` names one. */
  readonly twoApprovers?: object | undefined;
  /** Slack ids of `workspace.roles.administrator`; left out: nobody. */
  readonly administrators?: readonly string[] | undefined;
  /** `workspace.limits_per_hour`; left out: as an installation has it. */
  readonly limitsPerHour?: object | undefined;
  /** Decisions without a one-time code. Left out: none. */
  readonly uncoded?: readonly string[];
  /** As an installation without a mail server. */
  readonly withoutMail?: boolean;
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
        ...(settings.onCall === undefined ? {} : { on_call: settings.onCall }),
        two_approvers: settings.twoApprovers ?? { actions: [], targets: ['vip'] },
        ...(settings.limitsPerHour === undefined ? {} : { limits_per_hour: settings.limitsPerHour }),
        roles: {
          approver: { user_groups: [APPROVER_GROUP], users: [] },
          ...(settings.administrators === undefined ? {} : { administrator: { users: [...settings.administrators] } }),
        },
        people: [{ email: PEOPLE.ada.email, manager: PEOPLE.dia.real_name }, ...(settings.people ?? [])],
        ...(settings.neverTouch === undefined ? {} : { never_touch: [...settings.neverTouch] }),
      },
      notices: {
        poll_seconds: settings.pollSeconds,
        ...(settings.unansweredMinutes === undefined ? {} : { unanswered_minutes: { ...settings.unansweredMinutes } }),
      },
      ...(settings.watchMinutes === undefined ? {} : { watch: { after_minutes: [...settings.watchMinutes] } }),
      ...(settings.uncoded === undefined ? {} : { step_up: { not_required_for: [...settings.uncoded] } }),
      mimecast: {
        two_step_group: TWO_STEP_GROUP,
        audit_actor: 'API Application',
        login_range_groups: [{ ...RANGE_GROUP, ranges: [...RANGE_GROUP.ranges] }],
        poll_seconds: settings.pollSeconds,
      },
      ...Object.fromEntries(addresses.systems.flatMap((system) => Object.entries(system.settings))),
      ...(settings.withoutMail === true ? {} : { mail: { from: `Meadow security <security@${DOMAIN}>` } }),
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

const mailEnvironment = ({ mail }: Addresses): Record<string, string> => ({
  MAILGUN_API_KEY: mail.apiKey,
  MAILGUN_DOMAIN: `mg.${DOMAIN}`,
  MAILGUN_URL: mail.url,
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
  ...(settings.withoutMail === true ? {} : mailEnvironment(addresses)),
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
