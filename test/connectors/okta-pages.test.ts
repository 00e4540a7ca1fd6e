import { afterEach, describe, expect, it } from '@jest/globals';
import { call, connectToken, playedRuntime } from './okta-subject.js';
import { startStub, type StubVendor } from './stub-vendor.js';

const ACCOUNT = { system: 'okta', accountId: '00uX', login: 'x@example.com' };
const LONG = 'x'.repeat(40_000);

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

/** An org with one long list at `path`, in pages as `limit` and `after` ask for them. */
async function orgWith(path: string, rows: readonly unknown[]) {
  const stub: StubVendor = await startStub((asked) => {
    if (asked === 'GET /api/v1/users/me') return { body: { id: '00uM', profile: { login: 'notme@example.com' } } };
    if (!asked.startsWith(`GET ${path}?`)) return undefined;
    const query = new URLSearchParams(asked.split('?')[1]);
    const [limit, from] = [Number(query.get('limit')), Number(query.get('after') ?? '0')];
    const next = `<${stub.url}${path}?after=${from + limit}&limit=${limit}>; rel="next"`;
    const headers: Record<string, string> = from + limit < rows.length ? { link: next } : {};
    return { body: rows.slice(from, from + limit), headers };
  });
  stubs.push(stub);
  return connectToken(stub.url, playedRuntime());
}

const logged = Array.from({ length: 90 }, (_none, at) => ({
  uuid: `u${at}`,
  published: '2026-03-02T08:59:00.000Z',
  eventType: 'user.session.start',
  actor: { id: '00uX', type: 'User', alternateId: 'x@example.com', displayName: LONG },
  outcome: { result: 'SUCCESS' },
  target: [],
}));

describe('a page of Okta that is larger than an answer may be', () => {
  it('is asked for again with fewer rows, and the list is read to its end', async () => {
    const groups = Array.from({ length: 90 }, (_none, at) => ({
      id: `g${at}`,
      type: 'OKTA_GROUP',
      profile: { name: `Group ${at}`, description: LONG },
    }));
    const okta = await orgWith('/api/v1/users/00uX/groups', groups);
    const { groups: found } = await okta.evidence(ACCOUNT, call());
    if ('unavailable' in found) throw new Error(found.unavailable.message);
    expect([found.items.length, found.complete]).toEqual([90, true]);
  });

  it('is not told as the whole log when only a part of it was read', async () => {
    const okta = await orgWith('/api/v1/logs', logged);
    const { sign_ins: found } = await okta.evidence(ACCOUNT, call());
    if ('unavailable' in found) throw new Error(found.unavailable.message);
    expect([found.items.length > 0, found.complete]).toEqual([true, false]);
  });

  it('stops no poll: every row becomes a notice', async () => {
    const okta = await orgWith('/api/v1/logs', logged);
    const polled = await okta.events?.poll(null, call());
    if (polled?.ok !== true) throw new Error('the log was not polled');
    expect(new Set(polled.value.events.map(({ eventId }) => eventId)).size).toBe(90);
  });
});
