import { z } from 'zod';
import { err } from '../../platform/result.js';
import type { ActionKind, Facts, Receipt } from '../../ports/connector.js';
import { FOREIGN_FACTS, unsupported, type Answer, type Target, type Task, type Undo } from './action.js';
import { mapped } from './answers.js';
import { inTurn } from './in-turn.js';

/**
 * How items of an account are identified, each by a text that is the same again after it was restored, and restored.
 */
interface Things<K extends ActionKind, Thing> {
  /** `null`: not all of them can be read, so nothing is saved, and nothing given back. */
  list(task: Task<K>): Answer<readonly string[] | null>;
  give(thing: Thing, target: Target): Answer<Receipt>;
}

/** What of `saved` is missing now: two that are alike are two. */
export function missingFrom(present: readonly string[], saved: readonly string[]): readonly string[] {
  const left = [...present];
  return saved.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Undoes what an action removed: what is missing is restored, one after the other; `shape` parses its text. */
export const undoOfList = <K extends ActionKind, Thing>(
  name: string,
  shape: z.ZodType<Thing>,
  things: Things<K, Thing>,
): Undo<K> => ({
  capture(task) {
    return mapped(things.list(task), (present): Facts => (present === null ? {} : { [name]: present.toSorted() }));
  },
  async restore(task, before) {
    const saved = z.array(z.string()).safeParse(before[name]);
    if (!saved.success) return err(FOREIGN_FACTS);
    const present = await things.list(task);
    if (!present.ok) return present;
    if (present.value === null)
      return unsupported(
        'Not everything that is there now can be read, so it is not known what is missing; do it by hand.',
      );
    const missing = z.array(shape).safeParse(missingFrom(present.value, saved.data));
    return missing.success ? inTurn(missing.data.map((thing) => () => things.give(thing, task))) : err(FOREIGN_FACTS);
  },
});
