import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ACTION_KINDS, isItemAction, type Command, type Connector } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import { call, connect, OFFICE } from './google-workspace-subject.js';

const PASSWORD = 'Secret-of-the-Tests-1';
/** The server puts what it was sent in the place of this word, as careless vendors do. */
const ECHO = 'ECHO-OF-THE-REQUEST';
const ADA = { system: 'google_workspace', accountId: '101', login: 'ada@example.com' };

const KINDS = new Set([
  'auth',
  'permission',
  'protected_account',
  'not_found',
  'ambiguous',
  'conflict',
  'invalid_input',
  'throttled',
  'licence',
  'unsupported',
  'transient',
  'unknown_outcome',
]);

const commandOf = (kind: (typeof ACTION_KINDS)[number]): Command => {
  if (kind === 'reset_password') return { kind, password: new Secret(PASSWORD) };
  if (kind === 'limit_login_ips' || kind === 'block_address') return { kind, ranges: OFFICE.ranges };
  return isItemAction(kind) ? { kind, items: 'all' } : { kind };
};

/** Bodies that look like Google's, bent, and any other JSON. */
const bent = fc.oneof(
  fc.jsonValue(),
  fc.record({
    id: fc.oneof(fc.string(), fc.integer(), fc.constant('101')),
    primaryEmail: fc.oneof(fc.constant('ada@example.com'), fc.jsonValue()),
    items: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
    nextPageToken: fc.oneof(fc.string(), fc.integer()),
    enabled: fc.jsonValue(),
  }),
  fc.record({
    error: fc.record({
      code: fc.jsonValue(),
      message: fc.oneof(fc.string(), fc.constant(`Invalid Password ${ECHO}`), fc.jsonValue()),
      errors: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ reason: fc.oneof(fc.string(), fc.constant('forbidden')) })),
      ),
      status: fc.jsonValue(),
    }),
  }),
);

describe('answers that Google never gave', () => {
  let answer: { status: number; body: string } = { status: 200, body: '{}' };
  let connector: Connector;
  let echoed = 0;
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const token = request.url === '/token';
      const sent = JSON.stringify(Buffer.concat(chunks).toString('utf8') + String(request.headers.authorization)).slice(
        1,
        -1,
      );
      const body = answer.body.replaceAll(ECHO, sent);
      if (!token && body.includes(PASSWORD)) echoed += 1;
      response.writeHead(token ? 200 : answer.status, { 'content-type': 'application/json' });
      response.end(token ? JSON.stringify({ access_token: 'token-of-the-tests', expires_in: 3600 }) : body);
    });
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    connector = connect(`http://127.0.0.1:${address.port}`, systemRuntime());
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('become a failure of the closed set or a value, never an exception, and repeat no secret', async () => {
    const statuses = fc.constantFrom(200, 200, 200, 204, 400, 401, 403, 404, 409, 412, 418, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(statuses, bent, fc.constantFrom(...ACTION_KINDS), async (status, body, kind) => {
        answer = { status, body: status === 204 ? '' : JSON.stringify(body) };
        const command = commandOf(kind);
        const results = [
          await connector.find({ emails: ['ada@example.com'], employeeId: '7' }, call()),
          await connector.readState(ADA, call()),
          await connector.perform(command, ADA, call()),
          await connector.readBack(command, ADA, new Date(), call()),
          await connector.capture(command, ADA, call()),
          await connector.restore(command, ADA, { filters: ['{'], roles: ['x'], imap: '{', org_unit: 7 }, call()),
          await connector.events!.poll(null, call()),
        ];
        for (const result of results) if (!result.ok) expect(KINDS).toContain(result.error.kind);
        const rest = [await connector.evidence(ADA, call()), await connector.examine(ADA, call())];
        const said = JSON.stringify([results, rest]);
        expect(said).not.toContain(PASSWORD);
        expect(said).not.toContain('token-of-the-tests');
      }),
      {
        numRuns: 60,
        examples: [[400, { error: { message: `Invalid Password ${ECHO}` } }, 'reset_password']],
      },
    );
    expect(echoed).toBeGreaterThan(0);
  });

  it('are an unknown outcome for a write that was taken with something else than JSON', async () => {
    answer = { status: 200, body: '<html>' };
    const result = await connector.perform({ kind: 'disable_account' }, ADA, call());
    expect(result).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
  });

  it.each([
    ['rateLimitExceeded', 403, 'throttled'],
    ['userRateLimitExceeded', 403, 'throttled'],
    ['quotaExceeded', 403, 'throttled'],
    ['forbidden', 403, 'permission'],
    ['insufficientPermissions', 403, 'permission'],
    ['accessNotConfigured', 403, 'permission'],
    ['notFound', 404, 'not_found'],
    ['conditionNotMet', 412, 'conflict'],
    ['duplicate', 409, 'conflict'],
    ['invalid', 400, 'invalid_input'],
    ['failedPrecondition', 400, 'conflict'],
    ['authError', 401, 'auth'],
  ])('%s with HTTP %i is %s', async (reason, status, kind) => {
    const errors = [{ message: 'said so', domain: 'global', reason }];
    answer = { status, body: JSON.stringify({ error: { code: status, message: 'said so', errors } }) };
    expect(await connector.perform({ kind: 'disable_account' }, ADA, call())).toMatchObject({
      ok: false,
      error: { kind },
    });
  });
});
