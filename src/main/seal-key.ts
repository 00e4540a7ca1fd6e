import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import { createSealer, parseSealKey, type Sealer } from '../platform/seal.js';
import { Secret } from '../platform/secret.js';
import { errorCode } from '../platform/system-error.js';

const FOR_OTHERS = 0o077;

/** The key's file when the environment gives none. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

/**
 * The sealer that the configuration calls for: keys from the environment, else the key file in the data folder, which
 * is created (mode 0600) if it is missing. The error is a sentence with the fix.
 */
export function openSealer(
  settings: { readonly secretKeys: readonly Secret[]; readonly dataDir: string },
  runtime: Pick<Runtime, 'randomBytes' | 'newId'>,
): Result<Sealer, string> {
  const [first, ...others] = settings.secretKeys;
  if (first !== undefined) return ok(createSealer([first, ...others], runtime));
  const key = loadOrCreateKeyFile(keyFilePath(settings.dataDir), runtime);
  return key.ok ? ok(createSealer(key.value, runtime)) : key;
}

/** The key in the file, or `null` when there is none; creates nothing. */
export function readKeyFile(path: string): Result<Secret | null, string> {
  try {
    return loadKeyFile(path) ?? ok(null);
  } catch (error) {
    return err(`The key file ${path} cannot be read: ${errorCode(error)}. Make it readable for this user.`);
  }
}

/** Two processes that start at once end with the same key: the file appears complete, by a hard link, or not at all. */
export function loadOrCreateKeyFile(
  path: string,
  runtime: Pick<Runtime, 'randomBytes' | 'newId'>,
): Result<Secret, string> {
  try {
    return loadKeyFile(path) ?? createKeyFile(path, runtime);
  } catch (error) {
    return err(
      `The key file ${path} cannot be used: ${errorCode(error)}. Make its folder readable and writable for this user.`,
    );
  }
}

function loadKeyFile(path: string): Result<Secret, string> | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  // Windows has no such bits.
  if (process.platform !== 'win32' && (found.mode & FOR_OTHERS) !== 0) {
    return err(`The key file ${path} can be read by other users of this machine. Run: chmod 600 ${path}`);
  }
  const key = new Secret(readFileSync(path, 'utf8').trim());
  const parsed = parseSealKey(key);
  if (parsed.ok) return ok(key);
  return err(`The key file ${path} is damaged. Restore it from a backup: what was sealed or signed with it needs it.`);
}

function createKeyFile(path: string, runtime: Pick<Runtime, 'randomBytes' | 'newId'>): Result<Secret, string> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${runtime.newId('draft')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${runtime.randomBytes(32).toString('base64')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return loadKeyFile(path) ?? err(`The key file ${path} vanished while it was made. Start again.`);
}
