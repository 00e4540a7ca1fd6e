import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat, tokenWith } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

const RESET: Command = { kind: 'reset_password', password: new Secret('Chosen-Passw0rd-zq') };

const refused = (status: number, code: string, message: string): StubAnswer => ({
  status,
  body: { error: { code, message } },
});

describe('the reason of a refusal by Entra ID', () => {
  it.each([
    [
      'scopes that are missing in the token',
      refused(403, 'AccessDenied', 'Required scopes are missing in the token.'),
      'permission',
      'User-PasswordProfile',
    ],
    [
      'a restricted unit',
      refused(403, 'Authorization_RequestDenied', 'Target is in a restricted management administrative unit.'),
      'protected_account',
      'a role in that unit',
    ],
    [
      'a role that is wanted',
      refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
      'protected_account',
      'User Administrator',
    ],
    [
      'a federated account',
      refused(400, 'Request_BadRequest', 'The password of a federated user cannot be changed.'),
      'unsupported',
      'federated provider',
    ],
    [
      'a change at the same time',
      refused(409, 'Directory_ConcurrencyViolation', 'Please try again.'),
      'transient',
      'safe to try again',
    ],
    ['a lock', refused(423, 'ResourceLocked', 'Locked.'), 'transient', 'safe to try again'],
  ] as const)('is told for %s', async (_title, answer, kind, words) => {
    const { entra } = await tenantThat((asked) => (asked.startsWith('PATCH') ? answer : undefined), {
      token: () => tokenWith(['User-PasswordProfile.ReadWrite.All']),
    });
    expect(await entra.perform(RESET, ACCOUNT, call())).toMatchObject({
      error: { kind, message: expect.stringContaining(words) },
    });
  });

  it.each([
    ['AADSTS700024', 'clock'],
    ['AADSTS7000229', 'service principal'],
  ])('is told for %s of the token', async (code, words) => {
    const { entra } = await tenantThat(() => undefined, {
      token: () => ({ status: 400, body: { error: 'invalid_client', error_description: `${code}: x` } }),
    });
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({
      error: { kind: 'auth', message: expect.stringContaining(words) },
    });
  });

  it('hands on how long a 503 asks to wait', async () => {
    const { entra } = await tenantThat((asked) =>
      asked.startsWith('GET /v1.0/users/') ? { status: 503, headers: { 'retry-after': '17' } } : undefined,
    );
    expect(await entra.readState(ACCOUNT, call())).toMatchObject({
      error: { kind: 'transient', retryAfterMs: 17_000 },
    });
  });
});

it('a QR code with its PIN is deleted where Graph keeps it, which is under its name alone', async () => {
  let there = true;
  const { entra, stub } = await tenantThat((asked) => {
    if (asked.startsWith('DELETE')) {
      there = false;
      return { status: 204, body: null };
    }
    if (!asked.includes('authentication/methods')) return undefined;
    const code = { '@odata.type': '#microsoft.graph.qrCodePinAuthenticationMethod', id: 'qr-1', createdDateTime: NOW };
    return { body: { value: there ? [code] : [] } };
  });
  const remove = { kind: 'remove_factors', items: 'all' } as const;
  expect(await entra.perform(remove, ACCOUNT, call())).toMatchObject({ ok: true });
  expect(stub.calls.filter((asked) => asked.startsWith('DELETE'))).toEqual([
    `DELETE /v1.0/users/${ACCOUNT.accountId}/authentication/qrCodePinMethod`,
  ]);
});
