import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimFolder, ownerOf } from '../../src/main/commands/data-folder.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { lockFolder } from '../../src/store/lock.js';

const run = promisify(execFile);

/** Runs the command as an operator does; it must end by itself. The first has the sandbox, an installation's has not. */
const notme = (args: readonly string[], env: NodeJS.ProcessEnv) => commandLine('sandbox/cli.ts', args, env);
const installed = (args: readonly string[], env: NodeJS.ProcessEnv) => commandLine('src/main/cli.ts', args, env);

async function commandLine(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: unknown; said: string }> {
  try {
    const { stderr } = await run(process.execPath, ['--import', 'tsx', program, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    return { code: 0, said: stderr };
  } catch (error) {
    const failed = error as { code?: unknown; stderr?: string };
    return { code: failed.code, said: failed.stderr ?? '' };
  }
}

describe('notme start that cannot start', () => {
  it('says that the port is taken, and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = String(address !== null && typeof address === 'object' ? address.port : 0);
    const ended = await notme(['start'], { PORT: port, NOTME_DATA_DIR: join(folder, 'data') });
    expect(ended.said).toContain(`Port ${port} is taken by another program`);
    expect(ended.code).toBe(1);
    other.close();
    rmSync(folder, { recursive: true });
  }, 240_000);

  it('says that the data folder cannot be used, and ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
    writeFileSync(join(folder, 'file'), '');
    const ended = await notme(['start'], { PORT: '0', NOTME_DATA_DIR: join(folder, 'file', 'data') });
    expect(ended.said).toContain('NOTME_DATA_DIR');
    expect(ended.code).toBe(1);
    rmSync(folder, { recursive: true });
  }, 240_000);
});

describe('notme start without a Slack token', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const start = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    notme(['start', ...args], { PORT: '0', NOTME_DATA_DIR: join(folder, 'data'), ...env });
  const secret = 'a-secret-that-nobody-may-read-0123456789';

  it.each([
    [
      'a database',
      {
        DATABASE_URL: 'postgres://notme:word@127.0.0.1/notme',
        NOTME_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      },
    ],
    ["a system's secret", { OKTA_BASE_URL: 'https://meadow.okta.example', OKTA_API_TOKEN: secret }],
    ['mail', { MAIL_FROM: 'Security <security@meadow.example>', SMTP_URL: 'smtps://user:word@mail.meadow.example' }],
  ])(
    'starts no sandbox where %s is set: a lost token must not look like health',
    async (_, env) => {
      const ended = await start([], env);
      expect(ended).toMatchObject({ code: 1 });
      for (const name of Object.keys(env)) expect(ended.said).toContain(name);
      expect(ended.said).toContain('notme start --sandbox');
      expect(ended.said).not.toContain(secret);
      expect(existsSync(join(folder, 'data'))).toBe(false);
    },
    240_000,
  );

  it('starts no sandbox where notme.yml lies, and names the file', async () => {
    const file = join(folder, 'notme.yml');
    writeFileSync(file, 'workspace:\n  time_zone: Europe/Berlin\n');
    const ended = await start([], { NOTME_CONFIG: file });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.said).toContain(file);
  }, 240_000);

  it.each(['bot', 'worker'])(
    'starts no sandbox as --role %s alone, which only a real workspace has',
    async (role) => {
      const ended = await start(['--role', role], {});
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.said).toContain(`--role ${role} is given`);
      expect(ended.said).toContain('SLACK_BOT_TOKEN');
      expect(ended.said).toContain('notme start --sandbox, without --role');
      expect(existsSync(join(folder, 'data'))).toBe(false);
    },
    240_000,
  );

  it('starts no half of a sandbox: --sandbox and --role exclude each other', async () => {
    const ended = await start(['--sandbox', '--role', 'worker'], {});
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.said).toContain('--role worker is for a real workspace');
  }, 240_000);

  it('starts nothing with --production, and says which tokens are missing', async () => {
    const ended = await start(['--production'], {});
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.said).toContain('SLACK_BOT_TOKEN');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  }, 240_000);

  it('is told outright which one is meant, not both', async () => {
    expect((await start(['--production', '--sandbox'], {})).said).toContain('exclude each other');
  }, 240_000);
});

