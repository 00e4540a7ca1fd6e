import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { manifest } from '../demo-app.js';

const run = promisify(execFile);
const home = fileURLToPath(new URL('../..', import.meta.url));
const installed = join(home, '../../node_modules');
const Package = z.object({ dependencies: z.record(z.string(), z.string()) });

/**
 * A folder of somebody else's with the packed package in it. No network: what it depends on, and Bolt, are links to what is
 * installed here; by hand `npm install slack-sandbox-*.tgz` does the same.
 */
let folder = '';
const children: ChildProcess[] = [];

function link(name: string): void {
  const there = join(folder, 'node_modules', name);
  mkdirSync(dirname(there), { recursive: true });
  symlinkSync(join(installed, name), there);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slack-sandbox-packed-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: home });
  const [tarball = ''] = readdirSync(folder);
  await run('tar', ['-xzf', tarball], { cwd: folder });
  mkdirSync(join(folder, 'node_modules'));
  await run('mv', ['package', 'node_modules/slack-sandbox'], { cwd: folder });
  const given: unknown = JSON.parse(readFileSync(join(folder, 'node_modules/slack-sandbox/package.json'), 'utf8'));
  for (const name of [...Object.keys(Package.parse(given).dependencies), '@slack/bolt']) link(name);
  writeFileSync(join(folder, 'manifest.yml'), manifest());
  copyFileSync(join(home, 'test/apps/plain.js'), join(folder, 'app.mjs'));
}, 300_000);

afterAll(async () => {
  for (const child of children) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGTERM'); // the command passes it on to the app beside it
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

const CLI = 'node_modules/slack-sandbox/dist/cli.js';

/** Plain Node, nothing of this repository in its environment. */
function node(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
  children.push(child);
  return child;
}

async function line(child: ReturnType<typeof node>, from: 'stdout' | 'stderr', holding: string): Promise<string> {
  for await (const text of createInterface({ input: child[from] })) if (text.includes(holding)) return text;
  throw new Error(`the program ended without saying "${holding}"`);
}

async function control(url: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const given: unknown = await answer.json();
  expect(given).toMatchObject({ ok: true });
  return given;
}

/** Ada writes in #general of the small workspace, and the app answers. */
async function isAnswered(url: string): Promise<void> {
  await control(url, 'wait', { until: { connected: true }, timeout_ms: 60_000 });
  const State = z.object({
    users: z.array(z.object({ id: z.string(), name: z.string() })),
    channels: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  });
  const { users, channels } = State.parse(await (await fetch(`${url}/control/state`)).json());
  const ada = users.find(({ name }) => name === 'ada')?.id ?? '';
  const channel = channels.find(({ name }) => name === 'general')?.id ?? '';
  await control(url, 'act', { as: ada, do: 'message', channel, text: 'hello from afar' });
  const text_contains = `Hello <@${ada}>, you said: hello from afar`;
  await control(url, 'wait', { until: { message: { channel, text_contains } }, timeout_ms: 60_000 });
}

describe('the packed package in a folder of somebody else', () => {
  it('starts with a manifest and runs an unmodified Bolt app beside it', async () => {
    const both = node([CLI, '--manifest', 'manifest.yml', '--port', '0', '--', process.execPath, 'app.mjs']);
    const said = await line(both, 'stderr', 'The local Slack: ');
    await isAnswered(said.replace('The local Slack: ', '').trim());
  }, 180_000);

  it('starts alone, and an unmodified app finds it by the preload', async () => {
    const alone = node([CLI, '--manifest', 'manifest.yml', '--port', '0']);
    const { url, botToken, appToken } = z
      .object({ url: z.string(), botToken: z.string(), appToken: z.string() })
      .parse(JSON.parse(await line(alone, 'stdout', 'url')));
    node(['--import', 'slack-sandbox/preload', 'app.mjs'], {
      SLACK_SANDBOX_URL: url,
      SLACK_BOT_TOKEN: botToken,
      SLACK_APP_TOKEN: appToken,
    });
    await isAnswered(url);
    expect(await (await fetch(url)).text()).toContain('<title>');
  }, 180_000);

  it('has types that a program is checked against', async () => {
    writeFileSync(
      join(folder, 'typed.ts'),
      [
        "import { createSlackSandbox, type SlackSandbox } from 'slack-sandbox';",
        "export const good: Promise<SlackSandbox> = createSlackSandbox({ manifest: '' });",
        '// @ts-expect-error a manifest is needed',
        'export const bad = createSlackSandbox({});',
      ].join('\n'),
    );
    link('typescript');
    link('@types/node');
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
      'typed.ts',
    ];
    await run(process.execPath, ['node_modules/typescript/bin/tsc', ...options], { cwd: folder });
  }, 180_000);
});
