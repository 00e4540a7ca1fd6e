import type { Fault } from '../../directories/http/faults.js';

/** How a system does: what a person at the page, the control API and the drill choose from. */
export const CONDITIONS = {
  normal: { label: 'Normal', means: 'It answers at once.' },
  down: { label: 'Down', means: 'Every call fails, also the sign-in of Notme.' },
  throttling: { label: 'Throttling', means: 'Few changes in a stretch; the others are told to wait, in its own unit.' },
  late: { label: 'Late', means: 'What was changed is seen only some seconds later.' },
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

const FOR_EVER = Number.MAX_SAFE_INTEGER;
const DOWN: Fault = { type: 'http_500', path: '', times: FOR_EVER };
/** Two changes in three seconds. */
const THROTTLING: Fault = { type: 'throttle', only: 'writes', times: FOR_EVER, perStretch: 2, ms: 3000 };
export const LATE_MS = 8000;

/** What makes it so; each begins where everything is normal. */
export type Ways = Readonly<Partial<Record<Condition, () => void | Promise<void>>>> & {
  normal(): void | Promise<void>;
};

export function createConditions(ways: Ways): Conditions {
  let now: Condition = 'normal';
  return {
    possible: Object.keys(CONDITIONS)
      .filter(isCondition)
      .filter((condition) => ways[condition] !== undefined),
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

/** The conditions of a directory that speaks HTTP. */
export const httpConditions = (directory: {
  readonly faults: { add(fault: Fault): void; clear(): void };
  setLag(ms: number): void;
}): Conditions =>
  createConditions({
    normal() {
      directory.faults.clear();
      directory.setLag(0);
    },
    down: () => directory.faults.add(DOWN),
    throttling: () => directory.faults.add(THROTTLING),
    late: () => directory.setLag(LATE_MS),
  });
