import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkNote, type Signer } from '../../src/audit/signed-note.js';
import { checkpointKeyPath, knownNotary, type Notary, openNotary } from '../../src/main/checkpoint-key.js';
import type { Result } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';

const runtime = systemRuntime();
const TEXT = 'notme/T1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
const keyOf = (byte: number): Secret => new Secret(Buffer.alloc(32, byte).toString('base64'));

function signersOf(notary: Result<Notary | null, string>): readonly Signer[] {
  if (!notary.ok || notary.value === null) throw new Error('there is no notary');
  return notary.value('notme/T1');
}
const signedWith = (signer: Signer | undefined): string[] => signer?.sign(TEXT).split('\n').slice(4, 5) ?? [];

describe('the key of checkpoints', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'notme-key-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('is made once, for this user alone, and only to sign', () => {
    const settings = { secretKeys: [], dataDir };
    expect(knownNotary(settings)).toEqual({ ok: true, value: null });
    expect(readdirSync(dataDir)).toEqual([]);
    const [made] = signersOf(openNotary(settings, runtime));
    expect(statSync(checkpointKeyPath(dataDir)).mode & 0o777).toBe(0o600);
    const verifiers = signersOf(knownNotary(settings)).map(({ verifier }) => verifier);
    expect(checkNote(TEXT, signedWith(made), verifiers)).toBe('signed');
  });

  it('that others can read, or that is damaged, is refused with what to do', () => {
    writeFileSync(checkpointKeyPath(dataDir), 'short', { mode: 0o600 });
    expect(knownNotary({ secretKeys: [], dataDir })).toMatchObject({
      ok: false,
      error: expect.stringContaining('Restore it from a backup'),
    });
    rmSync(checkpointKeyPath(dataDir));
    writeFileSync(checkpointKeyPath(dataDir), keyOf(1).reveal(), { mode: 0o644 });
    expect(knownNotary({ secretKeys: [], dataDir })).toMatchObject({
      ok: false,
      error: expect.stringContaining('chmod 600'),
    });
  });

  it('follows from the keys of the environment: the first signs, an earlier one still counts', () => {
    const [old] = signersOf(openNotary({ secretKeys: [keyOf(1)], dataDir }, runtime));
    const rotated = signersOf(openNotary({ secretKeys: [keyOf(2), keyOf(1)], dataDir }, runtime));
    expect(rotated.map(({ verifier }) => verifier.text)).toContain(old?.verifier.text);
    const verifiers = rotated.map(({ verifier }) => verifier);
    expect(checkNote(TEXT, signedWith(old), verifiers)).toBe('signed');
    expect(checkNote(TEXT, signedWith(rotated[0]), old ? [old.verifier] : [])).toBe('unknown_key');
    expect(existsSync(checkpointKeyPath(dataDir))).toBe(false);
  });
});
