import { at, clockTime, list, phrase, type Phrase, type PhraseValue, text, user } from '../../blocks/texts/phrase.js';
import type { ConnectorFailure, ConsoleStep, ReadBack, Survivor } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import { type Difference, sayFact } from '../../src/incidents/facts.js';
import { incidentById } from '../../src/incidents/incident.js';
import type { Step } from '../../src/incidents/steps.js';
import type { HumanReason, StepOutcome } from './outcome.js';

/** What the thread is told of an outcome; `key` makes it told once. */
export interface ThreadLine {
  readonly key: string;
  readonly phrase: Phrase;
  readonly button: 'retry' | 'tick' | 'undo' | null;
}

/** Only the connector's own sentence is shown: connectors never put a secret or an echoed input into it. */
export const sayFailure = (failure: ConnectorFailure): Phrase =>
  phrase(`failure.${failure.kind}`, { detail: failure.message });

function sayReason(why: HumanReason): Phrase {
  switch (why.kind) {
    case 'failure':
      return sayFailure(why.failure);
    case 'not_held':
      return phrase('failure.not_held', { observed: why.observed });
    case 'approver':
      return phrase('failure.approver');
    case 'changed':
      return phrase('failure.changed', { differences: list(why.differences.map(sayDifference)) });
  }
}

const sayDifference = ({ name, expected, found }: Difference): Phrase =>
  phrase('failure.changed.line', { name, expected: sayFact(expected), found: sayFact(found) });

/** What an action is called; an undo names what it takes back. */
export const sayAction = (step: Pick<Step, 'action' | 'undo_of'>): PhraseValue =>
  step.undo_of === null
    ? text(`action.${step.action}`)
    : list([phrase('action.undo_of', { action: text(`action.${step.action}`) })]);

function saySurvivor(survivor: Survivor, now: Date): Phrase {
  if (survivor.forSeconds === null) return phrase('timeline.survivor_unknown', { what: survivor.what });
  const until = at(new Date(now.getTime() + survivor.forSeconds * 1000));
  return phrase('timeline.survivor', { what: survivor.what, until });
}

const sayObserved = ({ readBack, alreadyDone }: Extract<StepOutcome, { readBack: ReadBack }>): PhraseValue =>
  alreadyDone ? list([phrase('timeline.already', { observed: readBack.observed })]) : readBack.observed;

/** The result, and in the same breath what goes on working. */
function withSurvivors(line: Phrase, readBack: ReadBack, now: Date): Phrase {
  if (readBack.survives.length === 0) return line;
  const survivors = list(readBack.survives.map((survivor) => saySurvivor(survivor, now)));
  return {
    key: 'timeline.two_lines',
    values: { first: list([line]), second: list([phrase('timeline.survives', { survivors })]) },
  };
}

const sayClicks = (steps: readonly ConsoleStep[]): PhraseValue =>
  list(
    steps.flatMap((step) => [
      phrase('console.title', { title: step.title }),
      ...step.clicks.map((click) => phrase('console.click', { click })),
    ]),
  );

const SAME_DAY_MS = 12 * 3600 * 1000;

/** A clock time alone would be taken for today's. */
const moment = (when: Date, now: Date): PhraseValue =>
  when.getTime() - now.getTime() < SAME_DAY_MS ? clockTime(when) : at(when);

/** The line that an outcome puts into the thread; `null` for a quiet one (a further try, another look). */
export async function lineOf(core: Core, step: Step, outcome: StepOutcome): Promise<ThreadLine | null> {
  const now = core.runtime.now();
  const names = {
    system: core.connectors.get(step.system)?.title ?? step.system,
    action: sayAction(step),
  } as const;
  switch (outcome.kind) {
    case 'verified': {
      const line = phrase('timeline.verified', { ...names, when: clockTime(now), observed: sayObserved(outcome) });
      return { key: 'result', phrase: withSurvivors(line, outcome.readBack, now), button: undoOf(outcome) };
    }
    case 'accepted': {
      const said = { ...names, when: clockTime(step.accepted_at ?? now), observed: sayObserved(outcome) };
      const line = outcome.effectiveBy
        ? phrase('timeline.accepted', { ...said, by: moment(outcome.effectiveBy, now) })
        : phrase('timeline.accepted_unproven', said);
      return { key: 'result', phrase: withSurvivors(line, outcome.readBack, now), button: undoOf(outcome) };
    }
    case 'restored': {
      const facts = list(
        Object.entries(outcome.facts).map(([name, fact]) =>
          phrase('timeline.restored.line', { name, value: sayFact(fact) }),
        ),
      );
      const line = phrase('timeline.restored', { ...names, when: clockTime(now), facts });
      return { key: 'result', phrase: line, button: null };
    }
    case 'console': {
      const line = phrase('timeline.console', {
        ...names,
        owner: await ownerOf(core, step),
        clicks: sayClicks(outcome.steps),
      });
      return { key: 'result', phrase: line, button: 'tick' };
    }
    case 'needs_human': {
      const line = phrase('timeline.needs_human', {
        ...names,
        problem: list([sayReason(outcome.why)]),
        owner: await ownerOf(core, step),
      });
      return { key: 'result', phrase: line, button: 'retry' };
    }
    case 'retry': {
      if (outcome.failure === null || outcome.inMs < 1000) return null;
      const problem = list([sayFailure(outcome.failure)]);
      const line = phrase('timeline.retrying', {
        ...names,
        problem,
        when: clockTime(new Date(now.getTime() + outcome.inMs)),
      });
      return { key: 'retrying', phrase: line, button: null };
    }
  }
}

const undoOf = (outcome: Extract<StepOutcome, { kind: 'verified' | 'accepted' }>): 'undo' | null =>
  outcome.left === null ? null : 'undo';

async function ownerOf(core: Core, step: Step): Promise<PhraseValue> {
  const incident = await incidentById(core.db, core.workspaceId, step.incident_id);
  return incident?.owner ? user(incident.owner) : text('owner.nobody');
}
