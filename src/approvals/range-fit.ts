import { canonicalHash } from '../platform/canonical.js';
import type { DecisionKind } from '../ports/decision-kinds.js';
import type { PlannedStep } from '../containment/plan.js';
import type { Core } from '../ports/core.js';

/** A set of login ranges for which groups are prepared. */
export interface PreparedRanges {
  /** Names it in the window. */
  readonly key: string;
  readonly ranges: readonly string[];
  /** The systems that take it, by title. */
  readonly systems: readonly string[];
}

/** Two sets with the same ranges are one: their order says nothing. */
const setOf = (ranges: readonly string[]): string => [...new Set(ranges)].toSorted().join(' ');

/** The sets that these systems take, each once. */
export function preparedRanges(core: Core, systems: readonly string[]): readonly PreparedRanges[] {
  const all = new Map<string, { ranges: readonly string[]; systems: string[] }>();
  for (const connector of systems.flatMap((system) => core.connectors.get(system) ?? []))
    for (const ranges of connector.knownRangeSets ?? []) {
      const known = all.get(setOf(ranges)) ?? { ranges, systems: [] };
      all.set(setOf(ranges), { ...known, systems: [...known.systems, connector.title] });
    }
  return [...all].map(([set, prepared]) => ({ key: canonicalHash({ set }).slice(0, 16), ...prepared }));
}

/** Whether a system does this by itself only for ranges that are prepared there. */
export const takesOnlyPrepared = (core: Core, system: string): boolean => {
  const connector = core.connectors.get(system);
  return connector?.capabilities.limit_login_ips.route === 'group' && connector.knownRangeSets !== null;
};

/** The systems of a plan in which these ranges become a manual step; none as long as no ranges are entered. */
export function unfitIn(
  core: Core,
  decision: DecisionKind,
  steps: readonly PlannedStep[],
  ranges: readonly string[],
): readonly string[] {
  if (ranges.length === 0 || (decision !== 'limit_login_ips' && decision !== 'lockdown')) return [];
  const limited = steps.filter(({ action }) => action === 'limit_login_ips').map(({ system }) => system);
  const fits = (system: string): boolean =>
    (core.connectors.get(system)?.knownRangeSets ?? []).some((set) => setOf(set) === setOf(ranges));
  return [...new Set(limited)].filter((system) => takesOnlyPrepared(core, system) && !fits(system));
}
