import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { ActionKind, Receipt } from '../../ports/connector.js';
import { ALREADY, FOREIGN_FACTS, type Answer, type Target, type Undo } from './action.js';
import { andThen, mapped } from './answers.js';

/** Values of an account by name; `null`: there is none, or the system does not say. Absent ones are not saved. */
type Told<Name extends string, Value> = Readonly<Partial<Record<Name, Value | null>>>;

/** How values of an account are read and set. */
interface Values<Name extends string, Value> {
  read(target: Target): Answer<Told<Name, Value>>;
  set(values: ReadonlyMap<Name, Value>, target: Target): Answer<Receipt>;
}

function undoOf<K extends ActionKind, Name extends string, Value extends string | boolean>(
  shape: z.ZodType<Value>,
  names: readonly Name[],
  values: Values<Name, Value>,
): Undo<K> {
  const saved = z.record(z.string(), shape.nullable());
  return {
    capture: (task) =>
      mapped(values.read(task), (told) => {
        const facts = names.flatMap((name) => {
          const value = told[name];
          return value === undefined ? [] : [[name, value] as const];
        });
        return Object.fromEntries(facts);
      }),
    async restore(task, before) {
      const facts = saved.safeParse(before);
      if (!facts.success) return err(FOREIGN_FACTS);
      return andThen(values.read(task), (present) => {
        const wanted = names.flatMap((name) => {
          const value = facts.data[name] ?? null;
          return value === null || value === present[name] ? [] : [[name, value] as const];
        });
        return wanted.length === 0 ? ok(ALREADY) : values.set(new Map(wanted), task);
      });
    },
  };
}

/** Undoes what an action did to these flags: those that differ from before are reset; an unknown one stays. */
export const undoOfFlags = <K extends ActionKind, Name extends string>(
  names: readonly Name[],
  flags: Values<Name, boolean>,
): Undo<K> => undoOf(z.boolean(), names, flags);

/** The same for texts, e.g. recovery addresses. */
export const undoOfTexts = <K extends ActionKind, Name extends string>(
  names: readonly Name[],
  texts: Values<Name, string>,
): Undo<K> => undoOf(z.string(), names, texts);
