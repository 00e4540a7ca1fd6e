import { describe, expect, it } from '@jest/globals';
import { type Claimed, claimsTooMuch, takesEffect } from '../../../sandbox/drill/doubtful/effect.js';
import { ROUNDS } from '../../../sandbox/drill/doubtful/scenario.js';
import { REWRITTEN } from '../../../sandbox/world/systems/doubts.js';

const line = (more: Partial<Claimed>): Claimed => ({
  said: 'verified',
  effectiveBy: false,
  isSo: true,
  acts: true,
  ...more,
});

describe('a line claims too much', () => {
  it.each([
    ['verified, and it is not so', { isSo: false }],
    ['verified, and nothing shows it', { isSo: null }],
    ['verified, in a group behind which no policy acts', { acts: false }],
    ['accepted, and nothing is there', { said: 'accepted', isSo: false }],
    ['accepted with a moment, and no policy acts', { said: 'accepted', effectiveBy: true, acts: false }],
    ['undone elsewhere, and nobody undid it', { said: 'undone' }],
  ] as const)('%s', (_what, more) => {
    expect(claimsTooMuch(line(more))).not.toBeNull();
  });

  it.each([
    ['verified, and it is so', {}],
    ['accepted, and only the effect is not known', { said: 'accepted', acts: false }],
    ['accepted, where the directory shows nothing of the kind', { said: 'accepted', isSo: null }],
    ['left to a person', { said: 'needs_human', isSo: true, acts: false }],
    ['by hand', { said: 'console', isSo: false }],
    ['nothing at all', { said: null, isSo: false }],
  ] as const)('not: %s', (_what, more) => {
    expect(claimsTooMuch(line(more))).toBeNull();
  });
});

describe('what takes effect in the company', () => {
  it.each([
    ['quarantine', 'okta', 'normal', true],
    ['quarantine', 'okta', 'report_only', false],
    ['quarantine', 'entra_id', 'report_only', false],
    ['require_two_step', 'google_workspace', 'fast_clock', true],
    ['quarantine', 'google_workspace', 'normal', false],
    ['require_two_step', 'keycloak', 'normal', true],
    ['quarantine', 'keycloak', 'normal', false],
    ['reset_password', 'entra_id', 'guests', false],
    ['revoke_sessions', 'entra_id', 'guests', false],
    ['disable_account', 'entra_id', 'guests', true],
    ['reset_password', 'entra_id', 'report_only', true],
  ] as const)('%s in %s that is %s: %s', (action, system, condition, acts) => {
    expect(takesEffect(action, system, condition)).toBe(acts);
  });
});

describe('the rounds', () => {
  it('give every system something doubtful, and another thing each time', () => {
    const [first, second] = ROUNDS;
    expect(Object.keys(second).toSorted()).toEqual(Object.keys(first).toSorted());
    for (const [system, condition] of Object.entries(first)) {
      expect(condition).not.toBe('normal');
      expect(second[system]).not.toBe(condition);
    }
  });
});

describe('answers as vendors give them', () => {
  it('lack times and names, at any depth, and nothing else', () => {
    expect(REWRITTEN.left_out([{ id: 'f1', created: 'x', _embedded: { lastUpdated: 'y', status: 'ACTIVE' } }])).toEqual(
      [{ id: 'f1', _embedded: { status: 'ACTIVE' } }],
    );
  });

  it('show no members of a group, and its name', () => {
    expect(REWRITTEN.without_members({ displayName: 'Quarantine', members: [{ value: 'u1' }] })).toEqual({
      displayName: 'Quarantine',
      members: [],
    });
    expect(REWRITTEN.without_members({ members: 'of no group' })).toEqual({ members: 'of no group' });
  });

  it('have policies that only report, or are switched off', () => {
    expect(REWRITTEN.report_only({ value: [{ state: 'enabled', grantControls: {} }, { state: 'enabled' }] })).toEqual({
      value: [{ state: 'enabledForReportingButNotEnforced', grantControls: {} }, { state: 'enabled' }],
    });
    expect(REWRITTEN.report_only([{ type: 'OKTA_SIGN_ON', status: 'ACTIVE' }, { status: 'ACTIVE' }])).toEqual([
      { type: 'OKTA_SIGN_ON', status: 'INACTIVE' },
      { status: 'ACTIVE' },
    ]);
  });

  it('are about guests', () => {
    expect(REWRITTEN.guests({ userPrincipalName: 'ada@x', accountEnabled: true })).toMatchObject({ userType: 'Guest' });
    expect(REWRITTEN.guests({ userPrincipalName: 'ada@x' })).toEqual({ userPrincipalName: 'ada@x' });
  });

  it('name 120 policies with each sign-in: a page of fifty is more than 1 MiB', () => {
    const page = REWRITTEN.many_policies({
      value: Array.from({ length: 50 }, () => ({ appDisplayName: 'Mail', ipAddress: '192.0.2.1' })),
    });
    expect(JSON.stringify(page).length).toBeGreaterThan(1024 * 1024);
  });
});
