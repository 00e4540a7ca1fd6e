import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { createLog } from '../../src/platform/log.js';
import { withoutSecrets } from '../../src/platform/presentable.js';
import { Secret } from '../../src/platform/secret.js';

const MARK = 'm4rk3d-S3cr3t.value';
const line = z.record(z.string(), z.unknown());

/** The lines that are written for one call, each still JSON. */
function logged(write: (log: ReturnType<typeof createLog>) => void): { text: string; lines: unknown[] } {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', pretty: false, destination: { write: (text) => void lines.push(text) } });
  write(log);
  return { text: lines.join(''), lines: lines.map((one) => line.parse(JSON.parse(one))) };
}

const withFields = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

describe('an error in the log', () => {
  it('says what it is, where and why, with its causes', () => {
    const cause = withFields('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED', port: 5432 });
    const error = new AggregateError([withFields('one', { status: 503 }), 'text'], 'several', { cause });
    const { lines } = logged((log) => log.error({ err: error, work: 'wrk_1' }, 'it failed'));
    expect(lines).toMatchObject([
      {
        msg: 'it failed',
        work: 'wrk_1',
        err: {
          type: 'AggregateError',
          message: 'several',
          stack: expect.stringContaining('log.test'),
          cause: { code: 'ECONNREFUSED', port: 5432 },
          errors: [{ message: 'one', status: 503 }, '[String]'],
        },
      },
    ]);
  });

  it.each([
    ['a header of a request', { config: { headers: { Authorization: `Bearer ${MARK}` } } }],
    ['a header five levels down', { a: { b: { c: { d: { authorization: MARK } } } } }],
    ['a body that was sent', { request: { body: MARK } }],
    ['a body that came back', { response: { data: MARK }, data: MARK }],
    ['a command of Redis', { command: { name: 'auth', args: ['default', MARK] } }],
    ['the row of a violated constraint', { detail: `Key (seed)=(${MARK}) already exists.`, where: MARK, hint: MARK }],
    ['a cause that is no error', { cause: { access_token: MARK } }],
    ['an error inside', { cause: withFields('inner', { client_assertion: MARK, input: MARK }) }],
    ['an error among several', { errors: [withFields('inner', { headers: { cookie: MARK } }), { token: MARK }] }],
  ])('says nothing of %s', (_, fields) => {
    const error = withFields('it failed', fields);
    const { text, lines } = logged((log) => {
      log.error({ err: error }, 'as err');
      log.fatal(error);
      log.error({ deeper: { failure: error } }, 'under another name');
      log.child({ part: 'slack' }).warn(error, 'from a child');
    });
    expect(lines).toHaveLength(4);
    expect(text).toContain('it failed');
    expect(text).not.toContain(MARK);
  });

  it('says which place of an input did not fit, not the input', () => {
    const schema = z.object({ token: z.literal('x'), list: z.array(z.number()) });
    const { error } = schema.safeParse({ token: MARK, list: [MARK], [MARK]: 1 }, { reportInput: true });
    const { text } = logged((log) => log.error({ err: error }, 'unreadable'));
    expect(text).toContain('invalid_value at token, invalid_type at list.0');
    expect(text).not.toContain(MARK);
  });

  it('says nothing of a password that Redis refused', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.write('-WRONGPASS invalid pair\r\n')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const redis = new Redis({ port, host: '127.0.0.1', password: MARK, lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    const error: unknown = await redis.call('AUTH', MARK).catch((refused: unknown) => refused);
    redis.disconnect();
    server.close();
    expect(error).toBeInstanceOf(Error);
    const { text } = logged((log) => log.error({ err: error }, 'Redis refused'));
    expect(text).toContain('WRONGPASS');
    expect(text).not.toContain(MARK);
  });

  it('ends at a cause that is its own', () => {
    const error = new Error('round');
    error.cause = error;
    expect(logged((log) => log.error({ err: error }, 'x')).lines).toHaveLength(1);
  });
});

