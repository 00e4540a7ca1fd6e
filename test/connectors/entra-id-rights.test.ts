import { afterEach, describe, expect, it } from '@jest/globals';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat, tokenWith, verdictOf } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const RIGHTS = ['User.Read.All', 'User.EnableDisableAccount.All', 'UserAuthenticationMethod.ReadWrite.All'];
const REFUSED: StubAnswer = {
  status: 403,
  body: {
    error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' },
  },
};

/** A tenant that refuses to disable and to list methods until the rights are granted and stand in the token. */
async function granting(before: readonly string[] | null) {
  let granted = false;
  let tokens = 0;
  let holds = false;
  const token = (): StubAnswer => {
    tokens += 1;
    holds = granted;
    if (granted) return tokenWith(RIGHTS);
    return before === null ? { body: { access_token: 'opaque', expires_in: 3599 } } : tokenWith(before);
  };
  const { entra, stub, runtime } = await tenantThat(
    (asked) => {
      if (!asked.startsWith('PATCH') && !asked.includes('authentication/methods')) return undefined;
      if (!holds) return REFUSED;
      return asked.startsWith('PATCH') ? { status: 204, body: null } : { body: { value: [] } };
    },
    { token },
  );
  return {
    disable: () => entra.perform({ kind: 'disable_account' }, ACCOUNT, call()),
    factors: async () => (await entra.evidence(ACCOUNT, call())).factors,
    entra,
    stub,
    runtime,
    tokens: () => tokens,
    grant: () => void (granted = true),
  };
}

describe('a permission of Entra ID that was granted a minute ago', () => {
  it.each([[['User.Read.All']], [null]])('is used for an action at once, with %j in the token', async (before) => {
    const { disable, stub, tokens, grant } = await granting(before);
    expect(await disable()).toMatchObject({ error: { kind: 'permission' } });
    grant();
    expect(await disable()).toMatchObject({ ok: true });
    expect(tokens()).toBe(3);
    // Each refusal is answered with one new token and one repeat, never more.
    expect(stub.calls.filter((asked) => asked.startsWith('PATCH'))).toHaveLength(4);
  });

  it('is used for reading, where what is missing for good costs one new token a minute', async () => {
    const { factors, runtime, tokens, grant } = await granting(['User.Read.All']);
    for (let read = 0; read < 3; read += 1)
      expect(await factors()).toMatchObject({ unavailable: { kind: 'permission' } });
    expect(tokens()).toBe(2);
    grant();
    runtime.advance(61_000);
    expect(await factors()).toMatchObject({ items: [], complete: true });
  });

  it('is no reason to ask again when the token has it: then the account is protected', async () => {
    const { disable, stub } = await granting(RIGHTS);
    expect(await disable()).toMatchObject({ error: { kind: 'protected_account' } });
    expect(stub.calls.filter((asked) => asked.startsWith('PATCH'))).toHaveLength(1);
  });

  it('is seen by the doctor at once', async () => {
    const { entra, grant } = await granting(['User.Read.All']);
    expect(await verdictOf(entra, 'disable_account', null)).toMatchObject({ verdict: 'missing_permission' });
    grant();
    expect(await verdictOf(entra, 'disable_account', null)).toMatchObject({ verdict: 'ok' });
  });
});
