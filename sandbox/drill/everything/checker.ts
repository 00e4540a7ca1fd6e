import { actionsTexts } from '../../../src/texts/actions.js';
import type { ActionKind } from '../../../src/ports/connector.js';
import { lastOf, type Saying, type Word } from './sayings.js';
import type { Condition } from '../../world/systems/conditions.js';
import type { Subject } from './subjects.js';
import { type Held, truthOf } from './truth.js';
import { lieIn } from './verdict.js';

/** A step as the store has it; from there is taken only what was decided and whether it has ended, never how it went. */
export interface DecidedStep {
  readonly system: string;
  readonly action: ActionKind;
  readonly finished: boolean;
}

/** One system's answer to the drill: by action, what the thread says last and what the directory holds. */
export interface SystemReport {
  readonly system: string;
  readonly fault: Condition;
  readonly said: Readonly<Record<string, Word | null>>;
  readonly true: Readonly<Record<string, boolean | null>>;
}

export interface Checked {
  readonly systems: readonly SystemReport[];
  readonly problems: readonly string[];
}

/** The account with what the intruder left, and now. */
export type HeldNow = Omit<Held, 'system'>;

export const actionName = (action: ActionKind): string => actionsTexts[`action.${action}`];

/** Compares every decided step: what the thread says of it last, and what its directory truly holds. */
export function compare(
  decided: readonly DecidedStep[],
  sayings: readonly Saying[],
  held: ReadonlyMap<Subject, HeldNow>,
): Checked {
  const reports = [...held].map(([subject, moments]) => compareOne(subject, decided, sayings, moments));
  return {
    systems: reports.map(({ report }) => report),
    problems: reports.flatMap(({ problems }) => problems),
  };
}

function compareOne(
  subject: Subject,
  decided: readonly DecidedStep[],
  sayings: readonly Saying[],
  moments: HeldNow,
): { report: SystemReport; problems: string[] } {
  const mine = decided.filter(({ system }) => system === subject.id);
  const rows = mine.map(({ action, finished }) => {
    const said = lastOf(sayings, { system: subject.title, action: actionName(action) })?.word ?? null;
    const held = { system: subject.id, ...moments };
    const isSo = truthOf(action, held);
    const wasSo = truthOf(action, { ...held, now: moments.intruded }) === true;
    return { action, said, isSo, lie: lieIn({ said, finished, isSo, wasSo }) };
  });
  const problems = rows.flatMap(({ action, lie }) =>
    lie === null ? [] : [`${subject.title}: ${actionName(action)} ${lie}`],
  );
  if (mine.length === 0) problems.push(`${subject.title}: nothing was decided about the account there`);
  return {
    report: {
      system: subject.id,
      fault: subject.trouble,
      said: Object.fromEntries(rows.map(({ action, said }) => [action, said])),
      true: Object.fromEntries(rows.map(({ action, isSo }) => [action, isSo])),
    },
    problems,
  };
}