describe('a field in the log', () => {
  it.each([
    'password',
    'access_token',
    'accessToken',
    'client_assertion',
    'X-Api-Key',
    'Set-Cookie',
    'unicodePwd',
    'sealKey',
  ])('is left out by its name at any depth: %s', (name) => {
    const { text } = logged((log) =>
      log.info({ [name]: MARK, one: { [name]: [MARK], two: [{ [name]: { deep: MARK } }] } }, 'said'),
    );
    expect(text).not.toContain(MARK);
    expect(text).toContain('[redacted]');
  });

  it('stays when it is plain', () => {
    const at = new Date(0);
    const { lines } = logged((log) =>
      log.info(
        { work: 'wrk_1', count: 3, failure: { kind: 'throttled', detail: 'x' }, at, secret: new Secret(MARK) },
        'm',
      ),
    );
    expect(lines).toMatchObject([
      {
        work: 'wrk_1',
        count: 3,
        failure: { kind: 'throttled', detail: 'x' },
        at: at.toISOString(),
        secret: '[redacted]',
      },
    ]);
  });
});

describe('a text in the log', () => {
  it.each([
    'Take it from Basic Information, App-Level Tokens.',
    'HTTP Basic authentication is off.',
    'Under *Basic Information*, make one.',
  ])('keeps our own words: %s', (said) => {
    expect(logged((log) => log.info(said)).text).toContain(said);
  });

  it.each(['Basic abcDEFghi', 'basic dXNlcjpwYXNz', 'Basic user1234', 'Basic abcdefgh=='])(
    'still loses credentials beside them: %s',
    (said) => {
      expect(logged((log) => log.info(said)).text).toContain('[redacted]');
    },
  );

  it.each([
    ['a header', `refused: Authorization: Bearer ${MARK}`],
    ['an own scheme', `sent SSWS ${MARK} to okta`],
    ['basic credentials', `Basic ${Buffer.from(MARK).toString('base64')}`],
    ['an address with a password', `connect to postgres://notme:${MARK}@db/notme failed`],
    ['an address without a user', `redis://:${MARK}@cache:6379`],
    ['a form', `grant_type=client_credentials&client_secret=${MARK}&scope=x`],
    ['an answer', `answered 500: {"error":"x","access_token":"${MARK}","n":1}`],
    ['an answer in an answer', JSON.stringify({ message: JSON.stringify({ password: MARK }) })],
    ['a bot token', `xoxb-1234-${MARK}`],
    ['a signed token', `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.${MARK.replaceAll('.', '')}`],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${MARK}\n-----END PRIVATE KEY-----\n`],
  ])('loses %s, as message, field and error, and stays JSON', (_, said) => {
    const { text, lines } = logged((log) => {
      log.warn(said);
      log.warn({ detail: said }, 'x');
      log.warn({ err: new Error(said) }, said);
    });
    expect(lines).toHaveLength(3);
    expect(text).not.toContain(MARK);
    expect(text).not.toContain(MARK.replaceAll('.', ''));
    expect(text).not.toContain(Buffer.from(MARK).toString('base64'));
  });

  it('stays when it holds no secret', () => {
    for (const said of [
      'SLACK_BOT_TOKEN is missing: another Slack credential is set.',
      'Postgres at db:5432/notme cannot be used: connect ECONNREFUSED. Start it, or correct DATABASE_URL.',
      'The token in MIMECAST_CLIENT_SECRET has ended',
    ])
      expect(withoutSecrets(said)).toBe(said);
  });

  it('is still a line of JSON, whatever is logged', () => {
    fc.assert(
      fc.property(
        fc.object({ withDate: true, withBigInt: true, withTypedArray: true, withMap: true }),
        fc.string(),
        (fields, said) => {
          expect(
            logged((log) => log.info({ fields, err: Object.assign(new Error(said), fields) }, said)).lines,
          ).toHaveLength(1);
        },
      ),
    );
  });
});
