import type { Fault, Faults } from 'identity-sandbox/http';

/** How a system does: what a person at the page and the control API choose from. */
export const CONDITIONS = {
  normal: 'Normal',
  down: 'Down: every call fails',
  read_only: 'Read-only: every change fails',
  throttling: 'Throttling: four changes in 3 s',
  late: 'Late: changes show after 8 s',
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

/** What makes it so. Each way but `normal` begins where everything is normal. */
export interface Ways {
  readonly normal: () => void | Promise<void>;
  readonly down?: () => void | Promise<void>;
  readonly read_only?: () => void;
  readonly throttling?: () => void;
  readonly late?: () => void;
}

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

/** The conditions of a directory that speaks HTTP. */
export const httpConditions = (directory: { readonly faults: Faults; setLag(ms: number): void }): Conditions =>
  createConditions({
    normal() {
      directory.faults.clear();
      directory.setLag(0);
    },
    down: () => directory.faults.add(DOWN),
    read_only: () => directory.faults.add(READ_ONLY),
    throttling: () => directory.faults.add(THROTTLING),
    late: () => directory.setLag(LATE_MS),
  });
