import { afterEach, describe, expect, it } from '@jest/globals';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat, verdictOf } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const USER = { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login, accountEnabled: true };
const REFUSED: StubAnswer = { status: 403, body: { error: { code: 'Authorization_RequestDenied', message: 'x' } } };
const ABSENT: StubAnswer = { status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'x' } } };
const list = (...value: readonly object[]): StubAnswer => ({ body: { value } });
const federated = (id: string) => ({ id, authenticationType: 'Federated' });

const tenant = (domains: StubAnswer, federation: (asked: string) => StubAnswer = () => list()) =>
  tenantThat((asked) => {
    if (asked.includes('/federationConfiguration')) return federation(asked);
    if (asked.includes('/v1.0/domains?')) return domains;
    return asked.startsWith(`GET /v1.0/users/${ACCOUNT.accountId}?`) ? { body: USER } : undefined;
  });

describe('a domain of which not all is told', () => {
  it.each([[{}], [{ authenticationType: null }], [{ authenticationType: 7 }]])(
    'is not taken for one that is decided here, and the doctor says so: %j',
    async (more) => {
      const { entra } = await tenant(list({ id: 'contoso.example', ...more }));
      expect(await entra.readState(ACCOUNT, call())).toMatchObject({ value: { authority: null } });
      expect(await verdictOf(entra, 'find')).toMatchObject({
        verdict: 'cannot_tell',
        detail: expect.stringContaining('contoso.example'),
      });
    },
  );

  it('has no missing permission where it has no provider of its own (404), and the doctor says what is open', async () => {
    const { entra } = await tenant(list(federated('contoso.example')), () => ABSENT);
    expect(await verdictOf(entra, 'find')).toMatchObject({
      verdict: 'cannot_tell',
      detail: expect.stringContaining('contoso.example'),
    });
  });

  it('is named by the doctor when the domains themselves may not be read', async () => {
    const { entra } = await tenant(REFUSED);
    expect(await verdictOf(entra, 'find')).toMatchObject({
      verdict: 'missing_permission',
      fix: expect.stringContaining('Domain.Read.All'),
    });
  });
});

it('a domain below a federated one proves its people where that one does', async () => {
  const provider = list({ issuerUri: 'http://www.okta.com/exk1234' });
  const { entra } = await tenant(list(federated('contoso.example'), federated('example')), (asked) =>
    asked.includes('/contoso.example/') ? ABSENT : provider,
  );
  expect(await entra.readState(ACCOUNT, call())).toMatchObject({
    value: { authority: { where: 'federated', from: 'okta' } },
  });
  expect(await verdictOf(entra, 'find')).toMatchObject({ verdict: 'ok' });
});
