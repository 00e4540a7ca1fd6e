import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAfter, quoted } from '../../src/connectors/okta/api.js';
import { joinDeeds, readEventRow } from '../../src/connectors/okta/event-row.js';
import { classify } from '../../src/connectors/okta/failures.js';
import { readPrivateKey } from '../../src/connectors/okta/private-key.js';
import { normaliseRange, rangeSetKey } from '../../src/connectors/kit/ranges.js';
import { time } from '../../src/connectors/okta/user.js';
import { oktaSettings } from '../../src/connectors/okta/settings.js';
import type { HttpAnswer } from '../../src/connectors/http/client.js';
import { ACTION_KINDS, isItemAction, type Command, type ConnectorFailure } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { z } from 'zod';
import { matches, parseFilter } from 'identity-sandbox/okta';
import { call, connectToken, GROUPS, KEYS, playedRuntime } from './okta-subject.js';

const KINDS: readonly ConnectorFailure['kind'][] = [
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
];

const commandOf = (kind: (typeof ACTION_KINDS)[number]): Command => {
  if (kind === 'reset_password') return { kind, password: new Secret('Chosen-Passw0rd-zq') };
  if (kind === 'limit_login_ips' || kind === 'block_address')
    return { kind, ranges: ['203.0.113.0/24', '2001:db8::/32'] };
  return isItemAction(kind) ? { kind, items: 'all' } : { kind };
};

describe('a time that Okta leaves out', () => {
  it.each([[{}], [{ created: null }], [{ created: 7 }], [{ created: 'soon' }]])(
    'is null and spoils nothing: %j',
    (row) => {
      expect(z.object({ created: time }).parse(row)).toEqual({ created: null });
    },
  );
});

describe('an answer that makes no sense', () => {
  let server: Server;
  let url = '';
  let status = 200;
  let body = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json', link: `<${url}/x?after=1>; rel="next"` });
      response.end(status === 204 ? undefined : body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const account = { system: 'okta', accountId: '00u1', login: 'ada@example.com' };
  const check = (result: { ok: boolean; error?: ConnectorFailure }): void => {
    if (result.error === undefined) return;
    expect(KINDS).toContain(result.error.kind);
    expect(result.error.message).toMatch(/^\S.*[.!?]$/s);
    expect(result.error.message).not.toContain('Chosen-Passw0rd-zq');
  };

  it('is a classified failure for every call, and never an exception', async () => {
    const answers = fc.record({
      status: fc.constantFrom(200, 200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 429, 500, 503),
      body: fc.oneof(
        fc.json(),
        fc.string(),
        fc.json().map((json) => `[${json}]`),
        fc.constant('{"errorCode":"E0000001"}'),
      ),
      kind: fc.constantFrom(...ACTION_KINDS),
    });
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        ({ status, body } = answer);
        const okta = connectToken(url, playedRuntime(), GROUPS);
        const command = commandOf(answer.kind);
        check(await okta.find({ emails: ['ada@example.com'], employeeId: '7' }, call()));
        check(await okta.readState(account, call()));
        check(await okta.perform(command, account, call()));
        check(await okta.readBack(command, account, new Date(), call()));
        check(await okta.capture(command, account, call()));
        check(await okta.restore(command, account, {}, call()));
        check(await okta.events!.poll(null, call()));
        for (const section of Object.values(await okta.evidence(account, call()))) {
          if ('unavailable' in section) check({ ok: false, error: section.unavailable });
        }
        const findings = new Map((await okta.examine(account, call())).map((one) => [one.subject, one.verdict]));
        expect([...findings.keys()]).toEqual(expect.arrayContaining(['reach', 'sign_in']));
        if (findings.get('sign_in') !== 'ok') return;
        for (const kind of ACTION_KINDS) expect(findings.has(kind)).toBe(okta.capabilities[kind].route !== 'none');
      }),
      { numRuns: 60 },
    );
  }, 240_000);

  it('proves nothing: a shapeless list is not an empty one', async () => {
    [status, body] = [200, '{}'];
    const okta = connectToken(url, playedRuntime(), GROUPS);
    const read = await okta.readBack({ kind: 'remove_factors', items: 'all' }, account, new Date(), call());
    expect(read).toMatchObject({ ok: false, error: { kind: 'transient' } });
    body = '[{"factorType":"sms"}]';
    const evidence = await okta.evidence(account, call());
    expect(evidence.factors).toEqual({ items: [], complete: false });
  });
});

const answer = (status: number, body: unknown, secret = ''): HttpAnswer => ({
  status,
  headers: new Headers(),
  body,
  requestId: null,
  retryAfterMs: null,
  quote: (text) => (secret === '' ? text : text.replaceAll(secret, '[redacted]')),
});
const error = (errorCode: string, errorSummary: string, ...causes: string[]) => ({
  errorCode,
  errorSummary,
  errorCauses: causes.map((cause) => ({ errorSummary: cause })),
});

