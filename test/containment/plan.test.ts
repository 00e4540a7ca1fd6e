import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DECISION_KINDS, type DecisionKind } from '../../src/ports/decision-kinds.js';
import { AUTHORITY_FIRST, LOCKDOWN, ON_ONE_ACCOUNT } from '../../src/containment/step-order.js';
import { type PlannedAccount, planSteps, type PlannedStep } from '../../src/containment/plan.js';
import {
  ACTION_KINDS,
  type Capability,
  type Connector,
  isItemAction,
  ITEM_ACTIONS,
  type ItemAction,
  type Route,
} from '../../src/ports/connector.js';

const SYSTEMS = ['one', 'two', 'three', 'four', 'five'] as const;
const ROUTES: readonly Route[] = ['native', 'group', 'effect_of_reset', 'console', 'none'];

type Routes = Readonly<Record<string, Readonly<Record<string, Route>>>>;

/** The planner reads nothing of a connector but what it can do. */
const connectorsWith = (routes: Routes): ReadonlyMap<string, Connector> =>
  new Map(
    Object.entries(routes).map(([system, of]) => {
      const capabilities = Object.fromEntries(
        ACTION_KINDS.map((kind): [string, Capability] => [
          kind,
          { route: of[kind] ?? 'none', undo: null, effectiveWithinSeconds: 0, permissions: [] },
        ]),
      );
      return [system, { system, capabilities } as unknown as Connector];
    }),
  );

const routes: fc.Arbitrary<Routes> = fc.record(
  Object.fromEntries(
    SYSTEMS.map((system) => [
      system,
      fc.record(Object.fromEntries(ACTION_KINDS.map((kind) => [kind, fc.constantFrom(...ROUTES)]))),
    ]),
  ),
);

const authority: fc.Arbitrary<PlannedAccount['authority']> = fc.oneof(
  fc.constant(null),
  fc.constant({ where: 'here' } as const),
  fc.record({
    where: fc.constantFrom('synced' as const, 'federated' as const),
    from: fc.constantFrom(null, 'unknown to us', ...SYSTEMS),
  }),
);

const ITEM_KINDS = Object.keys(ITEM_ACTIONS) as ItemAction[];
const items = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
const odd = fc.record(Object.fromEntries(ITEM_KINDS.map((kind) => [kind, items]))) as fc.Arbitrary<
  PlannedAccount['odd']
>;

/** Any people's accounts, among them several in one system and systems that name each other as the source. */
const accounts: fc.Arbitrary<PlannedAccount[]> = fc
  .array(fc.record({ system: fc.constantFrom(...SYSTEMS), authority, odd }), { maxLength: 6 })
  .map((all) => all.map((one, index) => ({ ...one, accountRow: `acc_${index}` })));

interface Case {
  readonly decision: DecisionKind;
  readonly accounts: PlannedAccount[];
  readonly routes: Routes;
  readonly withRanges: boolean;
  readonly chosen: readonly (readonly string[])[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  decision: fc.oneof({ arbitrary: fc.constant('lockdown' as const), weight: 2 }, fc.constantFrom(...DECISION_KINDS)),
  accounts,
  routes,
  withRanges: fc.boolean(),
  chosen: fc.array(items, { minLength: 6, maxLength: 6 }),
});

const planOf = ({ decision, accounts: all, routes: of, withRanges, chosen }: Case): PlannedStep[] =>
  planSteps(decision, all, {
    connectors: connectorsWith(of),
    withRanges,
    chosen: new Map(chosen.map((ids, index) => [`acc_${index}`, ids])),
  });

const always = (holds: (one: Case, steps: PlannedStep[]) => void): void =>
  fc.assert(
    fc.property(cases, (one) => holds(one, planOf(one))),
    { numRuns: 400 },
  );

const routeOf = ({ routes: of }: Case, step: PlannedStep): Route => of[step.system]?.[step.action] ?? 'none';

/** Whether every step gets its turn when each ends after those that it waits for. */
function comesToAnEnd(steps: readonly PlannedStep[]): boolean {
  const done = new Set<number>();
  for (let round = 0; round <= steps.length; round += 1) {
    steps.forEach((step, index) => {
      if ([...step.after, ...step.afterTry].every((other) => done.has(other))) done.add(index);
    });
  }
  return done.size === steps.length;
}

