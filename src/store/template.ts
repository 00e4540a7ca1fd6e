import { PGlite } from '@electric-sql/pglite';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

let template: Promise<Blob> | null = null;

/**
 * An empty, initialised data folder of PGlite as a tar. Creating one takes seconds, loading one about half a second, so
 * it is cached per process and in the temporary folder, by PGlite's version.
 */
export function memoryTemplate(): Promise<Blob> {
  template ??= loadOrMake().catch((error: unknown) => {
    template = null;
    throw error;
  });
  return template;
}

async function loadOrMake(): Promise<Blob> {
  const folder = path.join(os.tmpdir(), `notme-pglite-${String(process.getuid?.() ?? 'user')}`);
  const file = path.join(folder, `template-${await pgliteVersion()}.tar`);
  const cached = await readOwn(folder, file);
  if (cached !== null) return new Blob([cached]);
  const made = await makeTemplate();
  await keep(folder, file, made);
  return made;
}

async function makeTemplate(): Promise<Blob> {
  const db = await PGlite.create();
  try {
    return await db.dumpDataDir('none');
  } finally {
    await db.close();
  }
}

/** Reads the file only from a folder that this user alone can write: the temporary folder belongs to everybody. */
async function readOwn(folder: string, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!(await isOwn(folder))) return null;
  return readFile(file).then(
    (bytes) => new Uint8Array(bytes),
    () => null,
  );
}

async function keep(folder: string, file: string, blob: Blob): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isOwn(folder))) return;
  const partial = `${file}.${String(process.pid)}`;
  try {
    await writeFile(partial, new Uint8Array(await blob.arrayBuffer()), { mode: 0o600 });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    // A full temporary folder costs only the seconds of creating the template again.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}

async function pgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(await readFile(path.join(path.dirname(entry), '..', 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
