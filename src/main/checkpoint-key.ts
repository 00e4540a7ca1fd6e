import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { createSigner, type Signer } from '../audit/signed-note.js';
import { ok, type Result } from '../platform/result.js';
import type { Runtime } from '../platform/runtime.js';
import { parseSealKey } from '../platform/seal.js';
import { loadOrCreateKeyFile, readKeyFile } from './seal-key.js';
import type { Secret } from '../platform/secret.js';

const SEED_BYTES = 32;

interface Settings {
  readonly secretKeys: readonly Secret[];
  readonly dataDir: string;
}

/** Signs checkpoints under a name. The first signs; all of them are ours, also after a rotation. */
export type Notary = (name: string) => readonly [Signer, ...Signer[]];

/** The key's file, beside the key that seals. */
export function checkpointKeyPath(dataDir: string): string {
  return join(dataDir, 'checkpoint.key');
}

/**
 * The Ed25519 key that signs checkpoints: a file (mode 0600) in the data folder, created if it is missing. Where the
 * sealing keys come from the environment, one is derived from each (HKDF, RFC 5869), so that all processes have the
 * same. The error is a sentence with the fix.
 */
export function openNotary(
  settings: Settings,
  runtime: Pick<Runtime, 'randomBytes' | 'newId'>,
): Result<Notary, string> {
  const given = givenNotary(settings);
  if (given) return ok(given);
  const key = loadOrCreateKeyFile(checkpointKeyPath(settings.dataDir), runtime);
  return key.ok ? ok(notaryOf([seedOf(key.value)])) : key;
}

/** The same for somebody who only verifies: creates no key, and returns `null` when there is none. */
export function knownNotary(settings: Settings): Result<Notary | null, string> {
  const given = givenNotary(settings);
  if (given) return ok(given);
  const key = readKeyFile(checkpointKeyPath(settings.dataDir));
  return key.ok ? ok(key.value && notaryOf([seedOf(key.value)])) : key;
}

function givenNotary({ secretKeys: [first, ...others] }: Settings): Notary | null {
  return first === undefined ? null : notaryOf([derived(first), ...others.map(derived)]);
}

const notaryOf =
  ([first, ...others]: readonly [Buffer, ...Buffer[]]): Notary =>
  (name) => [createSigner(name, first), ...others.map((seed) => createSigner(name, seed))];

function seedOf(key: Secret): Buffer {
  const parsed = parseSealKey(key);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function derived(key: Secret): Buffer {
  return Buffer.from(hkdfSync('sha256', seedOf(key), '', 'notme checkpoint key', SEED_BYTES));
}
