import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readCommandLine, USAGE } from '../src/command-line.js';
import { startFrom } from '../src/start.js';
import { manifest } from './demo-app.js';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const Started = z.object({
  url: z.string(),
  apiUrl: z.string(),
  botToken: z.string(),
  appToken: z.string(),
  signingSecret: z.string(),
});

let folder = '';
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slack-sandbox-'));
  put('manifest.yml', manifest());
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { env: { PATH: process.env['PATH'], ...env } });

/** The first line that a program prints. */
async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new Error('the program printed nothing');
}

async function failure(args: readonly string[]): Promise<string> {
  try {
    const given = readCommandLine(args, {});
    await (typeof given === 'string' ? Promise.reject(new Error(given)) : startFrom(given));
    return 'it started';
  } catch (error) {
    return String(error);
  }
}

describe('slack-sandbox as a command', () => {
  it('starts with a manifest alone, with the tokens that it is given, until it is ended', async () => {
    const child = start(['--manifest', join(folder, 'manifest.yml'), '--port', '0', '--bot-token', 'xoxb-option'], {
      SLACK_BOT_TOKEN: 'xoxb-environment',
      SLACK_APP_TOKEN: 'xapp-environment',
    });
    child.stderr.pipe(process.stderr);
    const started = Started.parse(JSON.parse(await firstLine(child.stdout)));
    expect(started).toMatchObject({ botToken: 'xoxb-option', appToken: 'xapp-environment' });
    expect(started.signingSecret).toMatch(/^[0-9a-f]{32}$/);
    const who = await fetch(`${started.apiUrl}auth.test`, { headers: { authorization: 'Bearer xoxb-option' } });
    expect(await who.json()).toMatchObject({ ok: true, user: 'demo' });
    const page = await fetch(started.url);
    expect(await page.text()).toContain('<!doctype html>');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 120_000);

  it('tells every option, and its version', async () => {
    expect(await firstLine(start(['--help']).stdout)).toBe(USAGE.split('\n')[0]);
    expect(await firstLine(start(['--version']).stdout)).toMatch(/^\d+\.\d+/);
  }, 120_000);

  it('ends with a sentence and not with a trace when it cannot start', async () => {
    const child = start(['--manifest', join(folder, 'none.yml')]);
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(told).toMatch(/^--manifest .*none\.yml cannot be read: there is no such file\.\n.*--help/);
    expect(told).not.toMatch(/^\s+at /m);
  }, 120_000);
});

describe('slack-sandbox that cannot start', () => {
  it.each([
    ['no manifest', () => [], /Name the app's: --manifest manifest\.yml/],
    ['a manifest that is not there', () => ['--manifest', join(folder, 'none.yml')], /none\.yml.*no such file/],
    ['a manifest that is no YAML', () => ['--manifest', put('broken.yml', 'a: [1')], /not YAML.*line 1/s],
    [
      'a manifest with a wrong key',
      () => [
        '--manifest',
        put('wrong.yml', 'display_information: {name: Demo}\nsettings: {socket_mode_enabled: "yes"}'),
      ],
      /settings\.socket_mode_enabled/,
    ],
    [
      'a seed with an unknown member',
      () => [
        '--manifest',
        join(folder, 'manifest.yml'),
        '--seed',
        put('seed.yml', 'team: {name: A, domain: a}\nusers: []\nchannels: [{name: x, members: [eve]}]'),
      ],
      /"eve".*add them or remove it/,
    ],
    ['an unknown option', () => ['--manifst', 'x'], /--manifst/],
  ])('says what is wrong with %s', async (_, args, said) => {
    expect(await failure(args())).toMatch(said);
  });

  it('says that the port is taken, and which other to try', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const told = await failure(['--manifest', join(folder, 'manifest.yml'), '--port', String(port)]);
    other.close();
    expect(told).toContain(`Port ${port} is taken`);
  });
});

describe('the options of slack-sandbox', () => {
  const read = (...args: string[]) => readCommandLine(['--manifest', 'm.yml', ...args], {});

  it('have defaults that only the manifest lacks', () => {
    expect(read()).toEqual({ manifest: 'm.yml', port: 4800, rateLimits: 'off', command: [] });
  });

  it('end at "--", where the command begins', () => {
    expect(read('--port', '0', '--', 'npm', 'start', '--port', '9')).toMatchObject({
      port: 0,
      command: ['npm', 'start', '--port', '9'],
    });
  });

  it.each([
    [['--port', 'x'], /--port x is no port/],
    [['--port', '65536'], /0 to 65535/],
    [['--rate-limits', 'some'], /off or tiers/],
    [['--request-url', 'localhost:3000'], /http:\/\/ or https:\/\//],
  ])('are refused with a reason: %j', (args, said) => {
    expect(() => read(...args)).toThrow(said);
  });

  it('take an empty variable for none', () => {
    expect(readCommandLine(['--manifest', 'm.yml'], { SLACK_BOT_TOKEN: '' })).toMatchObject({ manifest: 'm.yml' });
    expect(readCommandLine(['--manifest', 'm.yml'], { SLACK_BOT_TOKEN: '' })).toHaveProperty('botToken', undefined);
  });
});
