import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../src/connectors/keycloak/failures.js';

const refusal = (body: unknown) =>
  failureOf(
    { status: 400, headers: new Headers(), body, requestId: null, retryAfterMs: null, quote: (text) => text },
    'manage-users',
  );

// Keycloak 24 and newer validate the whole profile at every write: an old attribute refuses a change it has nothing to do with.
describe('a write that the profile of the user refuses', () => {
  it.each([
    [
      'a list',
      {
        errors: [
          { field: 'lastName', errorMessage: 'error-user-attribute-required', params: ['lastName'] },
          { field: 'phone', errorMessage: 'error-invalid-length' },
        ],
      },
      ['lastName: error-user-attribute-required', 'phone: error-invalid-length'],
    ],
    ['one alone', { field: 'email', errorMessage: 'error-invalid-email' }, ['email: error-invalid-email']],
    ['one with a field of another kind', { errors: [{ field: 7, errorMessage: 'error-a' }, null] }, ['error-a']],
    ['without texts', { errors: [{ field: 'phone' }] }, ['phone']],
    ['by its parameter', { errorMessage: 'error-a', params: ['phone', 3] }, ['phone: error-a']],
    ['in a list by its parameter', { errors: [{ errorMessage: 'error-a', params: ['phone'] }] }, ['phone: error-a']],
  ])('names the fields and what still works: %s', (_name, body, named) => {
    const { kind, message } = refusal(body);
    expect(kind).toBe('invalid_input');
    for (const text of [...named, 'correct these fields', 'Signing out and setting the password work'])
      expect(message).toContain(text);
  });

  it.each([[{}], [{ errors: [] }], [{ errors: 'none' }], [null]])(
    'is told without fields when none is named: %j',
    (body) => {
      expect(refusal(body).message).toContain('without a reason');
    },
  );

  it('takes no number of the password policy for a field', () => {
    const { message } = refusal({ errorMessage: 'invalidPasswordMinLengthMessage', params: ['8'] });
    expect(message).toContain('(invalidPasswordMinLengthMessage)');
  });

  it('is still told as the password policy or the read-only federation when it is one', () => {
    expect(refusal({ errors: [{ field: 'password', errorMessage: 'invalidPasswordMinLengthMessage' }] })).toMatchObject(
      {
        field: 'password',
      },
    );
    expect(refusal({ errors: [{ errorMessage: 'error-user-attribute-read-only' }] }).message).toContain('read-only');
  });
});
