import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { createMimecastDirectory, type MimecastDirectory } from 'identity-sandbox/mimecast';
import { createSlackSandbox, derivedId, type SlackSandbox } from 'slack-sandbox';
import { readFileSync } from 'node:fs';
import { layStore } from '../lay-store.js';

export interface Townsman {
  readonly id: string;
  readonly email: string;
  /** Unique, so that a card can be told by it. */
  readonly name: string;
}

/** A local Slack and a local Mimecast with many people, a clock that can be put forward, and what the app needs to know. */
export interface Town {
  readonly slack: SlackSandbox;
  readonly mimecast: MimecastDirectory;
  readonly people: readonly Townsman[];
  readonly approvers: readonly Townsman[];
  readonly securityChannel: string;
  /** Environment and file of the app's configuration. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  now(): Date;
  /** How far the clock is ahead, ms. */
  aheadMs(): number;
  /** Lets time pass for everybody: claims of a dead process run out without waiting for them. */
  putForward(ms: number): void;
  close(): Promise<void>;
}

export interface TownOptions {
  readonly people: number;
  readonly approvers: number;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
}

const TWO_STEP_GROUP = 'containment-2-step';
const GROUP = derivedId('S', 'crash-approvers');
/** A living app acknowledges within milliseconds; a dead one never does, and was waited for in every third round. */
const ACK_MS = 800;
const KEY = '6e'.repeat(32);

function somebody(kind: string, index: number): Townsman {
  const name = `${kind}${String(index).padStart(3, '0')}`;
  return { id: derivedId('U', name), email: `${name}@crash.example`, name: `Test ${name}` };
}

const crowd = (kind: string, size: number): Townsman[] =>
  Array.from({ length: size }, (_, index) => somebody(kind, index));

export async function openTown(options: TownOptions): Promise<Town> {
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const people = crowd('person', options.people);
  const approvers = crowd('approver', options.approvers);
  const everybody = [...people, ...approvers];
  const handle = ({ email }: Townsman): string => email.split('@')[0] ?? email;
  const mimecast = await createMimecastDirectory({
    users: everybody,
    groups: [{ name: TWO_STEP_GROUP }],
    clientId: 'crash',
    clientSecret: KEY,
    clock: now,
    rateLimit: null,
  });
  const slack = await createSlackSandbox({
    manifest: readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'),
    seed: {
      team: { name: 'Crash', domain: 'crash' },
      users: everybody.map((one) => ({ id: one.id, name: handle(one), real_name: one.name, email: one.email })),
      usergroups: [{ id: GROUP, handle: 'secops', name: 'Security', users: approvers.map(handle) }],
      channels: [{ name: 'security-incidents', members: [...approvers.map(handle), '@app'], is_private: true }],
    },
    clock: now,
    page: false,
    // Slack's own times are for people: here nobody reads the error that a dead app leaves behind.
    ackTimeoutMs: ACK_MS,
    retryDelaysMs: [100, 500, 2000],
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-crash-'));
  if (options.databaseUrl === null) await layStore(path.join(folder, 'data'));
  const file = path.join(folder, 'notme.yml');
  await writeFile(
    file,
    stringify({
      workspace: { security_channel: '#security-incidents', roles: { approver: { user_groups: [GROUP], users: [] } } },
      notices: { poll_seconds: 1 },
      mimecast: { two_step_group: TWO_STEP_GROUP, login_range_groups: [], poll_seconds: 1 },
    }),
  );
  return {
    slack,
    mimecast,
    people,
    approvers,
    securityChannel: slack.state().channels.find(({ name }) => name === 'security-incidents')!.id,
    folder,
    env: {
      NOTME_CONFIG: file,
      NOTME_DATA_DIR: path.join(folder, 'data'),
      NOTME_SECRET_KEY: KEY,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      MIMECAST_BASE_URL: mimecast.url,
      MIMECAST_CLIENT_ID: 'crash',
      MIMECAST_CLIENT_SECRET: KEY,
      PORT: '0',
      LOG_LEVEL: 'info',
      ...(options.databaseUrl === null ? {} : { DATABASE_URL: options.databaseUrl }),
      ...(options.redisUrl === null ? {} : { REDIS_URL: options.redisUrl }),
    },
    now,
    aheadMs: () => ahead,
    putForward: (ms) => {
      ahead += ms;
    },
    close: async () => {
      await Promise.all([slack.close(), mimecast.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
