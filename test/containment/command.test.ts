import { describe, expect, it } from '@jest/globals';
import { commandOf, sealedPasswordFor } from '../../src/containment/command.js';
import { newPassword } from '../../src/containment/password.js';
import { Secret } from '../../src/platform/secret.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { coreOver, noDatabase } from '../core.js';
import { playedRuntime } from '../played-runtime.js';
import { STEP } from '../run-step/tries.js';

const { core } = coreOver(noDatabase);

describe('a new password', () => {
  it('has 28 characters of all four classes, none that is mistaken for another, and differs each time', () => {
    const made = Array.from({ length: 50 }, () => newPassword(systemRuntime()).reveal());
    for (const one of made) {
      expect(one).toHaveLength(28);
      for (const kind of [/[a-z]/, /[A-Z]/, /[2-9]/, /[-_.!+=:@%]/]) expect(one).toMatch(kind);
      expect(one).not.toMatch(/[lIO01]/);
    }
    expect(new Set(made).size).toBe(50);
  });

  it('is not made of a source that returns nothing usable', () => {
    const randomBytes = (size: number) => Buffer.alloc(size, 255);
    expect(() => newPassword({ ...playedRuntime(), randomBytes })).toThrow('no usable bytes');
  });
});

describe('what a connector is told', () => {
  const reset = { ...STEP, action: 'reset_password' } as const;

  it('holds the password that was sealed for this very step', () => {
    const sealed_password = sealedPasswordFor(core, 'reset_password', STEP.id);
    expect(commandOf(core, { ...reset, sealed_password })).toMatchObject({
      kind: 'reset_password',
      password: expect.any(Secret),
    });
    expect(commandOf(core, { ...reset, id: 'stp_other', sealed_password })).toBeNull();
  });

  it('is nothing where the password was erased', () => {
    expect(commandOf(core, reset)).toBeNull();
  });

  it('needs none for what sets none', () => {
    expect(sealedPasswordFor(core, 'disable_account', STEP.id)).toBeNull();
    expect(commandOf(core, STEP)).toMatchObject({ kind: 'disable_account' });
  });

  it.each([
    [null, 'all'],
    [['one'], ['one']],
  ] as const)('names the items that were chosen, or all (%j)', (items, wanted) => {
    expect(commandOf(core, { ...STEP, action: 'remove_factors', items })).toMatchObject({ items: wanted });
  });
});
