import { err, ok } from '../../platform/result.js';
import type { ActionKind, Chosen, ConnectorFailure, Fact, Facts, ItemAction, Receipt } from '../../ports/connector.js';
import type { Action, Answer, CommandOf, Reading, Target, Undo, Verdict } from './action.js';
import { afterPart, ALREADY, cannotTell, doesNotHold, holds, SKEW_MS, unsupported } from './action.js';
import { andThen, mapped } from './answers.js';

/**
 * Items of an account. An unreadable one spoils nothing else, but must not count as absent: then the list is not
 * `complete`.
 */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly complete: boolean;
  /** Why it is not complete, where that is known, e.g. that tokens may not be read: shown instead of `words.unread`. */
  readonly because?: ConnectorFailure;
}

export interface Saved {
  readonly id: string;
  readonly fact: Fact;
}

/** Items of which an account has several, all treated alike. */
export interface ItemKind<Item> {
  readonly words: {
    /** What is true when nothing is left to do, a sentence. */
    readonly nothingLeft: string;
    /** What is true when the system does not show all, a sentence that says where to look. */
    readonly unread: string;
  };
  /** All of them; a truncated list is a failure where an undo would be incomplete. */
  list(target: Target): Answer<Listed<Item>>;
  /** What "all" means, where it is not the whole list. */
  readonly all?: { list(target: Target): Answer<Listed<Item>>; readonly nothingLeft: string };
  /** Stable over an undo. */
  id(item: Item): string;
  title(item: Item): string;
  /** Whether there is nothing to do about it; `null`: unknown, so it is changed, but proves nothing. */
  readonly harmless?: (item: Item) => boolean | null;
  /** When it was added: the command was not meant to remove what came after it. */
  addedAt?(item: Item): Date | null;
  change(item: Item, target: Target): Answer<Receipt>;
  readonly undo?: {
    /** What an undo must know. */
    fact(item: Item): Fact;
    /** Restores one saved fact; `present` is the item as it is now. */
    putBack(saved: Saved, present: Item | undefined, target: Target): Answer<Receipt>;
  };
}

/** After these failures the next item would do no better. */
const HOPELESS: ReadonlySet<ConnectorFailure['kind']> = new Set([
  'auth',
  'throttled',
  'transient',
  'unknown_outcome',
  'permission',
  'protected_account',
]);

interface Round<Item> {
  readonly receipt: Receipt;
  readonly refused: readonly { readonly item: Item; readonly failure: ConnectorFailure }[];
}

/** Changes each, one after the other; what has vanished meanwhile counts as changed. */
async function changeEach<Item>(kind: ItemKind<Item>, items: readonly Item[], target: Target): Answer<Round<Item>> {
  const refused: { item: Item; failure: ConnectorFailure }[] = [];
  let receipt = ALREADY;
  for (const item of items) {
    const outcome = await kind.change(item, target);
    if (outcome.ok && !outcome.value.alreadyDone) receipt = outcome.value;
    if (outcome.ok) continue;
    if (HOPELESS.has(outcome.error.kind)) return err(afterPart(receipt, outcome.error));
    if (outcome.error.kind !== 'not_found') refused.push({ item, failure: outcome.error });
  }
  return ok({ receipt, refused });
}

/**
 * Two rounds: some items can be removed only after others (a default factor after the rest, a number after its
 * alternate).
 */
async function changeAll<Item>(kind: ItemKind<Item>, items: readonly Item[], target: Target): Answer<Receipt> {
  const first = await changeEach(kind, items, target);
  if (!first.ok || first.value.refused.length === 0) return first.ok ? ok(first.value.receipt) : first;
  const left = first.value.refused.map(({ item }) => item);
  const second = await changeEach(kind, left, target);
  if (!second.ok) return err(afterPart(first.value.receipt, second.error));
  const [still] = second.value.refused;
  if (still !== undefined) return err(still.failure);
  return ok(second.value.receipt.alreadyDone ? first.value.receipt : second.value.receipt);
}

async function wanted<Item>(kind: ItemKind<Item>, chosen: Chosen, target: Target): Answer<Listed<Item>> {
  if (chosen === 'all') return (kind.all ?? kind).list(target);
  return mapped(kind.list(target), (found) => ({
    ...found,
    items: found.items.filter((item) => chosen.includes(kind.id(item))),
  }));
}

