import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import { ACTION_KINDS, type ActionKind, type Facts, type Receipt } from '../../ports/connector.js';
import type { Action, Answer, ByPerson, CommandOf, Reading, Target, Undo, Verdict } from './action.js';
import { cannotTell, doesNotHold, FOREIGN_FACTS, holds, manual, unsupported } from './action.js';
import { allOf, andThen, mapped } from './answers.js';
import { withEffect, type EffectOf } from './effect.js';
import { inTurn } from './in-turn.js';
import type { Listed } from './items.js';
import { ifShown } from './partial.js';
import { rangeSetKey } from './ranges.js';

/** Whether an account is in a group; `unknown` when the answers could not have shown it. */
export type Membership = 'inside' | 'outside' | 'unknown';

/** How a system's prepared groups are read and changed; `group` is the name that the settings use. */
export interface Groups {
  /** One call returns all groups: before several are changed it is made, and what is already so is not sent. */
  readonly atOnce?: boolean;
  /** Those of the groups that list the account directly: what this connector adds and removes. */
  memberships(groups: readonly string[], target: Target): Answer<ReadonlyMap<string, Membership>>;
  join(group: string, target: Target): Answer<Receipt>;
  leave(group: string, target: Target): Answer<Receipt>;
  /** Changes several over one connection, where each operation opens one; absent: one after the other. */
  move?(change: Move, target: Target): Answer<Receipt>;
}

/** Groups to be in, and groups not to be in. */
export interface Move {
  readonly join: readonly string[];
  readonly leave: readonly string[];
  /** An undo: the groups must list the account directly; otherwise membership through another group is enough. */
  readonly directly?: boolean;
}

/** Every prepared group, once, with the actions that it was prepared for. */
export function usesOf(
  prepared: Readonly<Partial<Record<ActionKind, readonly (string | null)[]>>>,
): ReadonlyMap<string, readonly ActionKind[]> {
  const names = [...new Set(Object.values(prepared).flat())].filter((name) => name !== null);
  return new Map(names.map((name) => [name, ACTION_KINDS.filter((kind) => prepared[kind]?.includes(name))]));
}

/** How memberships are written among the facts of an undo. */
export interface GroupFacts {
  save(all: readonly string[], inside: readonly string[]): Facts;
  /**
   * The groups that contained the account; `null` when these are not such facts. Groups in neither list stay as they
   * are.
   */
  read(
    all: readonly string[],
    before: Facts,
  ): { readonly inside: readonly string[]; readonly outside: readonly string[] } | null;
}

const list = z.array(z.string());

/** One fact with the groups that contain the account. */
export const listedFacts = (key = 'groups'): GroupFacts => ({
  save: (_all, inside) => ({ [key]: inside }),
  read(all, before) {
    const saved = list.safeParse(before[key]);
    if (!saved.success) return null;
    const inside = all.filter((group) => saved.data.includes(group));
    return { inside, outside: all.filter((group) => !inside.includes(group)) };
  },
});

/** One fact for each group: whether it contains the account. */
export const flaggedFacts = (keyOf: (group: string) => string): GroupFacts => ({
  save: (all, inside) => Object.fromEntries(all.map((group) => [keyOf(group), inside.includes(group)])),
  read(all, before) {
    const inside = all.filter((group) => before[keyOf(group)] === true);
    const outside = all.filter((group) => before[keyOf(group)] === false);
    return inside.length + outside.length === 0 ? null : { inside, outside };
  },
});

const NOTHING_KNOWN = ok<ReadonlyMap<string, Membership>>(new Map());

/** Joins first and leaves afterwards: in between, the account is never in fewer groups than it should be. */
async function move(groups: Groups, change: Move, target: Target): Answer<Receipt> {
  if (groups.move) return groups.move(change, target);
  const { join, leave } = change;
  const all = [...join, ...leave];
  const known = groups.atOnce && all.length > 1 ? await groups.memberships(all, target) : NOTHING_KNOWN;
  if (!known.ok) return known;
  const unless = (found: Membership) => (group: string) => known.value.get(group) !== found;
  return inTurn([
    ...join.filter(unless('inside')).map((group) => () => groups.join(group, target)),
    ...leave.filter(unless('outside')).map((group) => () => groups.leave(group, target)),
  ]);
}

/** Queries each group separately, in parallel. */
export function membershipsBy(
  groups: readonly string[],
  ask: (group: string) => Answer<Membership>,
): Answer<ReadonlyMap<string, Membership>> {
  const asked = groups.map((group) => mapped(ask(group), (found) => [group, found] as const));
  return mapped(allOf(asked), (found) => new Map(found));
}

