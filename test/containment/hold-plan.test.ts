import { describe, expect, it } from '@jest/globals';
import { planHold, type PlannedAccount } from '../../src/containment/plan.js';
import { ACTION_KINDS, type Capability, type Connector } from '../../src/ports/connector.js';

describe('the plan of a self-hold', () => {
  const account: PlannedAccount = { accountRow: 'acc_1', system: 'one', authority: null, odd: {} };
  const planWith = (quarantine: Partial<Capability>, revoke: Partial<Capability>): readonly string[] => {
    const none: Capability = { route: 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] };
    const capabilities = {
      ...Object.fromEntries(ACTION_KINDS.map((kind) => [kind, none])),
      quarantine: { ...none, ...quarantine },
      revoke_sessions: { ...none, ...revoke },
    };
    const connectors = new Map([['one', { capabilities } as unknown as Connector]]);
    return planHold([account], { connectors }).map(({ action, after }) => `${action} after ${after.join()}`);
  };

  it.each([
    ['native', 'restore', 'native', ['quarantine after ', 'revoke_sessions after 0']],
    ['group', 'restore', 'native', ['quarantine after ', 'revoke_sessions after 0']],
    ['native', null, 'native', ['revoke_sessions after ']],
    ['console', 'restore', 'console', []],
    ['none', null, 'effect_of_reset', []],
    ['none', null, 'native', ['revoke_sessions after ']],
  ] as const)('quarantine by %s (undo: %s), sessions by %s: %j', (quarantine, undo, revoke, expected) => {
    expect(planWith({ route: quarantine, undo }, { route: revoke })).toEqual(expected);
  });
});
