import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { systemRuntime } from '../../src/platform/runtime.js';
import { createSealer } from '../../src/platform/seal.js';
import { keyFilePath, loadOrCreateKeyFile, openSealer } from '../../src/main/seal-key.js';
import { Secret } from '../../src/platform/secret.js';

const runtime = systemRuntime();
const newKey = (): Secret => new Secret(runtime.randomBytes(32).toString('base64'));

describe('sealing', () => {
  it('gives back what was sealed, for its place only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (plain, place, other) => {
        const sealer = createSealer(newKey(), runtime);
        const sealed = sealer.seal(new Secret(plain), place);
        const opened = sealer.open(sealed, place);
        expect(opened.ok && opened.value.reveal()).toBe(plain);
        if (other !== place) expect(sealer.open(sealed, other).ok).toBe(false);
      }),
    );
  });

  it('opens nothing that was changed, whatever the change', () => {
    const sealer = createSealer(newKey(), runtime);
    const sealed = sealer.seal(new Secret('correct horse battery staple'), 'here');
    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', '0', 'b', '_', '-', '.', '=', '~'),
        (at, character) => {
          const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
          const opened = sealer.open(changed, 'here');
          // The last base64url digit of a part may hold unused bits: then the bytes are the same.
          if (opened.ok) expect(opened.value.reveal()).toBe('correct horse battery staple');
          else expect(opened.error).not.toContain('horse');
        },
      ),
    );
    expect(sealer.open('', 'here').ok).toBe(false);
    expect(sealer.open(sealed.slice(0, -4), 'here').ok).toBe(false);
  });

  it('never seals the same text to the same bytes', () => {
    const sealer = createSealer(newKey());
    const sealed = Array.from({ length: 50 }, () => sealer.seal(new Secret('x'), 'p'));
    expect(new Set(sealed).size).toBe(50);
    expect(sealed[0]).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  });

  it('rotates: the first key seals, every key opens, a missing one is named', () => {
    const [old, young] = [newKey(), newKey()];
    const sealedOld = createSealer(old).seal(new Secret('seed'), 'p');
    const both = createSealer([young, old]);
    expect(both.open(sealedOld, 'p')).toMatchObject({ ok: true });
    const sealedYoung = both.seal(new Secret('seed'), 'p');
    expect(createSealer(young).open(sealedYoung, 'p')).toMatchObject({ ok: true });
    expect(createSealer(young).open(sealedOld, 'p')).toMatchObject({
      ok: false,
      error: expect.stringContaining('NOTME_SECRET_KEY'),
    });
  });

  it('takes hex, base64 and base64url, and refuses other sizes', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const sealed = createSealer(new Secret(bytes.toString('hex'))).seal(new Secret('x'), 'p');
    for (const form of ['base64', 'base64url'] as const) {
      expect(createSealer(new Secret(bytes.toString(form))).open(sealed, 'p').ok).toBe(true);
    }
    for (const wrong of ['', 'short', Buffer.alloc(31).toString('base64'), 'g'.repeat(64)]) {
      expect(() => createSealer(new Secret(wrong))).toThrow('openssl rand');
    }
  });
});

describe('the key file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notme-key-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is made once, for this user alone, and read afterwards', () => {
    const data = join(folder, 'deep', 'data');
    const first = openSealer({ secretKeys: [], dataDir: data }, runtime);
    const second = openSealer({ secretKeys: [], dataDir: data }, runtime);
    if (!first.ok || !second.ok) throw new Error('no sealer');
    expect(second.value.open(first.value.seal(new Secret('x'), 'p'), 'p').ok).toBe(true);
    expect(statSync(keyFilePath(data)).mode & 0o777).toBe(0o600);
    expect(readdirSync(data)).toEqual(['secret.key']);
  });

  it('is not made when the environment has a key', () => {
    expect(openSealer({ secretKeys: [newKey()], dataDir: folder }, runtime).ok).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused when others can read it, when it is damaged, when it is a folder', () => {
    const path = keyFilePath(folder);
    loadOrCreateKeyFile(path, runtime);
    chmodSync(path, 0o640);
    expect(loadOrCreateKeyFile(path, runtime)).toMatchObject({
      ok: false,
      error: expect.stringContaining('chmod 600'),
    });
    chmodSync(path, 0o600);
    writeFileSync(path, 'half a key');
    expect(loadOrCreateKeyFile(path, runtime)).toMatchObject({ ok: false, error: expect.stringContaining('damaged') });
    expect(readFileSync(path, 'utf8')).toBe('half a key');
    expect(loadOrCreateKeyFile(folder, runtime).ok).toBe(false);
  });

  it('is the same for processes that start at once', async () => {
    const script = `import { loadOrCreateKeyFile } from './src/main/seal-key.ts'; import { systemRuntime } from './src/platform/runtime.ts';
      const key = loadOrCreateKeyFile(${JSON.stringify(keyFilePath(folder))}, systemRuntime());
      console.log(key.ok ? key.value.reveal() : key.error);`;
    const run = promisify(execFile);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])),
    );
    const keys = new Set(answers.map((answer) => answer.stdout.trim()));
    expect([...keys]).toEqual([readFileSync(keyFilePath(folder), 'utf8').trim()]);
  });
});
