import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import { sandboxEnvironment } from '../../sandbox/world/config.js';
import { startWorld } from '../../sandbox/world/start.js';

const run = promisify(execFile);

/** One secret of its own for each place that takes one, none of which looks like a secret by its shape. */
const SEEDS = {
  database: 'dbSeed7Qx1vNn2',
  redis: 'redisSeed4Kp9Zt',
  metrics: 'metricsSeed8Lm3Wy5',
  signing: 'signingSeed6Rb2Hj7Vc',
  mail: 'mailSeed5Gd8Xs1',
  bot: 'xoxb-botSeed3Fw6Yu',
  app: 'xapp-appSeed9Tn4Ec',
  seal: 'c4'.repeat(32),
} as const;

const disguises = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
];
const leaked = (said: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets)
    .filter(([, secret]) => disguises(secret).some((form) => said.includes(form)))
    .map(([name]) => name);

type Environment = Readonly<Record<string, string>>;

/** Runs the command as an operator does. @returns all that it said, on either stream */
async function notme(args: readonly string[], env: Environment): Promise<string> {
  const options = { env: { PATH: process.env['PATH'], ...env }, timeout: 60_000, killSignal: 'SIGKILL' } as const;
  const { stdout, stderr } = await run(
    process.execPath,
    ['--import', 'tsx', 'src/main/cli.ts', ...args],
    options,
  ).catch((error: unknown) => error as { stdout: string; stderr: string });
  return `${stdout}\n${stderr}`;
}

/** Answers whatever it is asked with this status, and gives back all that it was sent, as some proxies do. */
const echoes = (status: () => number): Server =>
  createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const given = `${request.headers.authorization ?? ''} ${body} ${request.url ?? ''}`;
      // The names under which vendors say why.
      const said = {
        ...{ error: given, error_description: given, message: given, errorSummary: given, errorMessage: given },
        ...{ detail: given, fail: [{ errors: [{ code: given, message: given }] }] },
      };
      response.writeHead(status(), { 'content-type': 'application/json' });
      response.end(JSON.stringify(said));
    });
  });

/** A Redis that takes no password, or cuts the line. */
const redisThat = (answer: string | null): TcpServer =>
  createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => (answer === null ? socket.destroy() : socket.write(answer)));
  });

/** A Postgres that asks for the password in clear, and refuses it. */
const postgresThatRefuses = (): TcpServer =>
  createTcpServer((socket) => {
    let begun = false;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (!begun) socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      else {
        const fields = Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed for user "notme"\0\0');
        const size = Buffer.alloc(4);
        size.writeInt32BE(fields.length + 4);
        socket.end(Buffer.concat([Buffer.from('E'), size, fields]));
      }
      begun = true;
    });
  });

