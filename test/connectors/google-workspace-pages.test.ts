import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connector } from '../../src/ports/connector.js';
import { call, connect, playedRuntime } from './google-workspace-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ADA = { system: 'google_workspace', accountId: '101', login: 'ada@example.com' };
const LOGIN_LOG = /^GET \/admin\/reports\/v1\/activity\/users\/(all|ada@example\.com)\/applications\/login\?/;

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

const rows = Array.from({ length: 400 }, (_none, at) => ({
  id: { time: '2026-03-02T08:59:00.000Z', uniqueQualifier: String(at), applicationName: 'login' },
  actor: { email: 'ada@example.com' },
  events: [{ name: 'login_success', parameters: [{ name: 'padding', value: 'x'.repeat(3500) }] }],
}));

/** A Google whose sign-in log holds large rows, in pages as `maxResults` and `pageToken` ask for them. */
async function googleWithLargeRows(): Promise<Connector> {
  const stub = await startStub((asked): StubAnswer => {
    if (asked.endsWith('/token')) return { body: { access_token: 't', expires_in: 3600 } };
    if (!LOGIN_LOG.test(asked)) return { body: { kind: 'admin#list' } };
    const query = new URLSearchParams(asked.split('?')[1]);
    const from = Number(query.get('pageToken') ?? 0);
    const to = from + Number(query.get('maxResults'));
    return { body: { items: rows.slice(from, to), ...(to < rows.length ? { nextPageToken: String(to) } : {}) } };
  });
  stubs.push(stub);
  return connect(stub.url, playedRuntime(), { login_range_groups: [] });
}

describe('a page of Google that is larger than an answer may be', () => {
  it('is asked for again with fewer rows, and the log is read to its end', async () => {
    const { sign_ins: found } = await (await googleWithLargeRows()).evidence(ADA, call());
    if ('unavailable' in found) throw new Error(found.unavailable.message);
    // Evidence keeps a hundred of a section.
    expect([found.items.length, found.complete]).toEqual([100, false]);
  });

  it('stops no poll: every row becomes a notice', async () => {
    const polled = await (await googleWithLargeRows()).events?.poll(null, call());
    if (polled?.ok !== true) throw new Error('the log was not polled');
    expect(new Set(polled.value.events.map(({ eventId }) => eventId)).size).toBe(400);
  });
});