describe('notme of an installation, which has no sandbox', () => {
  it.each([['start'], ['start', '--sandbox'], ['drill']])(
    'says where the sandbox is to be found (%s %s)',
    async (...args) => {
      const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
      const ended = await installed(args, { PORT: '0', NOTME_DATA_DIR: join(folder, 'data') });
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.said).toContain('The sandbox is not part of this installation');
      expect(ended.said).toContain('npm ci && npm start');
      expect(ended.said).toContain('SLACK_BOT_TOKEN');
      expect(existsSync(join(folder, 'data'))).toBe(false);
      rmSync(folder, { recursive: true });
    },
    240_000,
  );
});

describe('notme of an installation, without a Slack token', () => {
  it.each([
    { args: ['start', '--role', 'worker'], env: {}, sign: '--role worker' },
    {
      args: ['start'],
      env: { OKTA_BASE_URL: 'https://meadow.okta.example', OKTA_API_TOKEN: 'a-token' },
      sign: 'OKTA_BASE_URL',
    },
  ])(
    'names $sign and the tokens, and no sandbox that is not there',
    async ({ args, env, sign }) => {
      const folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
      const ended = await installed(args, { PORT: '0', NOTME_DATA_DIR: join(folder, 'data'), ...env });
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.said).toContain(sign);
      expect(ended.said).toContain('SLACK_BOT_TOKEN');
      expect(ended.said).not.toMatch(/sandbox/i);
      expect(existsSync(join(folder, 'data'))).toBe(false);
      rmSync(folder, { recursive: true });
    },
    240_000,
  );
});

describe('a data folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notme-start-'));
    mkdirSync(join(folder, 'db'));
    writeFileSync(join(folder, 'secret.key'), 'a key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const kept = (): boolean => existsSync(join(folder, 'db')) && existsSync(join(folder, 'secret.key'));

  it('that a running Notme works in loses nothing by --fresh', async () => {
    mkdirSync(join(folder, 'sandbox'));
    const lock = await lockFolder(folder, systemRuntime());
    const ended = await notme(['start', '--fresh'], { PORT: '0', NOTME_DATA_DIR: folder });
    await lock.release();
    expect(ended.said).toContain(`is in use by process ${process.pid}`);
    expect([ended.code, kept()]).toEqual([1, true]);
  }, 240_000);

  it.each([['start', '--fresh'], ['start']])(
    'of a real workspace is refused to the sandbox (%s %s)',
    async (...args) => {
      claimFolder(folder, 'workspace');
      const before = readdirSync(folder).filter((name) => name !== 'lock');
      const ended = await notme(args, { PORT: '0', NOTME_DATA_DIR: folder });
      expect(ended.said).toContain('belongs to a real workspace');
      expect(ended.said).toContain('NOTME_DATA_DIR=');
      expect([ended.code, kept()]).toEqual([1, true]);
      expect(readdirSync(folder).filter((name) => name !== 'lock')).toEqual(before);
    },
    240_000,
  );

  it('of before there was a mark is a workspace’s unless the sandbox left its own there', () => {
    expect(ownerOf(folder)).toBe('workspace');
    mkdirSync(join(folder, 'sandbox'));
    expect(ownerOf(folder)).toBe('sandbox');
    expect(ownerOf(join(folder, 'nothing'))).toBeNull();
  });

  it('is not taken over: neither the sandbox’s by a workspace, nor a workspace’s by the sandbox', () => {
    const mine = join(folder, 'mine');
    claimFolder(mine, 'sandbox');
    expect(() => claimFolder(mine, 'workspace')).toThrow(/holds the sandbox.*NOTME_DATA_DIR/);
    expect(ownerOf(mine)).toBe('sandbox');
    const theirs = join(folder, 'theirs');
    claimFolder(theirs, 'workspace');
    expect(() => claimFolder(theirs, 'sandbox')).toThrow('belongs to a real workspace');
    expect(ownerOf(theirs)).toBe('workspace');
  });

  it('of the sandbox is started over by --fresh', async () => {
    mkdirSync(join(folder, 'sandbox'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(address !== null && typeof address === 'object' ? address.port : 0);
    await notme(['start', '--fresh'], { PORT: port, NOTME_DATA_DIR: folder });
    taken.close();
    expect([existsSync(join(folder, 'secret.key')), existsSync(join(folder, 'notes.txt'))]).toEqual([false, true]);
  }, 240_000);
});