describe('the plan, for any set of accounts', () => {
  it('never goes round in a circle, and waits only for steps that it has', () => {
    always((_one, steps) => {
      for (const { after, afterTry } of steps)
        for (const index of [...after, ...afterTry]) expect(steps[index]).toBeDefined();
      expect(comesToAnEnd(steps)).toBe(true);
    });
  });

  it('honours every rule of one account when both its steps are planned', () => {
    const seen = new Set<string>();
    always((_one, steps) => {
      for (const [position, step] of steps.entries()) {
        const wanted = steps.flatMap((other, index) =>
          other.accountRow === step.accountRow &&
          ON_ONE_ACCOUNT.some(({ first, then }) => first === other.action && then === step.action)
            ? [index]
            : [],
        );
        expect(steps[position]!.after).toEqual(wanted);
        for (const index of wanted) seen.add(`${steps[index]!.action} > ${step.action}`);
      }
    });
    // A lockdown lets nobody in again and puts nobody into quarantine: those rules cannot be met in one plan.
    const inLockdown = (kind: string): boolean => LOCKDOWN.some(({ action }) => action === kind);
    const possible = ON_ONE_ACCOUNT.filter(({ first, then }) => inLockdown(first) && inLockdown(then));
    expect(seen).toEqual(new Set(possible.map(({ first, then }) => `${first} > ${then}`)));
  });

  it('lets a copy wait for nothing of its authority but the try of the same action', () => {
    let waited = 0;
    always(({ accounts: all }, steps) => {
      const accountOf = (row: string): PlannedAccount => all.find(({ accountRow }) => accountRow === row)!;
      for (const step of steps) {
        for (const index of step.after) expect(steps[index]!.accountRow).toBe(step.accountRow);
        for (const index of step.afterTry) {
          waited += 1;
          const other = steps[index]!;
          const copy = accountOf(step.accountRow).authority;
          expect(other.action).toBe(step.action);
          expect(AUTHORITY_FIRST.map(({ action }) => action)).toContain(step.action);
          expect(copy !== null && copy.where !== 'here' && copy.from).toBe(other.system);
        }
      }
    });
    expect(waited).toBeGreaterThan(20);
  });

  it('makes a plain copy wait for its authority', () => {
    const all: Case['routes'] = Object.fromEntries(
      SYSTEMS.map((system) => [system, Object.fromEntries(ACTION_KINDS.map((kind) => [kind, 'native' as const]))]),
    );
    const base = { odd: {}, authority: null } as const;
    const plan = planOf({
      decision: 'lockdown',
      routes: all,
      withRanges: false,
      chosen: [],
      accounts: [
        { ...base, accountRow: 'acc_copy', system: 'two', authority: { where: 'synced', from: 'one' } },
        { ...base, accountRow: 'acc_source', system: 'one', authority: { where: 'here' } },
        { ...base, accountRow: 'acc_other', system: 'three' },
      ],
    });
    const waits = plan.flatMap(({ accountRow, action, afterTry }) =>
      afterTry.map((index) => `${accountRow} ${action} after ${plan[index]!.accountRow} ${plan[index]!.action}`),
    );
    expect(waits).toEqual([
      'acc_copy reset_password after acc_source reset_password',
      'acc_copy disable_account after acc_source disable_account',
    ]);
  });

  it('takes away items only where somebody chose them or the evidence found them odd', () => {
    always((one, steps) => {
      for (const step of steps) {
        if (!isItemAction(step.action)) {
          expect(step.items).toBeNull();
        } else if (one.decision !== 'lockdown') {
          const chosen = one.chosen[Number(step.accountRow.slice(4))];
          if (routeOf(one, step) === 'console') expect(step.items).toBe('all');
          else {
            expect(chosen).not.toHaveLength(0);
            expect(step.items).toEqual(chosen);
          }
        } else if (LOCKDOWN.find(({ action }) => action === step.action)?.items === 'odd') {
          const found = one.accounts.find(({ accountRow }) => accountRow === step.accountRow)!.odd[step.action];
          expect(found).not.toHaveLength(0);
          expect(step.items).toEqual(found);
        } else expect(step.items).toBe('all');
      }
    });
  });

  it('leaves what only the console can do out of a lockdown, unless a person is to do it there', () => {
    let manual = 0;
    always((one, steps) => {
      if (one.decision !== 'lockdown') return;
      for (const step of steps) {
        const line = LOCKDOWN.find(({ action }) => action === step.action)!;
        if (!['console', 'effect_of_reset'].includes(routeOf(one, step))) continue;
        manual += 1;
        expect(line.manual).toBe(true);
      }
      // What is meant for hands is not forgotten either.
      for (const account of one.accounts)
        for (const { action } of LOCKDOWN.filter((line) => line.manual && line.action !== 'limit_login_ips'))
          expect(steps.some((step) => step.accountRow === account.accountRow && step.action === action)).toBe(
            one.routes[account.system]![action] !== 'none',
          );
    });
    expect(manual).toBeGreaterThan(20);
  });

  it('plans nothing that a system does not know, and no ranges that nobody gave', () => {
    always((one, steps) => {
      for (const step of steps) expect(routeOf(one, step)).not.toBe('none');
      if (one.decision === 'lockdown' && !one.withRanges)
        expect(steps.map(({ action }) => action)).not.toContain('limit_login_ips');
    });
  });
});
