import * as z from 'zod';
import type { Fact, Facts } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { Secret } from '../platform/secret.js';
import { UNREADABLE } from '../texts/unreadable.js';

/** When the facts were read: before the command was sent, or after it was proven. */
export type Moment = 'before' | 'after';

const facts: z.ZodType<Facts> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

const contextOf = (core: Core, stepId: string, moment: Moment): string =>
  `facts/${core.workspaceId}/${stepId}/${moment}`;

/** Facts hold personal data (phone numbers, addresses, rules), so they are sealed at rest. */
export const sealFacts = (core: Core, stepId: string, moment: Moment, value: Facts): string =>
  core.sealer.seal(new Secret(JSON.stringify(value)), contextOf(core, stepId, moment));

/** `null` when there are none, or when they do not open under the present key or are malformed. */
export function openFacts(core: Core, stepId: string, moment: Moment, sealed: string | null): Facts | null {
  if (sealed === null) return null;
  const opened = core.sealer.open(sealed, contextOf(core, stepId, moment));
  const read = opened.ok ? facts.safeParse(JSON.parse(opened.value.reveal())) : null;
  if (read?.success) return read.data;
  const why = opened.ok ? UNREADABLE : opened.error;
  core.log.error({ step: stepId, why }, 'saved facts do not open; the undo is not offered');
  return null;
}

/** One value that differs from the expected one. */
export interface Difference {
  readonly name: string;
  readonly expected: Fact | undefined;
  readonly found: Fact | undefined;
}

/** The order of a list means nothing: systems return members and rules in any order. */
const canonical = (fact: Fact | undefined): string =>
  JSON.stringify(typeof fact === 'object' && fact !== null ? fact.toSorted() : (fact ?? null));

/** What differs, by name in alphabetical order; `[]` when nothing does. */
export function differences(expected: Facts, found: Facts): readonly Difference[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return names
    .map((name) => ({ name, expected: expected[name], found: found[name] }))
    .filter((one) => canonical(one.expected) !== canonical(one.found));
}

const isList = (fact: Fact | undefined): fact is readonly string[] => Array.isArray(fact);

/** Whether a list holds what is in both, and nothing that is in neither. */
const isListBetween = (one: readonly string[], other: readonly string[], found: readonly string[]): boolean =>
  found.every((item) => one.includes(item) || other.includes(item)) &&
  one.every((item) => !other.includes(item) || found.includes(item));

/** Whether each value is as in one of the two, or a list on its way from one to the other: a change that was cut off. */
export function isBetween(one: Facts, other: Facts, found: Facts): boolean {
  const names = [...new Set([one, other, found].flatMap(Object.keys))];
  return names.every((name) => {
    const [from, to, now] = [one[name], other[name], found[name]];
    if ([from, to].some((end) => canonical(end) === canonical(now))) return true;
    return isList(now) && isListBetween(isList(from) ? from : [], isList(to) ? to : [], now);
  });
}

/** A fact as a person reads it. */
export function sayFact(fact: Fact | undefined): string {
  if (fact === undefined || fact === null || fact === '') return '–';
  if (typeof fact === 'object') return fact.length === 0 ? '–' : fact.join(', ');
  return String(fact);
}
