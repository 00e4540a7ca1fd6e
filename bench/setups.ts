import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { CODED_KINDS } from '../src/ports/decision-kinds.js';
import { APPROVER_GROUP, CHANNEL_ID, TWO_STEP_GROUP } from './company.js';
import type { Addresses } from './messages.js';
import { type Bot, compiled, profiling, startBot } from './processes.js';

export const SETUPS = ['redis+postgres', 'postgres', 'pglite'] as const;
export type SetupName = (typeof SETUPS)[number];

export interface Servers {
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

/** A set-up's settings, the same at each start. */
export interface Setup {
  readonly name: SetupName;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * One file of settings for all set-ups. No one-time codes: each counts once in half a minute, so that a load of
 * decisions would measure the waiting.
 */
const settings = stringify({
  workspace: { security_channel: CHANNEL_ID, roles: { approver: { user_groups: [APPROVER_GROUP], users: [] } } },
  mimecast: { two_step_group: TWO_STEP_GROUP },
  step_up: { not_required_for: [...CODED_KINDS] },
});

async function createDatabase(postgresUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(`create database ${pg.escapeIdentifier(name)}`);
  await client.end();
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function prepare(name: SetupName, folder: string, servers: Servers): Promise<Setup> {
  const dataDir = path.join(folder, name);
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'notme.yml');
  await writeFile(file, settings);
  const base = { NOTME_CONFIG: file, NOTME_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' };
  if (name === 'pglite') return { name, env: base };
  const databaseUrl = await createDatabase(servers.postgresUrl, `bench_${name.replace('+', '_')}`);
  const store = { DATABASE_URL: databaseUrl, NOTME_SECRET_KEY: '6e'.repeat(32) };
  return { name, env: { ...base, ...store, ...(name === 'postgres' ? {} : { REDIS_URL: servers.redisUrl }) } };
}

/** Starts the compiled program as an operator would: `notme start` with its settings in the environment. */
export function startSetup({ env }: Setup, to: Addresses, profiles: string | null): Promise<Bot> {
  return startBot([...profiling(profiles), compiled('src/main/cli.js'), 'start'], 'Notme is running', {
    ...env,
    SLACK_BOT_TOKEN: to.botToken,
    SLACK_APP_TOKEN: to.appToken,
    SLACK_API_URL: to.slackApiUrl,
    MIMECAST_BASE_URL: to.mimecastUrl,
    MIMECAST_CLIENT_ID: to.clientId,
    MIMECAST_CLIENT_SECRET: to.clientSecret,
  });
}

export const startFloor = (to: Addresses, redisUrl: string): Promise<Bot> =>
  startBot([compiled('bench/floor.js'), JSON.stringify({ ...to, redisUrl })], 'The floor is running', {});
