import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ActionKind, Receipt } from '../../ports/connector.js';
import { FOREIGN_FACTS, type Answer, type Target, type Task, type Undo } from './action.js';
import { inTurn } from './in-turn.js';

/**
 * How items of an account are identified, each by a text that is the same again after it was restored, and restored.
 */
interface Things<K extends ActionKind, Thing> {
  list(task: Task<K>): Answer<readonly string[]>;
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
  async capture(task) {
    const present = await things.list(task);
    return present.ok ? ok({ [name]: present.value.toSorted() }) : present;
  },
  async restore(task, before) {
    const saved = z.array(z.string()).safeParse(before[name]);
    if (!saved.success) return err(FOREIGN_FACTS);
    const present = await things.list(task);
    if (!present.ok) return present;
    const missing = z.array(shape).safeParse(missingFrom(present.value, saved.data));
    return missing.success ? inTurn(missing.data.map((thing) => () => things.give(thing, task))) : err(FOREIGN_FACTS);
  },
});