export const inside = (memberships: ReadonlyMap<string, Membership>): readonly string[] =>
  [...memberships].flatMap(([group, found]) => (found === 'inside' ? [group] : []));

/**
 * What a list of an account's groups says about each; one missing from an incomplete list is unknown, and so is one
 * that a row may be about (`null`).
 */
export function membershipsAmong<Row>(
  found: Listed<Row> | null,
  groups: readonly string[],
  isIt: (group: string, row: Row) => boolean | null,
): ReadonlyMap<string, Membership> {
  const { items, complete } = found ?? { items: [], complete: false };
  const of = (group: string): Membership => {
    const told = items.map((row) => isIt(group, row));
    if (told.includes(true)) return 'inside';
    return complete && !told.includes(null) ? 'outside' : 'unknown';
  };
  return new Map(groups.map((group) => [group, of(group)]));
}

/** Whether the prepared group contains the account; `null`: none was prepared, or it is not shown. */
export function holdsAccount(group: string | null, memberships: ReadonlyMap<string, Membership>): boolean | null {
  const found = group === null ? undefined : memberships.get(group);
  return found === undefined || found === 'unknown' ? null : found === 'inside';
}

/** The same, queried. */
export async function isInside(groups: Groups, group: string | null, target: Target): Answer<boolean | null> {
  if (group === null) return ok(null);
  const found = ifShown(await groups.memberships([group], target));
  return mapped(found, (memberships) => holdsAccount(group, memberships ?? new Map()));
}

export const isUnknown = (memberships: ReadonlyMap<string, Membership>): boolean =>
  [...memberships.values()].includes('unknown');

/** Where a system does not show who is in a group, nothing is saved: there is nothing to restore. */
function undoOf<K extends ActionKind>(groups: Groups, all: readonly string[], facts: GroupFacts): Undo<K> {
  return {
    capture: (task) =>
      mapped(groups.memberships(all, task), (found) => (isUnknown(found) ? {} : facts.save(all, inside(found)))),
    restore(task, before) {
      const saved = facts.read(all, before);
      if (saved === null) return Promise.resolve(err(FOREIGN_FACTS));
      return move(groups, { join: saved.inside, leave: saved.outside, directly: true }, task);
    },
  };
}

/** The sentences of a membership. */
export interface GroupWords {
  inside(group: string): string;
  outside(group: string): string;
  /** When the answers could not have shown it; says where to look. */
  unknown(group: string): string;
  /** What people call the group; absent: the name in the settings. */
  nameOf?(group: string): string;
}

type Rest<K extends ActionKind, R extends Reading> = Pick<Action<K, R>, 'can' | 'residual' | 'clicks'>;

export interface Prepared<R extends Reading> {
  readonly groups: Groups;
  readonly words: GroupWords;
  readonly facts?: GroupFacts;
  /** The memberships that a reading already contains; absent: they are queried. */
  readonly shown?: (reading: R, groups: readonly string[]) => ReadonlyMap<string, Membership>;
  /** Whether the policy that the groups were prepared for is in force; absent: the membership itself is what counts. */
  readonly effect?: EffectOf<R>;
}

/** Membership of all the groups prepared for this, or (`out`) of none of them. */
export function memberAction<K extends ActionKind, R extends Reading>(
  names: readonly string[],
  { groups, words, shown, effect, facts = listedFacts() }: Prepared<R>,
  { out = false, ...rest }: Rest<K, R> & { readonly out?: boolean },
): Action<K, R> {
  return {
    ...rest,
    perform: (task) => move(groups, out ? { join: [], leave: names } : { join: names, leave: [] }, task),
    judge: (task, { reading }) =>
      andThen(shown ? ok(shown(reading, names)) : groups.memberships(names, task), async (found) => {
        const read = judgeMembership(found, words, out);
        if (read.verdict !== 'holds' || effect === undefined) return ok(read);
        return withEffect(read, effect(task, reading, undefined));
      }),
    undo: undoOf(groups, names, facts),
  };
}

/** Membership of the one group prepared for this; without one, a person does it. */
export const preparedAction = <K extends ActionKind, R extends Reading>(
  group: string | null,
  prepared: Prepared<R> & Required<Pick<Prepared<R>, 'effect'>>,
  rest: Rest<K, R>,
  byPerson: ByPerson<K, R>,
): Action<K, R> => (group === null ? manual({ ...asSlow(rest), ...byPerson }) : memberAction([group], prepared, rest));

