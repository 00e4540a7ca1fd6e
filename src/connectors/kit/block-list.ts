import { err, ok } from '../../platform/result.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import {
  ALREADY,
  cannotTell,
  doesNotHold,
  FOREIGN_FACTS,
  holds,
  type Action,
  type Answer,
  type Reading,
} from './action.js';
import { mapped } from './answers.js';
import { withEffect, type EffectOf } from './effect.js';
import type { GroupFacts } from './groups.js';
import { normaliseRange } from './ranges.js';
import { createTurns } from './turns.js';

/** A list of addresses that the system refuses sign-in from, as just read. */
export interface BlockList {
  /** In their normal form, as far as they can be read. */
  readonly ranges: readonly (string | null)[];
  /** Rewrites the list: with the added ranges, without the removed ones. */
  readonly write: (change: { readonly add: readonly string[]; readonly remove: readonly string[] }) => Answer<Receipt>;
}

interface Blocking<R extends Reading> {
  readonly read: (call: CallContext) => Answer<BlockList>;
  readonly words: { readonly inside: (ranges: string) => string; readonly outside: (ranges: string) => string };
  /** How the previously blocked ranges are saved. */
  readonly facts: GroupFacts;
  /** Whether a policy refuses what is in the list; absent: the list by itself does. */
  readonly effect?: EffectOf<R, readonly string[]>;
}

const NO_RANGES = err({
  kind: 'invalid_input' as const,
  message: 'These are no IP ranges; give addresses or CIDRs such as 198.51.100.7/32.',
  field: 'ranges',
});

/** The ranges of a command in their normal form, each once; empty when one of them is invalid. */
function wantedBy({ ranges }: { readonly ranges: readonly string[] }): readonly string[] {
  const normal = ranges.map(normaliseRange).filter((range) => range !== null);
  return normal.length === ranges.length ? [...new Set(normal)] : [];
}

/**
 * Addresses in one list for everybody. The system accepts the list only as a whole, so changes go one after the other.
 */
export function blockListAction<R extends Reading>(
  { read, words, facts, effect }: Blocking<R>,
  rest: Pick<Action<'block_address', R>, 'can' | 'residual'>,
): Action<'block_address', R> {
  const inTurn = createTurns();
  return {
    ...rest,
    perform: ({ command, call }) =>
      inTurn(async () => {
        const wanted = wantedBy(command);
        if (wanted.length === 0) return NO_RANGES;
        const list = await read(call);
        if (!list.ok) return list;
        const add = wanted.filter((range) => !list.value.ranges.includes(range));
        return add.length === 0 ? ok(ALREADY) : list.value.write({ add, remove: [] });
      }),
    async judge(task, { reading }) {
      const { command, call } = task;
      const list = await read(call);
      if (!list.ok) return list;
      const wanted = wantedBy(command);
      if (wanted.length === 0) return ok(cannotTell('No address was named.'));
      const open = wanted.filter((range) => !list.value.ranges.includes(range));
      if (open.length > 0)
        return ok((list.value.ranges.includes(null) ? cannotTell : doesNotHold)(words.outside(open.join(', '))));
      const listed = holds(words.inside(wanted.join(', ')));
      return effect === undefined ? ok(listed) : withEffect(listed, effect(task, reading, wanted));
    },
    undo: {
      capture: ({ command, call }) =>
        mapped(read(call), ({ ranges }) => {
          const wanted = wantedBy(command);
          // Where one cannot be read, an absent one may be there: nothing is known that could be restored.
          if (ranges.includes(null) && !wanted.every((range) => ranges.includes(range))) return {};
          return facts.save(
            wanted,
            wanted.filter((range) => ranges.includes(range)),
          );
        }),
      /** Only what the command added is removed; what others blocked stays. */
      restore: ({ command, call }, before) =>
        inTurn(async () => {
          const saved = facts.read(wantedBy(command), before);
          if (saved === null) return err(FOREIGN_FACTS);
          const list = await read(call);
          if (!list.ok) return list;
          const remove = saved.outside.filter((range) => list.value.ranges.includes(range));
          return remove.length === 0 ? ok(ALREADY) : list.value.write({ add: [], remove });
        }),
    },
  };
}