describe("Okta's error codes", () => {
  it.each([
    [
      400,
      error('E0000001', 'Api validation failed: suspendUser', 'Cannot suspend a user that is not active'),
      'conflict',
    ],
    [400, error('E0000001', 'Api validation failed: password', 'Password requirements were not met.'), 'invalid_input'],
    [400, error('E0000001', 'Api validation failed: login', 'login: must be unique'), 'invalid_input'],
    [403, error('E0000080', 'The password does not meet the complexity requirements'), 'invalid_input'],
    [403, error('E0000014', 'Update of credentials failed'), 'unsupported'],
    [403, error('E0000014', 'Update of credentials failed', 'Password has been used too recent'), 'invalid_input'],
    [403, error('E0000006', 'You do not have permission'), 'permission'],
    [403, error('E0000023', 'Operation failed because user profile is mastered under another system'), 'unsupported'],
    [403, error('E0000038', "This operation is not allowed in the user's current status."), 'conflict'],
    [401, error('E0000011', 'Invalid token provided'), 'auth'],
    [401, error('E0000015', 'You do not have permission to access the feature'), 'licence'],
    [404, error('E0000007', 'Not found: Resource not found: x (User)'), 'not_found'],
    [404, error('E0000008', 'The requested path was not found'), 'unsupported'],
    [405, error('E0000022', 'The endpoint does not support the provided HTTP method'), 'unsupported'],
    [409, error('E0000112', 'Cannot update this user because they are still being activated.'), 'transient'],
    [409, error('E0000195', 'Conflict'), 'conflict'],
    [400, undefined, 'invalid_input'],
  ])('HTTP %i %j is %s', (status, body, kind) => {
    expect(classify(answer(status, body), '/api/v1/users/00u1', true).kind).toBe(kind);
  });

  it('names the scope that a path needs', () => {
    const refused = (path: string, write: boolean) => classify(answer(403, error('E0000006', 'no')), path, write);
    expect(refused('/api/v1/users/00u1/roles', false)).toMatchObject({ missing: 'okta.roles.read' });
    expect(refused('/api/v1/users/00u1/lifecycle/suspend', true)).toMatchObject({ missing: 'okta.users.manage' });
    expect(refused('/api/v1/zones/nzo1', true)).toMatchObject({ missing: 'okta.networkZones.manage' });
    expect(refused('/elsewhere', true)).not.toHaveProperty('missing');
  });

  it('quotes only what was made safe', () => {
    const echo = error(
      'E0000001',
      'Api validation failed: password',
      'Password requirements were not met by hunter2-Secret',
    );
    const failure = classify(answer(400, echo, 'hunter2-Secret'), '/api/v1/users/00u1', true);
    expect(failure.message).toContain('[redacted]');
    expect(failure.message).not.toContain('hunter2');
  });
});

describe("a row of Okta's log", () => {
  const row = (more: Record<string, unknown> = {}) => ({
    uuid: 'u1',
    published: '2026-03-02T09:00:00.000Z',
    eventType: 'user.account.reset_password',
    actor: { id: '00u9', type: 'User', alternateId: 'helpdesk@example.com', displayName: 'Help Desk' },
    client: { ipAddress: '203.0.113.7' },
    outcome: { result: 'SUCCESS' },
    target: [{ id: '00u1', type: 'User', alternateId: 'ada@example.com', displayName: 'Ada' }],
    ...more,
  });

  it('tells whom it happened to from the target, and of a sign-in from the actor', () => {
    expect(readEventRow(row())).toMatchObject({
      event: { login: 'ada@example.com', actor: 'helpdesk@example.com', ip: '203.0.113.7', kind: 'password_reset' },
    });
    const signIn = row({ eventType: 'user.session.start', target: null });
    expect(readEventRow(signIn)).toMatchObject({ event: { login: 'helpdesk@example.com', kind: 'sign_in' } });
    const factor = row({ eventType: 'user.mfa.factor.activate' });
    expect(readEventRow(factor)).toMatchObject({ event: { kind: 'two_step_changed' } });
  });

  it("knows what was done with Notme's own credentials, and says nothing where it cannot", () => {
    const by = (id: string | null) =>
      row({ actor: { id, type: 'PublicClientApp', alternateId: 'x', displayName: 'x' } });
    expect(readEventRow(by('0oaNotme'), '0oaNotme')).toMatchObject({ event: { own: true } });
    expect(readEventRow(by('00uSomebody'), '0oaNotme')).toMatchObject({ event: { own: false } });
    for (const untold of [readEventRow(by(null), '0oaNotme'), readEventRow(by('0oaNotme'))])
      expect(untold).not.toHaveProperty('event.own');
  });

  it('leaves what failed and what is of no interest, and loses nothing else in silence', () => {
    expect(readEventRow(row({ outcome: { result: 'FAILURE' } })).outcome).toBe('other');
    expect(readEventRow(row({ eventType: 'constructor' })).outcome).toBe('other');
    for (const wrong of [row({ published: 'yesterday' }), row({ target: [] }), row({ uuid: '' }), null, 7]) {
      expect(readEventRow(wrong).outcome).toBe('unreadable');
    }
  });

  it('takes any JSON without throwing', () => {
    const near = fc.record({
      uuid: fc.string(),
      published: fc.oneof(fc.string(), fc.constant('2026-03-02T09:00:00.000Z')),
      eventType: fc.constantFrom('user.session.start', 'user.account.reset_password', 'x'),
      actor: fc.jsonValue(),
      target: fc.jsonValue(),
      client: fc.jsonValue(),
      outcome: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), near)), (rows) => {
        for (const event of joinDeeds(rows.map((raw) => readEventRow(raw)))) {
          expect(Number.isNaN(event.occurredAt.getTime())).toBe(false);
          expect(event.login).not.toBe('');
        }
      }),
    );
  });

  it('joins an expiry with the change beside it only when the same actor did both to the same account', () => {
    const deed = (uuid: string, eventType: string, more: Record<string, unknown> = {}) =>
      readEventRow(row({ uuid, eventType, ...more }));
    const expiry = 'user.account.expire_password';
    const other = { actor: { id: '00u8', type: 'User', alternateId: 'mallory@example.com', displayName: 'M' } };
    const ids = joinDeeds([
      deed('a', 'user.account.update_password'),
      deed('b', expiry),
      deed('c', expiry, other),
      deed('d', expiry, { published: '2026-03-02T09:05:00.000Z' }),
    ]).map(({ eventId }) => eventId);
    expect(ids).toEqual(['a', 'c', 'd']);
  });
});

