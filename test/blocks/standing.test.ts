import { describe, expect, it } from '@jest/globals';
import { openSteps, remainingOf, securedAs, standingOf } from '../../src/incidents/step-standing.js';
import type { Step } from '../../src/incidents/steps.js';

let made = 0;
const step = (over: Partial<Step>): Step => ({
  id: `step_${(made += 1)}`,
  decision_id: 'dec_1',
  incident_id: 'inc_1',
  account_row: 'acc_1',
  system: 'okta',
  action: 'disable_account',
  ranges: [],
  items: null,
  sealed_password: null,
  position: 0,
  status: 'verified',
  attempts: 1,
  reads: 0,
  round: 0,
  first_sent_at: null,
  accepted_at: new Date(0),
  result: null,
  finished_at: new Date(0),
  before_facts: null,
  after_facts: null,
  undo_of: null,
  watched: 0,
  watch_verdict: null,
  authentication: null,
  authenticated_at: null,
  ...over,
});
const accounts = [{ id: 'acc_1' }];
const remaining = (...steps: Step[]) => remainingOf({ steps, accounts }, []);

describe('where a step stands', () => {
  it.each([
    ['verified', {}, 'done'],
    ['verified', { watch_verdict: 'does_not_hold' }, 'failed'],
    ['accepted', {}, 'unproven'],
    ['accepted', { result: { effectiveBy: '2026-01-01T00:00:00.000Z' } }, 'done'],
    ['retrying', { finished_at: null }, 'unproven'],
    ['retrying', { finished_at: null, accepted_at: null }, 'running'],
    ['console', {}, 'manual'],
    ['needs_human', {}, 'failed'],
  ] as const)('%s with %j is %s', (status, over, wanted) => {
    expect(standingOf(step({ status, ...over }))).toBe(wanted);
  });
});

describe('what is left', () => {
  it('lets a later try of the same have the last word', () => {
    const left = remaining(step({ status: 'needs_human' }), step({}));
    expect(openSteps(left)).toEqual([]);
    expect(securedAs(left)).toBe('done');
  });

  it('says that nothing was done when all of it was taken back, or was letting somebody in', () => {
    const first = step({});
    expect(securedAs(remaining(first, step({ undo_of: first.id })))).toBe('nothing');
    expect(securedAs(remaining(step({ action: 'enable_account' })))).toBe('nothing');
    expect(securedAs(remaining())).toBe('nothing');
  });

  it('leaves out steps on an account that is no longer linked', () => {
    expect(securedAs(remaining(step({ account_row: 'acc_other' })))).toBe('nothing');
  });
});
