import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connector } from '../../src/ports/connector.js';
import { call, connectToken, playedRuntime } from './okta-subject.js';
import { startStub, type StubVendor } from './stub-vendor.js';

const ACCOUNT = { system: 'okta', accountId: '00uX', login: 'x@example.com' };
const CLEAR = { kind: 'clear_recovery_contacts' } as const;
const NAMES = { login: 'x@example.com', email: 'x@example.com' };

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

async function oktaWith(profile: unknown): Promise<{ okta: Connector; calls: readonly string[] }> {
  const user = { id: '00uX', status: 'ACTIVE', credentials: { provider: { type: 'OKTA', name: 'OKTA' } }, profile };
  const stub = await startStub((asked) => {
    if (asked === 'GET /api/v1/users/me') return { body: { id: '00uM', profile: { login: 'notme@example.com' } } };
    return asked.endsWith(' /api/v1/users/00uX') ? { body: user } : undefined;
  });
  stubs.push(stub);
  return { okta: connectToken(stub.url, playedRuntime()), calls: stub.calls };
}

describe('the secondary address of Okta', () => {
  it.each<[string, unknown, string]>([
    ['of another form is not told as gone', { ...NAMES, secondEmail: { value: 'x@evil.example' } }, 'cannot_tell'],
    ['in a profile that is none is not told as gone', [], 'cannot_tell'],
    ['that is left out is none', NAMES, 'holds'],
    ['that is null is none', { ...NAMES, secondEmail: null }, 'holds'],
    ['that is there is told', { ...NAMES, secondEmail: 'x@evil.example' }, 'does_not_hold'],
  ])('%s', async (_title, profile, verdict) => {
    const { okta } = await oktaWith(profile);
    expect(await okta.readBack(CLEAR, ACCOUNT, new Date(), call())).toMatchObject({ value: { verdict } });
  });

  it('that cannot be read is cleared all the same, and an undo leaves it to a person', async () => {
    const { okta, calls } = await oktaWith({ ...NAMES, secondEmail: 7 });
    const before = await okta.capture(CLEAR, ACCOUNT, call());
    expect(before).toEqual({ ok: true, value: {} });
    expect(await okta.perform(CLEAR, ACCOUNT, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(calls).toContain('POST /api/v1/users/00uX');
    const undone = await okta.restore(CLEAR, ACCOUNT, {}, call());
    expect(undone).toMatchObject({ error: { kind: 'unsupported' } });
  });

  it('that cannot be read leaves the section of the evidence not whole', async () => {
    const { okta } = await oktaWith({ ...NAMES, secondEmail: 7 });
    expect((await okta.evidence(ACCOUNT, call())).recovery).toEqual({ items: [], complete: false });
  });
});
