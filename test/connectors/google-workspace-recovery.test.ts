import { afterEach, describe, expect, it } from '@jest/globals';
import type { Connector } from '../../src/ports/connector.js';
import { call, connect, playedRuntime } from './google-workspace-subject.js';
import { startStub, type StubVendor } from './stub-vendor.js';

const ADA = { system: 'google_workspace', accountId: '101', login: 'ada@example.com' };
const CLEAR = { kind: 'clear_recovery_contacts' } as const;
const ODD = { recoveryEmail: { value: 'x@evil.example' } };

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

async function googleWith(contacts: object): Promise<Connector> {
  const user = { id: '101', primaryEmail: 'ada@example.com', isAdmin: false, isDelegatedAdmin: false, ...contacts };
  const stub = await startStub((asked) => {
    if (asked.endsWith('/token')) return { body: { access_token: 't', expires_in: 3600 } };
    return asked.startsWith('GET /admin/directory/v1/users/101?') ? { body: user } : { body: { kind: 'admin#list' } };
  });
  stubs.push(stub);
  return connect(stub.url, playedRuntime(), { login_range_groups: [] });
}

describe('the recovery contacts of Google Workspace', () => {
  it.each<[string, object, string]>([
    ['of another form are not told as gone', { ...ODD, recoveryPhone: 4930 }, 'cannot_tell'],
    ['of which one cannot be read are not told as gone', { ...ODD, recoveryPhone: '' }, 'cannot_tell'],
    ['of which one is there are told', { ...ODD, recoveryPhone: '+4930' }, 'does_not_hold'],
    ['that are left out are none', {}, 'holds'],
    ['that are empty are none', { recoveryEmail: '', recoveryPhone: '' }, 'holds'],
  ])('%s', async (_title, contacts, verdict) => {
    const google = await googleWith(contacts);
    expect(await google.readBack(CLEAR, ADA, new Date(), call())).toMatchObject({ value: { verdict } });
  });

  it('that cannot be read are not saved for an undo, and leave the evidence not whole', async () => {
    const google = await googleWith({ ...ODD, recoveryPhone: '+4930' });
    expect(await google.capture(CLEAR, ADA, call())).toEqual({ ok: true, value: { recovery_phone: '+4930' } });
    expect((await google.evidence(ADA, call())).recovery).toMatchObject({
      items: [{ id: 'recovery_phone' }],
      complete: false,
    });
  });
});
