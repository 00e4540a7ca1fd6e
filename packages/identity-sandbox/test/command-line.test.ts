import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SYSTEMS } from '../src/systems.js';

const ADA = { email: 'ada@sandbox.example', name: 'Ada Byron', password: 'Correct-Horse-1' };
const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const run = (...args: string[]) => spawn(process.execPath, ['--import', 'tsx', CLI, ...args]);

/** The first line that a program prints. */
async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new Error('the program printed nothing');
}

describe('identity-sandbox', () => {
  it.each(Object.entries(SYSTEMS))('starts %s alone, which answers on its address', async (_, start) => {
    const running = await start({ port: 0, people: [ADA] });
    const refused = await fetch(`${running.url}/no/such/path`);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(Object.values(running.credentials).every((value) => value.length > 4)).toBe(true);
    await running.close();
  });

  it('takes the credentials that it tells: an Okta token reads a person', async () => {
    const child = run('okta');
    const { url, apiToken } = z
      .object({ url: z.string(), apiToken: z.string() })
      .parse(JSON.parse(await firstLine(child.stdout)));
    const answer = await fetch(`${url}/api/v1/users/${encodeURIComponent('ben@sandbox.example')}`, {
      headers: { authorization: `SSWS ${apiToken}` },
    });
    expect(await answer.json()).toMatchObject({ status: 'ACTIVE', profile: { login: 'ben@sandbox.example' } });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 120_000);

  it.each([
    [[], /Name one system: entra-id/],
    [['ping'], /Not "ping"/],
    [['okta', '--port', 'x'], /no port/],
    [['okta', '--people', '/none.json'], /none\.json cannot be used.*ENOENT/],
  ])(
    'says what is wrong with %j',
    async (args, said) => {
      const child = run(...args);
      let told = '';
      child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(1);
      expect(told).toMatch(said);
      expect(told).not.toMatch(/^\s+at /m);
    },
    120_000,
  );
});