describe('small readers', () => {
  it('take the place from a next link, and never an address', () => {
    expect(nextAfter('<https://x.okta.com/api/v1/users?after=abc%3D&limit=2>; rel="next"')).toBe('abc=');
    expect(nextAfter('<https://x/a?limit=2>; rel="self", <https://evil.example/?after=7>; rel="next"')).toBe('7');
    expect([nextAfter(null), nextAfter('<>; rel="next"'), nextAfter('<nonsense>; rel="next"')]).toEqual([
      null,
      null,
      null,
    ]);
    fc.assert(fc.property(fc.string(), (text) => void nextAfter(text)));
  });

  it('keep any text inside its quotes in a search', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const filter = parseFilter(`profile.email eq ${quoted(text)} or profile.email eq "x"`);
        expect(filter).not.toBeNull();
        expect(matches(filter!, () => [text])).toBe(true);
        expect(matches(filter!, () => [`${text}!`])).toBe(false);
      }),
    );
  });

  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['10', null],
    ['203.0.113.7/33', null],
    ['203.0.113.7/024', null],
    ['fe80::1%eth0', null],
  ])('read the range %s', (text, normal) => expect(normaliseRange(text)).toBe(normal));

  it('compare sets of ranges, whatever their order', () => {
    expect(rangeSetKey(['203.0.113.7', '10.0.0.0/8'])).toBe(rangeSetKey(['10.1.2.3/8', '203.0.113.7/32']));
    expect(rangeSetKey(['203.0.113.7', 'x'])).toBeNull();
  });

  it('read private keys of the kinds that Okta takes, and none else', () => {
    expect(readPrivateKey(KEYS.rsa.private.replaceAll('\n', '\\n'))?.algorithm).toBe('RS256');
    expect(readPrivateKey(KEYS.ec.private)?.algorithm).toBe('ES256');
    for (const wrong of ['', '{}', '-----BEGIN PRIVATE KEY-----\nx', KEYS.rsa.public])
      expect(readPrivateKey(wrong)).toBeNull();
  });
});

describe('the settings of Okta', () => {
  const base = { base_url: 'https://example.okta.com' };
  it.each([
    [base, 'client_id and private_key'],
    [{ ...base, client_id: 'x' }, 'client_id and private_key'],
    [{ ...base, client_id: 'x', private_key: 'not-a-key-4711' }, 'no private key'],
    [{ ...base, api_token: 't', client_id: 'x', private_key: KEYS.ec.private }, 'keep one of them'],
    [{ ...base, api_token: 't', scopes: ['users'] }, 'okta.users.read'],
    [{ ...base, api_token: 't', unknown: 1 }, 'unknown'],
    [{ base_url: 'http://example.okta.com', api_token: 't' }, 'HTTPS'],
  ])('refuse %j', (settings, sentence) => {
    const parsed = oktaSettings.safeParse(settings);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(sentence);
    expect(JSON.stringify(parsed.error?.issues)).not.toContain('not-a-key-4711');
  });
});