/** What a person does to a group takes effect no sooner than what a call does. */
const asSlow = <K extends ActionKind, R extends Reading>({ can, residual = [] }: Rest<K, R>) => ({
  effectiveWithinSeconds: can.effectiveWithinSeconds,
  residual,
});

function judgeMembership(found: ReadonlyMap<string, Membership>, words: GroupWords, out: boolean): Verdict {
  const those = (wanted: Membership): string =>
    [...found].flatMap(([group, one]) => (one === wanted ? [words.nameOf?.(group) ?? group] : [])).join(', ');
  const [wrong, right]: readonly [Membership, Membership] = out ? ['inside', 'outside'] : ['outside', 'inside'];
  if (those(wrong) !== '') return doesNotHold(words[wrong](those(wrong)));
  if (those('unknown') !== '') return cannotTell(words.unknown(those('unknown')));
  return holds(words[right](those(right)));
}

/** A group that was prepared to let people in from these ranges only. */
export interface RangeGroup {
  readonly group: string;
  readonly ranges: readonly string[];
}

/** The prepared group whose ranges are this very set; `null` when there is none. */
export function groupForRanges(prepared: readonly RangeGroup[], ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = prepared.find((one) => rangeSetKey(one.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

/** The ranges of the only group that contains the account; `[]` for none, `null` when several do or it is not shown. */
export function rangesOf(
  prepared: readonly RangeGroup[],
  memberships: ReadonlyMap<string, Membership>,
): readonly string[] | null {
  if (prepared.length === 0 || isUnknown(memberships)) return null;
  const [only, second] = inside(memberships);
  if (second !== undefined) return null;
  return prepared.find(({ group }) => group === only)?.ranges ?? [];
}

/**
 * What the prepared groups permit, where a system shows no ranges itself; in several at once, it is unknown which one
 * wins.
 */
export async function readRanges(
  groups: Groups,
  prepared: readonly RangeGroup[],
  target: Target,
): Answer<readonly string[] | null> {
  if (prepared.length === 0) return ok(null);
  const names = prepared.map(({ group }) => group);
  const found = ifShown(await groups.memberships(names, target));
  return mapped(found, (memberships) => memberships && rangesOf(prepared, memberships));
}

export interface RangeWords {
  /** Why there is no call for these ranges, and what to do instead. */
  readonly unprepared: string;
  readonly notShown: string;
  inside(group: string, ranges: string): string;
  outside(ranges: string): string;
}

interface PreparedRanges<R extends Reading> extends Pick<Prepared<R>, 'groups' | 'facts'> {
  readonly words: RangeWords;
  /** Whether a policy lets the group in from these ranges only. */
  readonly effect: EffectOf<R, RangeGroup>;
}

/**
 * Sign-in from a prepared set of ranges only, by membership of the group that belongs to it and of no other such group.
 * The clicks are for ranges without a prepared group; without any such group a person always does it.
 */
export function rangesAction<R extends Reading>(
  prepared: readonly RangeGroup[],
  { groups, words, effect, facts = listedFacts() }: PreparedRanges<R>,
  rest: Rest<'limit_login_ips', R>,
): Action<'limit_login_ips', R> {
  const clicks: Action<'limit_login_ips', R>['clicks'] = (command, account) => rest.clicks?.(command, account) ?? [];
  if (prepared.length === 0)
    return manual({ why: words.unprepared, observed: words.notShown, ...asSlow(rest), clicks });
  const all = prepared.map(({ group }) => group);
  const groupOf = ({ ranges }: CommandOf<'limit_login_ips'>) => groupForRanges(prepared, ranges);
  return {
    ...rest,
    clicks: (command, account) => (groupOf(command) === null ? clicks(command, account) : []),
    perform(task) {
      const group = groupOf(task.command);
      if (group === null) return Promise.resolve(unsupported(words.unprepared));
      return move(groups, { join: [group], leave: all.filter((other) => other !== group) }, task);
    },
    judge(task, { reading }) {
      const { ranges } = task.command;
      const { loginRanges } = reading.state;
      const group = groupOf(task.command);
      if (group === null || loginRanges === null) return cannotTell(words.notShown);
      const present = loginRanges.join(', ');
      if (rangeSetKey(loginRanges) !== rangeSetKey(ranges)) return doesNotHold(words.outside(present));
      return withEffect(holds(words.inside(group, present)), effect(task, reading, { group, ranges }));
    },
    undo: undoOf(groups, all, facts),
  };
}
