import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SlackSandbox } from '../src/index.js';
import { createSlackSandbox } from '../src/index.js';
import { SEED, manifest } from './demo-app.js';

const FIXED = { botToken: 'xoxb-fixed-1', appToken: 'xapp-fixed-1', signingSecret: 'fixed-secret-1' };
const SECRETS = {
  SLACK_BOT_TOKEN: FIXED.botToken,
  SLACK_APP_TOKEN: FIXED.appToken,
  SLACK_SIGNING_SECRET: FIXED.signingSecret,
};
const appFile = (name: string): string => fileURLToPath(new URL(`./apps/${name}.js`, import.meta.url));
const preload = new URL('../src/preload.ts', import.meta.url).href;
/** The sources are TypeScript; a package's preload needs no tsx before it. */
const PRELOADED = ['--import', 'tsx', '--import', preload];

let slack: SlackSandbox;
const running: ChildProcess[] = [];

beforeEach(async () => {
  slack = await createSlackSandbox({ manifest: manifest(), seed: SEED, ...FIXED });
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await ended;
  }
  await slack.close();
});

function node(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...SECRETS, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  return child;
}

/** The first line that a program prints. */
async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new Error('the program printed nothing');
}

/** Ada says hello in #general, and the app answers her. */
async function isAnswered(): Promise<void> {
  await slack.wait({ until: { connected: true }, timeout_ms: 60_000 });
  const { users, channels } = slack.state();
  const ada = users.find(({ name }) => name === 'ada')?.id ?? '';
  const general = channels.find(({ name }) => name === 'general')?.id ?? '';
  await slack.act({ as: ada, do: 'message', channel: general, text: 'hello there' });
  const text_contains = `Hello <@${ada}>, you said: hello there`;
  await slack.wait({ until: { message: { channel: general, text_contains } }, timeout_ms: 60_000 });
}

describe('an app that was not changed is pointed at it', () => {
  it('by its own option for the API address', async () => {
    node([appFile('option')], { SLACK_API_URL: slack.apiUrl });
    await isAnswered();
  }, 120_000);

  it('by its environment alone', async () => {
    node([appFile('plain')], { SLACK_SANDBOX_URL: slack.url, NODE_OPTIONS: PRELOADED.join(' ') });
    await isAnswered();
  }, 120_000);

  it('by the preload', async () => {
    node([...PRELOADED, appFile('plain')], { SLACK_SANDBOX_URL: slack.url });
    await isAnswered();
  }, 120_000);

  it('by the preload in HTTP mode too', async () => {
    const child = node([...PRELOADED, appFile('http')], { SLACK_SANDBOX_URL: slack.url });
    const port = /listening on (\d+)/.exec(await firstLine(child.stdout))?.[1] ?? '';
    slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);
    await isAnswered();
  }, 120_000);
});

describe('the preload', () => {
  it('stands in front of fetch and https for slack.com, and of nothing else', async () => {
    const elsewhere = createServer((request, response) => response.end(`elsewhere ${request.url ?? ''}`));
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const address = elsewhere.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const child = node([...PRELOADED, appFile('calls'), `http://127.0.0.1:${port}`], {
      SLACK_SANDBOX_URL: slack.url,
    });
    const back: unknown = JSON.parse(await firstLine(child.stdout));
    elsewhere.close();
    const test = (way: string) => expect.objectContaining({ ok: true, args: expect.objectContaining({ way }) });
    expect(back).toMatchObject({
      text: test('text'),
      url: test('url'),
      request: test('body'),
      get: test('get'),
      named: test('named'),
      options: test('options'),
      scim: 401,
      elsewhere: 'elsewhere /fetched',
      elsewhereByHttps: 'EPROTO',
    });
  }, 120_000);

  it.each([
    ['is not set', undefined],
    ['"slack.com"', 'slack.com'],
  ])(
    'says what is missing when SLACK_SANDBOX_URL %s',
    async (said, url) => {
      const child = spawn(process.execPath, [...PRELOADED, appFile('calls')], {
        env: { PATH: process.env['PATH'], SLACK_SANDBOX_URL: url },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let told = '';
      child.stderr.on('data', (chunk: Buffer) => void (told += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      expect(code).toBe(1);
      expect(told).toContain(said);
      expect(told).toContain('SLACK_SANDBOX_URL');
      expect(told).toContain('http://127.0.0.1:4800');
    },
    120_000,
  );
});