describe('every secret, while everything fails', () => {
  let folder: string;
  let env: Environment;
  let secrets: Record<string, string>;
  let status = 401;
  let runs = 0;
  const opened: (Server | TcpServer)[] = [];
  async function listen(server: Server | TcpServer): Promise<number> {
    opened.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  let echo: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'notme-leaks-'));
    mkdirSync(join(folder, 'sandbox'), { recursive: true });
    echo = `http://127.0.0.1:${await listen(echoes(() => status))}`;
    const runtime = systemRuntime();
    const world = await startWorld({ dataDir: folder, runtime, port: 0, page: false, keep: false, everySystem: true });
    const settings = {
      dataDir: folder,
      webPort: 0,
      pollSeconds: 1,
      logLevel: 'trace',
      databaseUrl: null,
      redisUrl: null,
    };
    const given = sandboxEnvironment(world.addresses, settings);
    await world.close();
    // The same systems, behind the echo.
    const elsewhere = (text: string): string => text.replace(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/g, echo);
    const file = given['NOTME_CONFIG'] ?? '';
    writeFileSync(file, elsewhere(readFileSync(file, 'utf8')));
    env = {
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, elsewhere(value)])),
      SLACK_BOT_TOKEN: SEEDS.bot,
      SLACK_APP_TOKEN: SEEDS.app,
      MAILGUN_API_KEY: SEEDS.mail,
      METRICS_TOKEN: SEEDS.metrics,
      NOTME_SECRET_KEY: SEEDS.seal,
    };
    const systems = Object.entries(given).filter(
      ([name]) => /SECRET|TOKENS?$/.test(name) && !/SLACK_(BOT|APP)/.test(name),
    );
    secrets = {
      ...SEEDS,
      ...Object.fromEntries(systems.map(([name, value]) => [name, value.startsWith('{') ? wikiOf(value) : value])),
    };
  }, 240_000);
  afterAll(() => {
    for (const server of opened) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const wikiOf = (tokens: string): string => Object.values(JSON.parse(tokens) as Record<string, string>)[0] ?? '';
  /** Each in a folder of its own. */
  const start = (more: Environment): Promise<string> => {
    runs += 1;
    return notme(['start'], { ...env, NOTME_DATA_DIR: join(folder, `run-${runs}`), ...more });
  };

  it('are all in play, and would be found in each disguise', () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(12);
    expect(Object.entries(secrets).filter(([, secret]) => secret.length < 8)).toEqual([]);
    for (const form of disguises(SEEDS.redis)) expect(leaked(`before ${form} after`, secrets)).toEqual(['redis']);
  });

  it.each([401, 403, 500])(
    'do not stand in what the doctor says of systems and a mail server that give everything back (HTTP %i)',
    async (answered) => {
      status = answered;
      const said = await notme(['doctor', '--json'], env);
      expect(said).toContain('"ok":false');
      expect(leaked(said, secrets)).toEqual([]);
    },
    120_000,
  );

  it.each<[string, () => Promise<Environment>, RegExp]>([
    ['Slack gives everything back', () => Promise.resolve({}), /Slack/],
    [
      'nothing listens where the database should be',
      () => Promise.resolve({ DATABASE_URL: `postgres://notme:${SEEDS.database}@127.0.0.1:1/notme` }),
      /ECONNREFUSED|database/i,
    ],
    [
      'the database refuses the password',
      async () => ({
        DATABASE_URL: `postgres://notme:${SEEDS.database}@127.0.0.1:${await listen(postgresThatRefuses())}/notme?sslmode=disable`,
      }),
      /password authentication failed|database/i,
    ],
    [
      'Redis refuses the password',
      async () => ({
        REDIS_URL: `redis://:${SEEDS.redis}@127.0.0.1:${await listen(redisThat('-WRONGPASS invalid username-password pair\r\n'))}`,
      }),
      /Redis|WRONGPASS/i,
    ],
    [
      'Redis speaks no TLS',
      async () => ({ REDIS_URL: `rediss://:${SEEDS.redis}@127.0.0.1:${await listen(redisThat(null))}` }),
      /Redis/i,
    ],
    ['the sealing key is none', () => Promise.resolve({ NOTME_SECRET_KEY: `${SEEDS.signing}-is-no-key` }), /32 bytes/],
    [
      'tokens stand in each other’s place',
      () => Promise.resolve({ SLACK_BOT_TOKEN: SEEDS.signing, SLACK_APP_TOKEN: SEEDS.bot, METRICS_TOKEN: 'short' }),
      /SLACK_BOT_TOKEN/,
    ],
    [
      'addresses are of the wrong kind',
      () =>
        Promise.resolve({
          DATABASE_URL: `mysql://notme:${SEEDS.database}@db/notme`,
          REDIS_URL: `http://:${SEEDS.redis}@redis`,
        }),
      /DATABASE_URL/,
    ],
  ])(
    'do not stand in what the start says when %s',
    async (_what, more, reason) => {
      const said = await start(await more());
      expect(said).toMatch(reason);
      expect(leaked(said, secrets)).toEqual([]);
    },
    120_000,
  );

  it('do not stand in what is said when the whole app ends by an error that nobody caught, with all of them on it', async () => {
    // As soon as the app listens for it: what a library throws carries its request, its settings, and what it was given.
    const program = `
      const end = () => {
        if (process.listenerCount('uncaughtException') === 0) return void setTimeout(end, 5);
        const all = { ...process.env };
        const url = all.DATABASE_URL;
        const cause = Object.assign(new Error('caused by ' + url), { config: { env: all }, detail: JSON.stringify(all) });
        throw Object.assign(new Error('crashed at ' + url, { cause }), { request: { headers: all }, response: { data: [all] } });
      };
      setTimeout(end, 5);`;
    const said = await start({
      DATABASE_URL: `postgres://notme:${SEEDS.database}@127.0.0.1:1/notme`,
      REDIS_URL: `redis://:${SEEDS.redis}@127.0.0.1:1`,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(program)}`,
    });
    expect(said).toContain('ended by an error that nobody expected');
    expect(said).toContain('crashed at');
    expect(leaked(said, secrets)).toEqual([]);
  }, 120_000);

  it('do not stand in what is said of a secret in notme.yml, or of a file that is none', async () => {
    const wrong = join(folder, 'wrong.yml');
    writeFileSync(wrong, `mimecast:\n  client_secret: ${SEEDS.signing}\nmail:\n  api_key: [${SEEDS.mail}\n`);
    const broken = await start({ NOTME_CONFIG: wrong });
    writeFileSync(wrong, `mimecast:\n  client_secret: ${SEEDS.signing}\n`);
    const misplaced = await start({ NOTME_CONFIG: wrong });
    expect(misplaced).toContain('MIMECAST_CLIENT_SECRET');
    expect(leaked(`${broken}${misplaced}`, secrets)).toEqual([]);
  }, 120_000);
});
