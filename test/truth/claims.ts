import type { ActionKind } from '../../src/ports/connector.js';
import type { FaultKind } from './faults.js';
import { SYSTEM_NAMES, type SystemName } from './systems/system.js';

/** What a line of the thread may claim about a directory. */
export type Line =
  'verified' | 'accepted' | 'already_so' | 'put_back' | 'not_held' | 'not_put_back' | 'changed_by_another' | 'residual';

/** One sentence of a line, held against the directory. */
export interface Claim {
  readonly line: Line;
  readonly said: string;
  /** What is true instead; `null`: it is as said. */
  readonly wrong: string | null;
}

/** Lines that send a person to look, and claim no more than that something else was read. */
const WARNINGS: readonly Line[] = ['not_held', 'not_put_back', 'changed_by_another'];

/** Where in the campaign a claim was made. */
export interface Made extends Claim {
  readonly seed: string;
  readonly system: SystemName;
  readonly action: ActionKind;
  readonly fault: FaultKind;
  /** What exactly went wrong. */
  readonly detail: string;
  /** Answers were changed: what was read is what the connector was shown, and not what was there. */
  readonly misled: boolean;
}

/** A warning after a changed answer tells what was shown: it costs somebody a look, and nobody is let in by it. */
export const isFalseAlarm = ({ line, wrong, misled }: Made): boolean =>
  wrong !== null && misled && WARNINGS.includes(line);
export const isFalse = (made: Made): boolean => made.wrong !== null && !isFalseAlarm(made);

export interface OfSystem {
  readonly claims: number;
  readonly false_claims: number;
  readonly false_alarms: number;
  readonly by_fault: Readonly<Partial<Record<FaultKind, number>>>;
  readonly by_line: Readonly<Partial<Record<Line, number>>>;
}

export interface Tally {
  readonly runs: number;
  readonly claims: number;
  readonly false_claims: number;
  readonly false_alarms: number;
  readonly by_system: Readonly<Record<SystemName, OfSystem>>;
}

const counted = <Name extends string>(names: readonly Name[]): Partial<Record<Name, number>> => {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const added = <Name extends string>(
  one: Readonly<Partial<Record<Name, number>>>,
  other: Readonly<Partial<Record<Name, number>>>,
): Partial<Record<Name, number>> => {
  const sum: Partial<Record<Name, number>> = { ...one };
  for (const [name, count] of Object.entries(other) as [Name, number][]) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const tallyOf = (runs: number, of: (system: SystemName) => OfSystem): Tally => {
  const all = SYSTEM_NAMES.map((system) => [system, of(system)] as const);
  const total = (which: 'claims' | 'false_claims' | 'false_alarms'): number =>
    all.reduce((sum, [, one]) => sum + one[which], 0);
  return {
    runs,
    claims: total('claims'),
    false_claims: total('false_claims'),
    false_alarms: total('false_alarms'),
    by_system: Object.fromEntries(all) as Record<SystemName, OfSystem>,
  };
};

export const tally = (runs: number, made: readonly Made[]): Tally =>
  tallyOf(runs, (system) => {
    const own = made.filter((one) => one.system === system);
    return {
      claims: own.length,
      false_claims: own.filter(isFalse).length,
      false_alarms: own.filter(isFalseAlarm).length,
      by_fault: counted(own.map(({ fault }) => fault)),
      by_line: counted(own.map(({ line }) => line)),
    };
  });

/** Two parts of one campaign. */
export const together = (one: Tally, other: Tally): Tally =>
  tallyOf(one.runs + other.runs, (system) => {
    const [a, b] = [one.by_system[system], other.by_system[system]];
    return {
      claims: a.claims + b.claims,
      false_claims: a.false_claims + b.false_claims,
      false_alarms: a.false_alarms + b.false_alarms,
      by_fault: added(a.by_fault, b.by_fault),
      by_line: added(a.by_line, b.by_line),
    };
  });

export const sayClaim = ({ seed, system, action, fault, detail, line, said, wrong }: Made): string =>
  `${seed} | ${system} | ${action} | ${fault} (${detail})\n  said: ${line}: ${said}\n  true: ${wrong ?? 'as said'}`;
