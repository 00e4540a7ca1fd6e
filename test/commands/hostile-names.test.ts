import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sandboxEnvironment } from '../../sandbox/world/config.js';
import { PEOPLE } from '../../sandbox/world/people.js';
import { startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const { ada } = PEOPLE;

/** A name that would clear the terminal, draw a line of its own, and read backwards. */
const FORGED = 'x\r\n\u001b[2J\u009b1A  ok    Everything is well\u2028\u202ereversed';
/** Line breaks are the command's own; no other sign that a terminal obeys, and none that nobody sees. */
const OBEYED = /(?!\n)\p{Cc}|[\u2028\u2029]|\p{Cf}/u;

const NAMED =
  /^(?:displayName|userDisplayName|name|title|label|description|detail|message|errorSummary|errorDescription|error_description|errorMessage|fullName|firstName|lastName|deviceName|model|status)$/;
const forged = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => forged(one, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, forged(one, name)]));
  return typeof value === 'string' && NAMED.test(key) ? `${value} ${FORGED}` : value;
};

describe('what the commands print of names and answers of others', () => {
  let world: World;
  let dataDir: string;
  let spoiled = 0;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'notme-hostile-'));
    const runtime = systemRuntime();
    world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, everySystem: true });
    const rewrite = (body: unknown): unknown => {
      const named = forged(JSON.parse(JSON.stringify(body ?? null)));
      if (JSON.stringify(named).includes('Everything is well')) spoiled += 1;
      return named;
    };
    world.mimecast.hooks.rewrite = rewrite;
    for (const { hooks } of world.systems) if (hooks) hooks.rewrite = rewrite;
  }, 240_000);
  afterAll(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function run(...args: readonly string[]) {
    const settings = { dataDir, webPort: 0, pollSeconds: 1, logLevel: 'warn', databaseUrl: null, redisUrl: null };
    const env = { PATH: process.env['PATH'] ?? '', ...sandboxEnvironment(world.addresses, settings) };
    return new Promise<{ out: string; told: string }>((resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', 'src/main/cli.ts', ...args],
        { env, timeout: 200_000 },
        (_error, out, told) => resolve({ out, told }),
      );
    });
  }

  it.each([
    ['doctor', ['doctor', '--user', ada.email]],
    ['doctor, as JSON', ['doctor', '--user', ada.email, '--json']],
  ])(
    '%s',
    async (_what, args) => {
      const before = spoiled;
      const { out, told } = await run(...args);
      expect(spoiled).toBeGreaterThan(before);
      // The check finds what it looks for, and there was something to find.
      expect(FORGED).toMatch(OBEYED);
      expect(out).toContain('Everything is well');
      expect(out).not.toMatch(OBEYED);
      expect(told).not.toMatch(OBEYED);
      expect(`${out}${told}`.split('\n').filter((line) => /^ *ok +Everything is well/.test(line))).toEqual([]);
    },
    240_000,
  );

  it('what a person typed comes back as text', async () => {
    const { told } = await run('enroll', `@nobody${FORGED}`);
    expect(told).toContain('Slack knows nobody');
    expect(told).not.toMatch(OBEYED);
  }, 240_000);
});
