import { err, ok, type Result } from '../../result.js';
import type { Chosen, ConnectorFailure, Fact, Facts } from '../port.js';
import { already, doesNotHold, done, holds, type Handler, type Outcome, type Target } from './reader.js';
import { irreversible } from './unsupported.js';

/** Things that an account has several of, all of which are treated alike. */
export interface ItemKind<Item> {
  readonly words: {
    /** As in `3 devices`. */
    readonly many: string;
    /** As in `No device is left enabled`: what is true when nothing is left to do. */
    readonly nothingLeft: string;
  };
  /** All of them; an incomplete list is a failure, because an undo would be incomplete. */
  list(target: Target): Promise<Result<readonly Item[], ConnectorFailure>>;
  /** Stable over an undo. */
  id(item: Item): string;
  title(item: Item): string;
  /** What an undo must know. */
  fact(item: Item): Fact;
  /** Whether there is nothing to do about it. */
  harmless(item: Item): boolean;
  change(item: Item, target: Target): Promise<Outcome>;
  /** Puts one saved fact back; `present` is the item as it is now. `null`: it cannot be undone. */
  readonly putBack: ((saved: Saved, present: Item | undefined, target: Target) => Promise<Outcome>) | null;
}

export interface Saved {
  readonly id: string;
  readonly fact: Fact;
}

/** After these the next item would fare no better. */
const HOPELESS: ReadonlySet<ConnectorFailure['kind']> = new Set([
  'auth',
  'throttled',
  'transient',
  'unknown_outcome',
  'permission',
  'protected_account',
]);

interface Round<Item> {
  readonly changed: string | null;
  readonly count: number;
  readonly refused: readonly { readonly item: Item; readonly failure: ConnectorFailure }[];
}

/** Changes each; what is gone meanwhile is as good as changed. */
async function changeEach<Item>(
  kind: ItemKind<Item>,
  items: readonly Item[],
  target: Target,
): Promise<Result<Round<Item>, ConnectorFailure>> {
  const refused: { item: Item; failure: ConnectorFailure }[] = [];
  let changed: string | null = null;
  let count = 0;
  for (const item of items) {
    const outcome = await kind.change(item, target);
    if (outcome.ok) {
      changed = outcome.value.requestId;
      count += 1;
    } else if (HOPELESS.has(outcome.error.kind)) return outcome;
    else if (outcome.error.kind !== 'not_found') refused.push({ item, failure: outcome.error });
  }
  return ok({ changed, count, refused });
}

/** Two rounds: some things go only after others (a default factor after the rest, a number after its alternate). */
async function changeAll<Item>(kind: ItemKind<Item>, items: readonly Item[], target: Target): Promise<Outcome> {
  if (items.length === 0) return already;
  const first = await changeEach(kind, items, target);
  if (!first.ok) return first;
  if (first.value.refused.length === 0) return done(first.value.changed);
  const again = first.value.refused.map(({ item }) => item);
  const second = await changeEach(kind, again, target);
  if (!second.ok) return second;
  const [left] = second.value.refused;
  return left === undefined ? done(second.value.changed) : err(left.failure);
}

/** An action on items, the chosen ones or all that are there. */
export function itemHandler<Item>(kind: ItemKind<Item>, chosen: Chosen): Handler {
  const wanted = async (target: Target): Promise<Result<readonly Item[], ConnectorFailure>> => {
    const all = await kind.list(target);
    if (!all.ok || chosen === 'all') return all;
    const ids = new Set(chosen);
    return ok(all.value.filter((item) => ids.has(kind.id(item))));
  };

  return {
    async perform(target) {
      const items = await wanted(target);
      if (!items.ok) return items;
      const open = items.value.filter((item) => !kind.harmless(item));
      return changeAll(kind, open, target);
    },
    async capture(target) {
      if (kind.putBack === null) return ok({});
      const items = await wanted(target);
      if (!items.ok) return items;
      const absent: Facts = chosen === 'all' ? {} : Object.fromEntries(chosen.map((id) => [id, null]));
      return ok({ ...absent, ...Object.fromEntries(items.value.map((item) => [kind.id(item), kind.fact(item)])) });
    },
    restore: kind.putBack === null ? irreversible(`Removed ${kind.words.many} cannot be put back.`) : restoreWith(kind),
    async judge(target) {
      const items = await wanted(target);
      if (!items.ok) return items;
      const open = items.value.filter((item) => !kind.harmless(item));
      if (open.length === 0) return holds(kind.words.nothingLeft);
      const names = open.slice(0, 5).map((item) => kind.title(item));
      return doesNotHold(`Still there: ${names.join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}.`);
    },
  };
}

function restoreWith<Item>(kind: ItemKind<Item>): Handler['restore'] {
  return async (target, before) => {
    const { putBack } = kind;
    if (putBack === null) return already;
    const present = await kind.list(target);
    if (!present.ok) return present;
    const byId = new Map(present.value.map((item) => [kind.id(item), item]));
    let receipt = already;
    for (const [id, fact] of Object.entries(before)) {
      if (fact === null) continue;
      const outcome = await putBack({ id, fact }, byId.get(id), target);
      if (!outcome.ok) return outcome;
      if (!outcome.value.alreadyDone) receipt = outcome;
    }
    return receipt;
  };
}

/** The rows of a list that must be whole; rows that cannot be read make it fail, for they would be left out in silence. */
export function whole<Item>(
  found: { readonly rows: readonly unknown[]; readonly complete: boolean },
  read: (row: unknown) => Item | null,
  many: string,
): Result<readonly Item[], ConnectorFailure> {
  if (!found.complete) {
    const message = `The account has more ${many} than are read at once; look at them in the Entra admin center.`;
    return err({ kind: 'unsupported', message });
  }
  const items: Item[] = [];
  for (const row of found.rows) {
    const item = read(row);
    if (item === null) {
      const message = `Microsoft Graph answered with ${many} that cannot be read; it is safe to ask again.`;
      return err({ kind: 'transient', message });
    }
    items.push(item);
  }
  return ok(items);
}
