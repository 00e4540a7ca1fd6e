import { ok } from '../../platform/result.js';
import type { Answer, Outcome } from './action.js';

/** What was read, or is being read. */
type Reading<T> = Outcome<T> | Answer<T>;

/** Maps what is read; a failure stays as it is. */
export async function mapped<T, U>(reading: Reading<T>, to: (value: T) => U): Answer<U> {
  const read = await reading;
  return read.ok ? ok(to(read.value)) : read;
}

/** Continues with what is read, unless it fails. */
export async function andThen<T, U>(reading: Reading<T>, next: (value: T) => Reading<U>): Answer<U> {
  const read = await reading;
  return read.ok ? next(read.value) : read;
}

/** All of what is read in parallel, or the first failure. */
export async function allOf<T extends readonly unknown[]>(readings: {
  readonly [I in keyof T]: Reading<T[I]>;
}): Answer<T> {
  const all: readonly Reading<unknown>[] = readings;
  const values: unknown[] = [];
  for (const read of await Promise.all(all.map((reading) => Promise.resolve(reading)))) {
    if (!read.ok) return read;
    values.push(read.value);
  }
  // `Promise.all` and the loop lose which position had which type.
  return ok(values as readonly unknown[] as T);
}
