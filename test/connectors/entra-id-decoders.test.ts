import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeOf, eventOf, type Told } from '../../src/connectors/entra-id/audit-row.js';
import { signInEventOf, signInOf } from '../../src/connectors/entra-id/sign-in-row.js';
import {
  ACTION_KINDS,
  EVIDENCE_SECTIONS,
  isItemAction,
  type AccountRef,
  type Command,
  type Connector,
  type ConnectorFailure,
} from '../../src/ports/connector.js';
import type { Result } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import { ADA, call, connect, GROUPS } from './entra-id-subject.js';

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

const account: AccountRef = { system: 'entra_id', accountId: GROUPS.twoStep, login: ADA };
const answer = { status: 200, body: '{}' };
let connector: Connector;
const server = createServer((request, response) => {
  const token = request.url?.endsWith('/token') === true;
  response.writeHead(token ? 200 : answer.status, { 'content-type': 'application/json' });
  response.end(token ? JSON.stringify({ access_token: 'opaque', expires_in: 3599 }) : answer.body);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  connector = connect(`http://127.0.0.1:${port}`, systemRuntime());
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function commandOf(kind: (typeof ACTION_KINDS)[number]): Command {
  if (isItemAction(kind)) return { kind, items: 'all' };
  if (kind === 'reset_password') return { kind, password: new Secret('Brand-New-Passw0rd') };
  if (kind === 'limit_login_ips') return { kind, ranges: ['203.0.113.0/24', '2001:db8::/32'] };
  if (kind === 'block_address') return { kind, ranges: ['198.51.100.66/32'] };
  return { kind };
}

/** Bodies that look like Graph's from afar, and ones that do not. */
const field = fc.constantFrom(
  'value',
  'error',
  'id',
  '@odata.type',
  '@odata.nextLink',
  'code',
  'message',
  'ipRanges',
  'riskState',
  'isTrusted',
);
const body = fc.oneof(
  fc.json(),
  fc.string(),
  fc.dictionary(field, fc.jsonValue()).map((value) => JSON.stringify(value)),
  fc.array(fc.dictionary(field, fc.jsonValue())).map((value) => JSON.stringify({ value })),
);
const status = fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 412, 429, 500, 503);

function classified(result: Result<unknown, ConnectorFailure>): void {
  if (result.ok) return;
  expect(KINDS).toContain(result.error.kind);
  expect(result.error.message).toMatch(/^\S.*[.!?]$/s);
  expect(Object.keys(result.error).filter((key) => ['status', 'code', 'said'].includes(key))).toEqual([]);
}

describe('whatever Graph answers', () => {
  it('is a value or a classified failure, and is never thrown', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, fc.constantFrom(...ACTION_KINDS), async (code, text, kind) => {
        Object.assign(answer, { status: code, body: code === 204 ? '' : text });
        const command = commandOf(kind);
        classified(await connector.find({ emails: [ADA], employeeId: '4711' }, call()));
        classified(await connector.readState(account, call()));
        classified(await connector.perform(command, account, call()));
        classified(await connector.capture(command, account, call()));
        classified(
          await connector.restore(command, account, { enabled: true, 'blocked 198.51.100.66/32': false }, call()),
        );
        const read = await connector.readBack(command, account, new Date(), call());
        classified(read);
        if (read.ok) expect(read.value.observed).toMatch(/^\S.*[.!?]$/s);
        if (connector.events !== null) classified(await connector.events.poll(null, call()));
      }),
      { numRuns: 150 },
    );
  }, 240_000);

  it('leaves evidence and examination whole', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, async (code, text) => {
        Object.assign(answer, { status: code, body: code === 204 ? '' : text });
        const evidence = await connector.evidence(account, call());
        for (const section of EVIDENCE_SECTIONS) {
          const found = evidence[section];
          if ('unavailable' in found) classified({ ok: false, error: found.unavailable });
        }
        const findings = await connector.examine(account, call());
        for (const kind of ACTION_KINDS) {
          const absent = connector.capabilities[kind].route === 'none';
          expect(findings.filter(({ subject }) => subject === kind)).toHaveLength(absent ? 0 : 1);
        }
        for (const { verdict, fix } of findings)
          if (verdict !== 'ok' && verdict !== 'console') expect(fix).not.toBe('');
      }),
      { numRuns: 40 },
    );
  }, 240_000);
});

describe("a row of Entra's logs", () => {
  const row = (more: Record<string, unknown> = {}) => ({
    id: 'Directory_1',
    activityDateTime: '2026-03-02T09:00:00.7215374Z',
    activityDisplayName: 'Reset user password',
    result: 'success',
    initiatedBy: { app: null, user: { userPrincipalName: 'helpdesk@contoso.example', ipAddress: '198.51.100.66' } },
    targetResources: [{ id: '1', type: 'User', userPrincipalName: ADA, displayName: null }],
    ...more,
  });

  const CLIENT = '00000000-0000-4000-8000-000000000001';
  const told = (raw: unknown): Told => {
    const reading = eventOf(raw, CLIENT);
    if (reading === null || reading === 'unreadable') throw new Error('expected a notice');
    return reading;
  };

  it('is a notice about the person that it happened to', () => {
    expect(told(row()).event).toEqual({
      eventId: 'Directory_1',
      kind: 'password_reset',
      login: ADA,
      actor: 'helpdesk@contoso.example',
      own: false,
      occurredAt: new Date('2026-03-02T09:00:00.721Z'),
      ip: '198.51.100.66',
    });
    const byApp = row({ initiatedBy: { user: null, app: { displayName: 'Notme' } } });
    expect(told(byApp).event).toMatchObject({ actor: 'Notme', ip: null });
    expect(told(byApp).event).not.toHaveProperty('own');
    const app = (appId: string) => row({ initiatedBy: { user: null, app: { appId, displayName: 'Notme' } } });
    expect(told(app(CLIENT.toUpperCase())).event.own).toBe(true);
    expect(told(app('00000000-0000-4000-8000-000000000002')).event.own).toBe(false);
  });

  it.each([
    ['a failed reset', row({ result: 'failure' })],
    ['another activity', row({ activityDisplayName: 'Add member to group' })],
    ['an activity of the prototype', row({ activityDisplayName: 'constructor' })],
  ])('is no notice: %s', (_title, raw) => {
    expect(eventOf(raw, CLIENT)).toBeNull();
  });

  it.each([
    ['without a person', row({ targetResources: [{ id: '1', type: 'Group', userPrincipalName: null }] })],
    ['without a time', row({ activityDateTime: 'yesterday' })],
    ['without an id', row({ id: '' })],
  ])('is told as unreadable %s', (_title, raw) => {
    expect(eventOf(raw, CLIENT)).toBe('unreadable');
  });

  it('is never thrown over', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ id: fc.string(), createdDateTime: fc.anything(), status: fc.anything() })),
        (raw) => {
          eventOf(raw, CLIENT);
          for (const read of [changeOf, signInOf, signInEventOf]) read(raw);
        },
      ),
    );
  });
});
