import { afterEach, expect, it } from '@jest/globals';
import { call, connectApp, playedRuntime } from './okta-subject.js';
import { startStub, type StubVendor } from './stub-vendor.js';

const ACCOUNT = { system: 'okta', accountId: '00uX', login: 'x@example.com' };
const USER = { id: '00uX', status: 'ACTIVE', profile: { login: 'x@example.com', email: 'x@example.com' } };
const REFUSED = { status: 403, body: { errorCode: 'E0000006', errorSummary: 'You do not have permission' } };

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

it('a scope of Okta that was granted a minute ago is used for an action at once', async () => {
  let granted = false;
  let scope = '';
  const stub = await startStub((asked) => {
    if (asked.startsWith('POST /oauth2/v1/token')) {
      scope = granted ? 'okta.users.read okta.users.manage' : 'okta.users.read';
      return { body: { access_token: `token of ${scope.length}`, expires_in: 3600, scope } };
    }
    if (asked.startsWith('POST')) return scope.includes('manage') ? { body: {} } : REFUSED;
    return asked === 'GET /api/v1/users/00uX' ? { body: USER } : undefined;
  });
  stubs.push(stub);
  const okta = connectApp(stub.url, playedRuntime());
  const suspend = () => okta.perform({ kind: 'disable_account' }, ACCOUNT, call());
  expect(await suspend()).toMatchObject({ error: { kind: 'permission' } });
  granted = true;
  expect(await suspend()).toMatchObject({ ok: true });
  expect(stub.calls.filter((asked) => asked.includes('/oauth2/v1/token'))).toHaveLength(3);
  expect(stub.calls.filter((asked) => asked.includes('/lifecycle/suspend'))).toHaveLength(4);
});
