import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lockFolder } from '../../src/store/lock.js';
import { describeSelf } from '../../src/store/process-identity.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const runtime = systemRuntime();
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'notme-lock-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
});

async function race(): Promise<{ child: ChildProcess; said: string }> {
  const script = path.join(process.cwd(), 'test/store/lock-racer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = (await once(child.stdout, 'data')) as unknown[];
  return { child, said: String(said) };
}

async function leaveClaim(changes: object, touchedMsAgo = 0): Promise<void> {
  const room = path.join(folder, 'lock');
  await mkdir(room, { recursive: true });
  const claim = {
    ...(await describeSelf()),
    startedAt: '2026-01-02T03:04:05.000Z',
    command: 'notme start',
    ...changes,
  };
  const file = path.join(room, 'claim_0.json');
  await writeFile(file, JSON.stringify(claim));
  await writeFile(`${file}.held`, '');
  const touched = new Date(runtime.now().getTime() - touchedMsAgo);
  await utimes(file, touched, touched);
}

it('lets exactly one of several starting processes in, and tells the others who it is', async () => {
  const racers = await Promise.all([race(), race(), race(), race()]);
  const winners = racers.filter(({ said }) => said.startsWith('held'));
  expect(winners).toHaveLength(1);
  for (const { said } of racers.filter((racer) => racer !== winners[0])) {
    expect(said).toContain(`in use by process ${String(winners[0]!.child.pid)} on ${os.hostname()}`);
    expect(said).toMatch(/Stop that process .* or set DATABASE_URL/);
  }
}, 240_000);

it('takes over from a killed process at once', async () => {
  const { child } = await race();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await (await lockFolder(folder, runtime)).release();
}, 240_000);

it('is free again after its release, and leaves nothing behind', async () => {
  const lock = await lockFolder(folder, runtime);
  await expect(lockFolder(folder, runtime)).rejects.toThrow(/in use by process/);
  await lock.release();
  expect(await readdir(path.join(folder, 'lock'))).toEqual([]);
  await (await lockFolder(folder, runtime)).release();
});

it('sees that a pid was given to another process since', async () => {
  await leaveClaim({ pid: process.ppid, startTicks: '1' });
  await (await lockFolder(folder, runtime)).release();
});

it('waits for 30 s of silence before it takes over from another machine', async () => {
  await leaveClaim({ host: 'elsewhere' }, 29_000);
  await expect(lockFolder(folder, runtime)).rejects.toThrow(
    /on elsewhere, started 2026-01-02T03:04:05.000Z \(notme start\)/,
  );
  await leaveClaim({ host: 'elsewhere' }, 31_000);
  await (await lockFolder(folder, runtime)).release();
});

it('refuses an unreadable claim with a sentence', async () => {
  await mkdir(path.join(folder, 'lock'));
  await writeFile(path.join(folder, 'lock', 'claim_0.json'), '{');
  await expect(lockFolder(folder, runtime)).rejects.toThrow(/cannot be read.*delete the file/);
});
