/** The value below which the given share of the samples lies; `NaN` for none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = Math.max(0, Math.ceil(sorted.length * share) - 1);
  return sorted[place] ?? Number.NaN;
}

export const sum = (samples: readonly number[]): number => samples.reduce((total, one) => total + one, 0);

/** Two decimals are more than the machine repeats. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/**
 * Runs the work of the items, at most `lanes` at once, and begins no more of it when the time is up: a slow machine gives
 * fewer samples, not a longer run. Answers the items that were worked on; fails with the first failure.
 */
export async function inLanes<T>(
  items: readonly T[],
  { lanes, forMs }: { readonly lanes: number; readonly forMs: number },
  work: (item: T) => Promise<void>,
): Promise<T[]> {
  const end = performance.now() + forMs;
  const left = [...items];
  const done: T[] = [];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      if (performance.now() > end) return;
      done.push(item);
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}
