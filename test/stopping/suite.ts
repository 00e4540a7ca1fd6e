import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTown, type Town } from '../crash/town.js';

/** What supervisors give before they kill: Docker's default, and that of most others. */
const TEN_SECONDS = 10_000;

export interface Trouble {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  /** What becomes unreachable before the signal. */
  readonly befall: (town: Town) => Promise<void>;
}

/** Gone for so long that the client waits between two tries to connect: in its first seconds it still stops by itself. */
const AWAY_MS = 25_000;

export async function slackGoesAway(town: Town): Promise<void> {
  await town.slack.close();
  await sleep(AWAY_MS);
}

/** `notme start` as an operator runs it, many people who report at once, and a trouble: then SIGTERM. */
export async function stopsInTrouble({ databaseUrl, redisUrl, befall }: Trouble): Promise<string> {
  const town = await openTown({ people: 40, approvers: 2, databaseUrl, redisUrl });
  const logFile = path.join(town.folder, 'stop.log');
  const child = start(town, logFile);
  try {
    await town.slack.wait({ until: { connected: true }, timeout_ms: 60_000 });
    // Nobody waits for the answers: the process is to stop in the middle of them.
    const reports = Promise.allSettled(town.people.map((one) => sayNotMe(town, one.id)));
    await town.slack.wait({
      until: { message: { channel: town.securityChannel, text_contains: 'Test person' } },
      timeout_ms: 30_000,
    });
    await befall(town);
    child.kill('SIGTERM');
    const ended = await endOf(child);
    await reports;
    return ended === 'still running' ? `${ended}\n${readFileSync(logFile, 'utf8').slice(-4000)}` : ended;
  } finally {
    child.kill('SIGKILL');
    await town.close();
  }
}

function start(town: Town, logFile: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main/cli.ts', 'start'], {
    env: { PATH: process.env['PATH'], ...town.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

async function sayNotMe(town: Town, as: string): Promise<void> {
  const { channel } = await town.slack.act({ as, do: 'open_dm', with: town.slack.botUserId });
  await town.slack.act({ as, do: 'message', channel: String(channel), text: "I didn't do this" });
}

async function endOf(child: ChildProcess): Promise<string> {
  const patience = AbortSignal.timeout(TEN_SECONDS);
  try {
    const [code, signal] = (await once(child, 'exit', { signal: patience })) as [number | null, string | null];
    return `ended with ${String(code ?? signal)}`;
  } catch (error) {
    if (patience.aborted) return 'still running';
    throw error;
  }
}
