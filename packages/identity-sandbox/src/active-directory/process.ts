import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LDAPS_PORT } from './address.js';
import { findProgram } from './available.js';
import { certificateFile, configFile } from './provision.js';

const READY_MS = 60_000;
const STOP_MS = 5_000;
const STEP_MS = 50;

/** A running controller. */
export interface SambaProcess {
  /** Ends the controller with all its children; kills what does not end in five seconds. */
  stop(): Promise<void>;
}

/**
 * Starts the controller in a process group of its own and waits until its LDAPS port answers. Its standard input is
 * a pipe: Samba ends by itself when the pipe does, so it does not outlive a parent that was killed.
 */
export async function startSamba(dir: string, address: string): Promise<SambaProcess> {
  await mkdir(join(dir, 'run'), { recursive: true });
  const output = join(dir, 'output.log');
  const log = await open(output, 'a');
  const child = spawn(
    findProgram('samba') ?? 'samba',
    ['-F', '--no-process-group', `--configfile=${configFile(dir)}`],
    { detached: true, stdio: ['pipe', log.fd, log.fd] },
  );
  await log.close();
  child.once('error', () => undefined);
  try {
    await untilReady(child, dir, address);
  } catch (error) {
    await stopGroup(child);
    const said = await readFile(output, 'utf8');
    throw new Error(`Samba did not start: ${said.slice(-1_000)}`, { cause: error });
  }
  return { stop: () => stopGroup(child) };
}

async function untilReady(child: ChildProcess, dir: string, address: string): Promise<void> {
  for (let waited = 0; waited < READY_MS; waited += STEP_MS) {
    if (child.pid === undefined || child.exitCode !== null) throw new Error('The process ended');
    if ((await answers(address)) && (await exists(certificateFile(dir)))) return;
    await pause(STEP_MS);
  }
  throw new Error(`Port ${LDAPS_PORT} did not answer within ${READY_MS / 1000} seconds`);
}

function answers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: LDAPS_PORT });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin?.destroy();
  signalGroup(child.pid, 'SIGTERM');
  for (let waited = 0; waited < STOP_MS; waited += STEP_MS) {
    if (!signalGroup(child.pid, 0)) return;
    await pause(STEP_MS);
  }
  signalGroup(child.pid, 'SIGKILL');
}

/** Signals every process of the group; `false` when there is none any more. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