const isOpen =
  <Item>({ harmless }: ItemKind<Item>) =>
  (item: Item): boolean =>
    harmless?.(item) !== true;

function judgeLeft<Item>(
  kind: ItemKind<Item>,
  chosen: Chosen,
  { items, complete, because }: Listed<Item>,
  since: Date,
): Verdict {
  const told = items.filter((item) => kind.harmless?.(item) !== null);
  const open = told.filter(isOpen(kind));
  const isFresh = (item: Item): boolean => {
    const at = chosen === 'all' ? (kind.addedAt?.(item) ?? null) : null;
    return at !== null && at.getTime() > since.getTime() + SKEW_MS;
  };
  const left = open.filter((item) => !isFresh(item));
  if (left.length > 0) {
    const more = left.length > 5 ? ` and ${left.length - 5} more` : '';
    const first = left.slice(0, 5).map((item) => kind.title(item));
    return doesNotHold(`Still there: ${first.join(', ')}${more}.`);
  }
  if (!complete || told.length < items.length) return cannotTell(because?.message ?? kind.words.unread);
  const nothingLeft = (chosen === 'all' ? kind.all?.nothingLeft : undefined) ?? kind.words.nothingLeft;
  const fresh = open.length;
  return holds(fresh === 0 ? nothingLeft : `${nothingLeft} ${fresh} came after the command.`);
}

/** What cannot be restored blocks none of the others. */
async function restoreEach<Item>(kind: ItemKind<Item>, before: Facts, target: Target): Answer<Receipt> {
  const present = await kind.list(target);
  if (!present.ok) return present;
  const byId = new Map(present.value.items.map((item) => [kind.id(item), item]));
  const refused: ConnectorFailure[] = [];
  let receipt = ALREADY;
  for (const [id, fact] of Object.entries(before)) {
    if (fact === null || kind.undo === undefined) continue;
    const outcome = await kind.undo.putBack({ id, fact }, byId.get(id), target);
    if (!outcome.ok && HOPELESS.has(outcome.error.kind)) return err(afterPart(receipt, outcome.error));
    if (!outcome.ok) refused.push(outcome.error);
    else if (!outcome.value.alreadyDone) receipt = outcome.value;
  }
  const [first] = refused;
  return first === undefined ? ok(receipt) : err(first);
}

type Rest<K extends ActionKind, R extends Reading> = Pick<Action<K, R>, 'can' | 'residual' | 'clicks'>;

function actionOn<K extends ActionKind, R extends Reading, Item>(
  kind: ItemKind<Item>,
  chosenBy: (command: CommandOf<K>) => Chosen,
  rest: Rest<K, R>,
): Action<K, R> {
  const { undo } = kind;
  const undoing: Undo<K> | null =
    undo === undefined
      ? null
      : {
          capture(task) {
            const chosen = chosenBy(task.command);
            const absent: Facts = chosen === 'all' ? {} : Object.fromEntries(chosen.map((id) => [id, null]));
            return mapped(wanted(kind, chosen, task), ({ items }) => {
              const facts = items.map((item) => [kind.id(item), undo.fact(item)] as const);
              return { ...absent, ...Object.fromEntries(facts) };
            });
          },
          restore: (task, before) => restoreEach(kind, before, task),
        };
  return {
    ...rest,
    ...(undoing === null ? {} : { undo: undoing }),
    perform: (task) =>
      andThen(wanted(kind, chosenBy(task.command), task), ({ items, complete, because }) => {
        const open = items.filter(isOpen(kind));
        if (open.length === 0 && !complete) return because ? err(because) : unsupported(kind.words.unread);
        return changeAll(kind, open, task);
      }),
    judge(task, { since }) {
      const chosen = chosenBy(task.command);
      return mapped(wanted(kind, chosen, task), (found) => judgeLeft(kind, chosen, found, since));
    },
  };
}

/** An action on the chosen items, or all that are there: the same everywhere, whatever the items are. */
export const itemAction = <K extends ItemAction, R extends Reading, Item>(
  kind: ItemKind<Item>,
  rest: Rest<K, R>,
): Action<K, R> => actionOn(kind, (command: CommandOf<ItemAction>) => command.items, rest);

/** An action on every existing item, without a choice. */
export const everyItemAction = <K extends ActionKind, R extends Reading, Item>(
  kind: ItemKind<Item>,
  rest: Rest<K, R>,
): Action<K, R> => actionOn(kind, () => 'all', rest);
