import { link, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Runtime } from '../platform/runtime.js';
import { describeSelf, isSameMachine, ownerLives, processIdentity } from './process-identity.js';

const HEARTBEAT_MS = 5_000;
const SILENT_AFTER_MS = 30_000;
const CONTENTION_STEP_MS = 25;
const CONTENTION_STEPS = 400;

const claimSchema = processIdentity.extend({ startedAt: z.iso.datetime(), command: z.string() });
type Claim = z.infer<typeof claimSchema>;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that works in `folder`. Each contender puts its own claim into `<folder>/lock/` and
 * has the lock once no other living claim is there; of two at once the lower name stays. A claim's name is never
 * reused, so removing a dead one cannot hit a living one. Rejects with a sentence that names the holder. The lock of a
 * killed holder is taken over at once on the same machine, after 30 s of silence when it was on another one.
 */
export async function lockFolder(folder: string, runtime: Runtime): Promise<FolderLock> {
  const room = path.join(folder, 'lock');
  await mkdir(room, { recursive: true, mode: 0o700 });
  for (let step = 0; step < CONTENTION_STEPS; step += 1) {
    const outcome = await tryOnce(folder, room, runtime);
    if (outcome !== null) return outcome;
    await sleep(CONTENTION_STEP_MS);
  }
  throw new Error(`The data folder ${folder} is contended by other starting processes. Start notme again, once.`);
}

/**
 * The lock, or `null` when another contender that is not yet the holder must be waited for. Throws when somebody holds
 * it.
 */
async function tryOnce(folder: string, room: string, runtime: Runtime): Promise<FolderLock | null> {
  const before = await livingClaims(room, runtime);
  refuseIfHeld(folder, before);
  const name = `${runtime.newId('claim')}.json`;
  await publishClaim(path.join(room, name), runtime);
  try {
    for (let step = 0; step < CONTENTION_STEPS; step += 1) {
      const others = (await livingClaims(room, runtime)).filter((other) => other.name !== name);
      refuseIfHeld(folder, others);
      if (others.length === 0) return await hold(room, name, runtime);
      if (others.some((other) => other.name < name)) break;
      await sleep(CONTENTION_STEP_MS);
    }
  } catch (error) {
    await withdraw(room, name);
    throw error;
  }
  await withdraw(room, name);
  return null;
}

async function hold(room: string, name: string, runtime: Runtime): Promise<FolderLock> {
  await writeFile(path.join(room, heldName(name)), '', { mode: 0o600 });
  const claim = path.join(room, name);
  const heartbeat = setInterval(() => {
    const now = runtime.now();
    // The folder may vanish under a running process (a test, `--fresh`); the lock is then useless to everybody.
    utimes(claim, now, now).catch(() => clearInterval(heartbeat));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      await withdraw(room, name);
    },
  };
}

/** The claim appears complete or not at all: written beside, then linked to its name. */
async function publishClaim(file: string, runtime: Runtime): Promise<void> {
  const claim: Claim = {
    ...(await describeSelf()),
    startedAt: runtime.now().toISOString(),
    command: process.argv.slice(1).join(' ').slice(0, 200),
  };
  const partial = `${file}.partial`;
  await writeFile(partial, JSON.stringify(claim), { mode: 0o600 });
  await utimes(partial, runtime.now(), runtime.now());
  await link(partial, file);
  await rm(partial);
}

async function withdraw(room: string, name: string): Promise<void> {
  await rm(path.join(room, name), { force: true });
  await rm(path.join(room, heldName(name)), { force: true });
}

interface LivingClaim {
  readonly name: string;
  readonly claim: Claim;
  readonly held: boolean;
}

/** Claims whose process lives; those of dead processes are removed on the way. */
async function livingClaims(room: string, runtime: Runtime): Promise<LivingClaim[]> {
  const names = (await readdir(room)).filter((name) => name.endsWith('.json'));
  const living: LivingClaim[] = [];
  for (const name of names) {
    const claim = await readClaim(path.join(room, name));
    if (claim === null) continue;
    if (await isAlive(path.join(room, name), claim, runtime)) {
      living.push({ name, claim, held: (await stat(path.join(room, heldName(name))).catch(() => null)) !== null });
    } else {
      await withdraw(room, name);
      await rm(path.join(room, `${name}.partial`), { force: true });
    }
  }
  return living;
}

async function readClaim(file: string): Promise<Claim | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  // Vanished between listing and reading: its process released it.
  if (text === null) return null;
  const claim = claimSchema.safeParse(parseJson(text));
  if (!claim.success) {
    throw new Error(
      `The lock file ${file} cannot be read. Make sure that no notme uses this data folder, then delete the file.`,
    );
  }
  return claim.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function isAlive(file: string, claim: Claim, runtime: Runtime): Promise<boolean> {
  const self = await describeSelf();
  if (isSameMachine(claim, self)) return ownerLives(claim);
  const touched = await stat(file).catch(() => null);
  return touched !== null && runtime.now().getTime() - touched.mtime.getTime() < SILENT_AFTER_MS;
}

function refuseIfHeld(folder: string, claims: readonly LivingClaim[]): void {
  const holder = claims.find((claim) => claim.held)?.claim;
  if (holder === undefined) return;
  throw new Error(
    `The data folder ${folder} is in use by process ${holder.pid} on ${holder.host}, started ${holder.startedAt} (${holder.command}). ` +
      'Two processes on one embedded database lose data. Stop that process (if it is gone already, wait 30 seconds), ' +
      'or set DATABASE_URL to a Postgres server, which several processes may share.',
  );
}

const heldName = (name: string): string => `${name}.held`;
