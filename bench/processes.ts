import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Addresses,
  type Ask,
  type Measured,
  type MeasureAsk,
  type Told,
  told,
  type WorldSettings,
} from './messages.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const START_MS = 60_000;
const MEASURE_MS = 120_000;
const STOP_MS = 15_000;

export const compiled = (file: string): string => path.join(root, 'dist', file);

/** The option that makes Node write a CPU profile when the process ends. */
export const profiling = (folder: string | null): string[] =>
  folder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];

/** Bounds a wait; `what` names it in the error. */
async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s.`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(hard);
}

/** The process with the simulators. */
export class World {
  readonly #child: ChildProcess;
  readonly addresses: Addresses;

  private constructor(child: ChildProcess, addresses: Addresses) {
    this.#child = child;
    this.addresses = addresses;
  }

  static async start(settings: WorldSettings, profiles: string | null): Promise<World> {
    const child = fork(compiled('bench/world.js'), [JSON.stringify(settings)], {
      execArgv: profiling(profiles),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const first = await within(START_MS, 'Starting the simulators', nextWord(child));
    if (first.told !== 'ready') throw new Error('the simulators did not start');
    return new World(child, first.addresses);
  }

  async ask(asked: MeasureAsk): Promise<readonly Measured[]> {
    const answer = nextWord(this.#child);
    this.#child.send(asked);
    const word = await within(MEASURE_MS, 'A measurement', answer);
    if (word.told === 'failed') throw new Error(word.why);
    return word.told === 'done' ? word.results : [];
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.send({ do: 'close' } satisfies Ask);
    await within(STOP_MS, 'Closing the simulators', gone).catch(() => stopProcess(this.#child));
  }
}

/** The next message, or the end of the process as an error. */
function nextWord(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the simulators ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (message: unknown) => {
      child.off('exit', ended);
      const word = told.safeParse(message);
      if (word.success) resolve(word.data);
      else reject(word.error);
    });
  });
}

export interface Bot {
  /** From the start of the process to its sentence that it runs. */
  readonly startMs: number;
  readonly pid: number;
  /** Resident memory now, MB; `null` where the system does not tell it. */
  memoryMb(): Promise<number | null>;
  /** What it wrote to its error stream, for when a measurement fails. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts a compiled bot and waits until it says that it runs. Its environment is only what is given. */
export async function startBot(
  args: readonly string[],
  ready: string,
  env: Readonly<Record<string, string>>,
): Promise<Bot> {
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  let said = '';
  const running = new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-8000);
      if (said.includes(ready)) resolve(performance.now() - began);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the bot ended with ${String(code)}: ${said}`)));
  });
  const startMs = await within(START_MS, 'Starting a bot', running).catch(async (error: unknown) => {
    await stopProcess(child);
    throw error;
  });
  const pid = child.pid ?? 0;
  return { startMs, pid, memoryMb: () => residentMb(pid), said: () => said, stop: () => stopProcess(child) };
}

async function residentMb(pid: number): Promise<number | null> {
  try {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch (error) {
    // Only Linux tells it there.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
