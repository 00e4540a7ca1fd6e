import type { EffectHooks, Fault, Faults } from 'identity-sandbox/http';
import { REWRITTEN, type Rewritten } from './doubts.js';

/** How a system does: what a person at the page and the control API choose from. */
export const CONDITIONS = {
  normal: 'Normal',
  down: 'Down: every call fails',
  read_only: 'Read-only: every change fails',
  throttling: 'Throttling: four changes in 3 s',
  late: 'Late: changes show after 8 s',
  fast_clock: 'Its clock is five minutes ahead',
  slow_clock: 'Its clock is five minutes behind',
  left_out: 'Rows lack what vendors leave out',
  without_members: 'Groups show no members',
  report_only: 'Policies only report, or are switched off',
  guests: 'Everybody is a guest of another tenant',
  many_policies: 'Sign-ins name 120 policies each',
  groups_refused: 'Every change of a group is refused',
  right_missing: 'A right was taken away',
} as const;
export type Condition = keyof typeof CONDITIONS;

export const isCondition = (text: string): text is Condition => Object.hasOwn(CONDITIONS, text);

/** The condition of one system, and how to change it. */
export interface Conditions {
  /** Those that this system can have. */
  readonly possible: readonly Condition[];
  now(): Condition;
  /** @throws a sentence when this system cannot be so */
  set(condition: Condition): Promise<void>;
}

type Way = () => void | Promise<void>;
/** What makes it so. Each way but `normal` begins where everything is normal. */
export type Ways = { readonly normal: Way } & { readonly [C in Exclude<Condition, 'normal'>]?: Way };

export function createConditions(ways: Ways): Conditions {
  let now: Condition = 'normal';
  const possible = Object.keys(CONDITIONS).filter(isCondition);
  return {
    possible: possible.filter((condition) => ways[condition] !== undefined),
    now: () => now,
    async set(condition) {
      const way = ways[condition];
      if (way === undefined) throw new Error(`This system cannot be ${condition} here; choose another condition.`);
      await ways.normal();
      if (condition !== 'normal') await way();
      now = condition;
    },
  };
}

const FOR_EVER = Number.MAX_SAFE_INTEGER;
/** Also the sign-in of the app. */
const DOWN: Fault = { type: 'http_500', path: '', times: FOR_EVER };
const READ_ONLY: Fault = { type: 'http_500', only: 'writes', times: FOR_EVER };
const THROTTLING: Fault = { type: 'throttle', only: 'writes', times: FOR_EVER, perStretch: 4, ms: 3000 };
export const LATE_MS = 8000;

const OFF_MS = 5 * 60_000;
/** How far the clock of such a system is ahead, ms. */
export const aheadMs = (condition: Condition): number =>
  condition === 'fast_clock' ? OFF_MS : condition === 'slow_clock' ? -OFF_MS : 0;

/** What a directory on HTTP can be made to do. */
export interface Playable {
  readonly faults: Faults;
  readonly hooks?: EffectHooks;
  setLag(ms: number): void;
  /** How far its clock is ahead, ms; absent: it is the machine's. */
  setClock?: (aheadMs: number) => void;
}

/** What only this system can be, and how it is ended. */
export interface Own {
  readonly ways: Omit<Ways, 'normal'>;
  /** Which of the ways in which answers differ it can show. */
  readonly rewritten: readonly Rewritten[];
  normal?(): void;
}

const rewriting = (hooks: EffectHooks, names: readonly Rewritten[]): Omit<Ways, 'normal'> =>
  Object.fromEntries(names.map((name) => [name, () => void (hooks.rewrite = REWRITTEN[name])]));

const clockOff = (setClock: (aheadMs: number) => void): Omit<Ways, 'normal'> => ({
  fast_clock: () => setClock(aheadMs('fast_clock')),
  slow_clock: () => setClock(aheadMs('slow_clock')),
});

/** The conditions of a directory that speaks HTTP. */
export function httpConditions(directory: Playable, own: Own = { ways: {}, rewritten: [] }): Conditions {
  const { faults, hooks, setClock } = directory;
  return createConditions({
    normal() {
      faults.clear();
      directory.setLag(0);
      setClock?.(0);
      if (hooks) hooks.rewrite = undefined;
      own.normal?.();
    },
    down: () => faults.add(DOWN),
    read_only: () => faults.add(READ_ONLY),
    throttling: () => faults.add(THROTTLING),
    late: () => directory.setLag(LATE_MS),
    ...(setClock === undefined ? {} : clockOff(setClock)),
    ...(hooks === undefined ? {} : rewriting(hooks, own.rewritten)),
    ...own.ways,
  });
}
