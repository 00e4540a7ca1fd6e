import { afterEach, describe, expect, it } from '@jest/globals';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat, verdictOf } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const USER = {
  id: ACCOUNT.accountId,
  userPrincipalName: ACCOUNT.login,
  accountEnabled: true,
  lastPasswordChangeDateTime: NOW,
};
const REFUSED: StubAnswer = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'x' } } };
const TOLD: StubAnswer = { body: { value: [{ issuerUri: 'http://www.okta.com/exk1', displayName: 'Okta' }] } };

/** A tenant whose one domain is federated; `provider` answers who it trusts. */
const federated = (provider: () => StubAnswer) =>
  tenantThat((asked) => {
    if (asked.includes('/federationConfiguration')) return provider();
    if (asked.includes('/v1.0/domains?'))
      return { body: { value: [{ id: 'contoso.example', authenticationType: 'Federated' }] } };
    return asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`) ? { body: USER } : undefined;
  });

const authority = { where: 'federated', from: 'okta' };

describe('a federated domain whose provider may not be read', () => {
  it('is named by the doctor with the one permission that reaches it', async () => {
    const { entra } = await federated(() => REFUSED);
    expect(await verdictOf(entra, 'find')).toMatchObject({
      verdict: 'missing_permission',
      detail: expect.stringContaining('contoso.example'),
      fix: expect.stringContaining('Domain-InternalFederation.Read.All'),
    });
  });

  it('is told by the doctor at once after the permission is granted', async () => {
    let granted = false;
    const { entra } = await federated(() => (granted ? TOLD : REFUSED));
    expect(await verdictOf(entra, 'find')).toMatchObject({ verdict: 'missing_permission' });
    granted = true;
    expect(await verdictOf(entra, 'find')).toMatchObject({ verdict: 'ok' });
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({ value: { authority } });
  });

  it('is asked again within a minute of the grant, in the middle of an incident', async () => {
    let granted = false;
    const { entra, runtime } = await federated(() => (granted ? TOLD : REFUSED));
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({
      value: { authority: { ...authority, from: null } },
    });
    granted = true;
    runtime.advance(61_000);
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({ value: { authority } });
  });

  it('is not taken for untold when Graph is down', async () => {
    const { entra } = await federated(() => ({ status: 503 }));
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({ error: { kind: 'transient' } });
  });
});
