import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from '../src/main/commands/progress.js';
import type { SandboxFlags } from '../src/main/commands/sandbox.js';
import { untilSignal } from '../src/main/commands/signals.js';
import { claimFolder, refuseOfOthers } from '../src/main/commands/data-folder.js';
import { createLog } from '../src/platform/log.js';
import { type Runtime, systemRuntime } from '../src/platform/runtime.js';
import { lockFolder } from '../src/store/lock.js';
import { PEOPLE } from './world/people.js';
import { startAppIn, startWorld } from './world/start.js';

/** What Notme and its sandbox keep in a data folder: only these are removed by --fresh. */
const OURS = ['db', 'sandbox', 'samba', 'samba-ca.pem', 'secret.key', 'checkpoint.key'];

/** Nothing is removed under a process that works in the folder, and nothing of a real workspace. */
async function startOver(dataDir: string, runtime: Runtime): Promise<void> {
  const lock = await lockFolder(dataDir, runtime);
  try {
    refuseOfOthers(dataDir, 'sandbox');
    for (const name of OURS) rmSync(join(dataDir, name), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
}

/** Somebody about whom it takes two approvers, so that this can be seen. */
const VIPS = [{ email: PEOPLE.dia.email, kind: 'vip' }];

/** `npm start` without credentials: the sandbox and the real app against it, until Ctrl-C. */
export async function runSandbox(flags: SandboxFlags): Promise<void> {
  const progress = createProgress(process.stderr);
  const runtime = systemRuntime();
  const log = createLog({ level: flags.verbose ? 'info' : 'warn', pretty: process.stdout.isTTY });
  claimFolder(flags.dataDir, 'sandbox');
  if (flags.fresh) await startOver(flags.dataDir, runtime);
  const step = (name: string): void => progress.step(name);
  const world = await startWorld({
    dataDir: flags.dataDir,
    runtime,
    port: flags.port,
    page: true,
    keep: true,
    withActiveDirectory: flags.withAd,
    everySystem: flags.systems === 'all',
    progress: step,
  });
  try {
    const app = await startAppIn(world, { dataDir: flags.dataDir, runtime, log, people: VIPS, progress: step });
    try {
      progress.done('');
      process.stdout.write(welcome(world.slack.url, flags.dataDir));
      await untilSignal(log);
      process.stderr.write('Stopping …\n');
    } finally {
      await app.stop();
    }
  } finally {
    await world.close();
  }
}

const welcome = (url: string, dataDir: string): string => `
  Notme's sandbox is ready:  ${url}

  Open it in a browser. You play Ada (an employee) and Bea (security, on call):
    1. press "An attacker resets this password" in the panel Mimecast
    2. as Ada, press "I didn't do this" under the message from Notme
    3. as Bea, press "Lock down everything" in #security-incidents

  The panels beside the conversations show what every identity system truly holds, and can take one down.

  Everything runs on this machine. Data stays in ${dataDir} (--fresh starts over). Ctrl-C stops.
`;
