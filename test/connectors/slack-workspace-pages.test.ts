import { afterEach, expect, it } from '@jest/globals';
import { call, connect, playedRuntime } from './slack-workspace-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

const rows = Array.from({ length: 500 }, (_none, at) => ({
  id: `row-${at}`,
  date_create: Date.parse('2026-03-02T08:59:00.000Z') / 1000,
  action: 'user_login',
  entity: { user: { id: 'U1', name: 'ada', email: 'ada@harbour.test' } },
  context: { ua: 'x'.repeat(3500), ip_address: '198.51.100.66', session_id: at },
}));

it('a page of the audit logs of Slack that is larger than an answer may be is asked for again with fewer rows', async () => {
  const limits: number[] = [];
  const stub = await startStub((asked): StubAnswer | undefined => {
    if (!asked.startsWith('GET /logs?')) return undefined;
    const query = new URLSearchParams(asked.split('?')[1]);
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit'));
    limits.push(to - from);
    return { body: { entries: rows.slice(from, to), response_metadata: { next_cursor: to < 500 ? String(to) : '' } } };
  });
  stubs.push(stub);
  const slack = connect({ apiUrl: stub.url, scimUrl: stub.url, auditUrl: stub.url }, playedRuntime());
  const polled = await slack.events?.poll(null, call());
  if (polled?.ok !== true) throw new Error('the log was not polled');
  expect(new Set(polled.value.events.map(({ eventId }) => eventId)).size).toBe(500);
  expect(limits).toEqual([500, 250, 250]);
});
