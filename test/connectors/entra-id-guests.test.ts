import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat, verdictOf } from './entra-id-tenant.js';

afterEach(closeTenants);

const RESET: Command = { kind: 'reset_password', password: new Secret('Chosen-Passw0rd-zq') };
const REVOKE: Command = { kind: 'revoke_sessions' };
const INVITED_LOGIN = 'kim_partner.example#EXT#@contoso.onmicrosoft.com';

/** A tenant with this one account, to which everything was done just now. */
async function tenantOf(more: Record<string, unknown>) {
  const user = {
    id: ACCOUNT.accountId,
    userPrincipalName: ACCOUNT.login,
    userType: 'Member',
    externalUserState: null,
    accountEnabled: true,
    lastPasswordChangeDateTime: NOW,
    signInSessionsValidFromDateTime: NOW,
    passwordProfile: { forceChangePasswordNextSignIn: true },
    ...more,
  };
  const domains = [{ id: 'contoso.example', authenticationType: 'Managed' }];
  const { entra } = await tenantThat((asked) => {
    if (asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`)) return { body: user };
    return asked.includes('/v1.0/domains?') ? { body: { value: domains } } : undefined;
  });
  return entra;
}

async function readBack(entra: Connector, command: Command) {
  const read = await entra.readBack(command, ACCOUNT, new Date(NOW), call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

describe('an account of Entra ID from outside', () => {
  it.each([
    [
      'a guest',
      { userPrincipalName: INVITED_LOGIN, userType: 'Guest', externalUserState: 'Accepted' },
      ' (partner.example)',
    ],
    ['an outside member', { userPrincipalName: INVITED_LOGIN }, ' (partner.example)'],
    ['a guest by its type alone', { userType: 'Guest' }, ''],
    ['whoever was invited', { externalUserState: 'PendingAcceptance' }, ''],
  ])('is decided at home: for %s neither reset nor revocation is verified', async (_title, more, domain) => {
    const entra = await tenantOf(more);
    const home = `the home tenant${domain}`;
    for (const command of [RESET, REVOKE]) {
      const read = await readBack(entra, command);
      expect(read).toMatchObject({ verdict: 'cannot_tell', state: { authority: { where: 'federated', from: home } } });
      expect(read.observed).toContain(home);
      expect(read.residual.map(({ what }) => what).join()).toContain(home);
      expect(await verdictOf(entra, command.kind)).toMatchObject({
        verdict: 'blocked',
        fix: expect.stringContaining(home),
      });
    }
  });

  it('can be shut out of this tenant', async () => {
    const entra = await tenantOf({ userType: 'Guest', accountEnabled: false });
    const read = await readBack(entra, { kind: 'disable_account' });
    expect([read.verdict, (await verdictOf(entra, 'disable_account'))?.verdict]).not.toContain('blocked');
    expect(read.verdict).toBe('holds');
  });
});

it("an account of Entra ID's own is decided here", async () => {
  const entra = await tenantOf({});
  for (const command of [RESET, REVOKE])
    expect(await readBack(entra, command)).toMatchObject({ verdict: 'holds', state: { authority: { where: 'here' } } });
});
