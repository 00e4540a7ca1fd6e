import { afterEach, describe, expect, it } from '@jest/globals';
import type { SystemEvent } from '../../src/ports/connector.js';
import { call, connectToken, playedRuntime } from './okta-subject.js';
import { startStub, type StubVendor } from './stub-vendor.js';

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

const MANY = 4_500;
/** Read for the first time before any of them. */
const START = Date.parse('2026-03-02T09:00:00.000Z');

/** Failed second steps, which anybody with the password makes by the thousand, and one report at their end. */
const rows = Array.from({ length: MANY }, (_none, at) => ({
  uuid: `u${at}`,
  published: new Date(START + at * 1_000).toISOString(),
  eventType: 'user.authentication.auth_via_mfa',
  actor: { id: '00uX', type: 'User', alternateId: 'x@example.com', displayName: 'X' },
  outcome: { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' },
  debugContext: { debugData: { factor: 'OKTA_VERIFY_PUSH', pushOnlyResponseType: 'OV_TIMEOUT' } },
  target: [],
}));
const REPORT = {
  uuid: 'the-report',
  published: new Date(START + MANY * 1_000).toISOString(),
  eventType: 'user.account.report_suspicious_activity_by_enduser',
  actor: { id: '00uA', type: 'User', alternateId: 'ada@example.com', displayName: 'Ada' },
  outcome: { result: 'SUCCESS' },
  debugContext: { debugData: { suspiciousActivityEventType: 'system.email.new_device_notification.sent_message' } },
  target: [{ id: '00uA', type: 'User', alternateId: 'ada@example.com', displayName: 'Ada' }],
};
const LOG = [...rows, REPORT];

describe('a backlog that is read in several polls, and whose position is lost in between', () => {
  it('is read on from where reading stood, and no report is skipped', async () => {
    let lost = false;
    const runtime = playedRuntime(new Date(START).toISOString());
    const stub: StubVendor = await startStub((asked) => {
      if (!asked.startsWith('GET /api/v1/logs?')) return undefined;
      const query = new URLSearchParams(asked.split('?')[1]);
      const position = query.get('after');
      if (position !== null && lost)
        return { status: 400, body: { errorCode: 'E0000031', errorSummary: 'Invalid after', errorCauses: [] } };
      const since = Date.parse(query.get('since') ?? '');
      const from =
        position === null
          ? LOG.findIndex(({ published }) => Date.parse(published) >= since && runtime.now().getTime() > START)
          : Number(position);
      if (from < 0) return { body: [] };
      const limit = Number(query.get('limit'));
      const next = `<${stub.url}/api/v1/logs?after=${Math.min(from + limit, LOG.length)}&limit=${limit}>; rel="next"`;
      return { body: LOG.slice(from, from + limit), headers: { link: next } };
    });
    stubs.push(stub);
    const okta = connectToken(stub.url, runtime, { poll_overlap_s: 60 });
    const heard: SystemEvent[] = [];
    let cursor: string | null = null;
    const poll = async (): Promise<void> => {
      const polled = await okta.reports[0]?.poll(cursor, call());
      if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
      heard.push(...polled.value.events);
      ({ cursor } = polled.value);
    };
    // Read for the first time, then away for some hours.
    await poll();
    runtime.advance(3 * 3_600_000);
    await poll();
    expect(heard).toEqual([]);
    lost = true;
    await poll();
    lost = false;
    for (let more = 0; more < 4; more += 1) await poll();
    expect(heard.map(({ eventId }) => eventId)).toEqual(['the-report']);
  });
});
