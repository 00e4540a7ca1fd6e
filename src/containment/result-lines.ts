import { at, clockTime, list, phrase, type Phrase, type PhraseValue, text, user } from '../texts/phrase.js';
import type { ConnectorFailure, ConsoleStep, ReadBack } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { accountByRow } from '../incidents/accounts.js';
import { type Difference, sayFact } from '../incidents/facts.js';
import { incidentById } from '../incidents/incident.js';
import type { Step } from '../incidents/steps.js';
import type { HumanReason, StepOutcome } from './outcome.js';

/** The thread's line about an outcome; `key` makes it appear once. */
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
    case 'not_authentic':
      return phrase('failure.not_authentic', { who: user(why.decidedBy) });
    case 'one_approver':
      return phrase('failure.one_approver', { who: user(why.decidedBy) });
    case 'put_back':
      return phrase('failure.put_back');
    case 'stale':
      return phrase('failure.stale');
    case 'closed':
      return phrase('failure.closed');
    case 'barred':
      return why.phrase;
    case 'changed':
      return phrase('failure.changed', { differences: list(why.differences.map(sayDifference)) });
    case 'not_restored':
      return phrase('failure.not_restored', { differences: list(why.differences.map(sayDifference)) });
  }
}

const sayDifference = ({ name, expected, found }: Difference): Phrase =>
  phrase('failure.changed.line', { name, expected: sayFact(expected), found: sayFact(found) });

/** What an action is called; an undo names what it takes back. */
export const sayAction = (step: Pick<Step, 'action' | 'undo_of'>): PhraseValue =>
  step.undo_of === null
    ? text(`action.${step.action}`)
    : list([phrase('action.undo_of', { action: text(`action.${step.action}`) })]);

const sayObserved = ({ readBack, alreadyDone }: Extract<StepOutcome, { readBack: ReadBack }>): PhraseValue =>
  alreadyDone ? list([phrase('timeline.already', { observed: readBack.observed })]) : readBack.observed;

const sayClicks = (steps: readonly ConsoleStep[], on: On): PhraseValue =>
  list([
    phrase('console.account', on),
    ...steps.flatMap((step) => [
      phrase('console.title', { title: step.title }),
      ...step.clicks.map((click) => phrase('console.click', { click })),
    ]),
  ]);

/** The account: named with every result. */
interface On {
  readonly login: PhraseValue;
}

/** A value of older lines, from before accounts were named in them: those stored stay complete. */
const whenOn = (when: Date, on: On): PhraseValue =>
  list([phrase('timeline.when_on', { when: clockTime(when), ...on })]);

const SAME_DAY_MS = 12 * 3600 * 1000;

/** A clock time alone would be read as today's. */
const moment = (when: Date, now: Date): PhraseValue =>
  when.getTime() - now.getTime() < SAME_DAY_MS ? clockTime(when) : at(when);

/** The line that an outcome adds to the thread; `null` for a quiet one (a further try, another look). */
export async function lineOf(core: Core, step: Step, outcome: StepOutcome): Promise<ThreadLine | null> {
  const now = core.runtime.now();
  const account = await accountByRow(core.db, core.workspaceId, step.account_row);
  const on = { login: account?.login ?? text('account.not_known') } as const;
  const names = {
    system: core.connectors.get(step.system)?.title ?? step.system,
    action: sayAction(step),
  } as const;
  switch (outcome.kind) {
    case 'verified': {
      const line = phrase('timeline.verified', { ...names, when: whenOn(now, on), observed: sayObserved(outcome) });
      return { key: 'result', phrase: line, button: undoOf(outcome) };
    }
    case 'accepted': {
      const said = { ...names, when: whenOn(step.accepted_at ?? now, on), observed: sayObserved(outcome) };
      const line = outcome.effectiveBy
        ? phrase('timeline.accepted', { ...said, by: moment(outcome.effectiveBy, now) })
        : phrase('timeline.accepted_unproven', said);
      return { key: 'result', phrase: line, button: undoOf(outcome) };
    }
    case 'restored': {
      const facts = list(
        Object.entries(outcome.facts).map(([name, fact]) =>
          phrase('timeline.restored.line', { name, value: sayFact(fact) }),
        ),
      );
      const line = phrase('timeline.restored', { ...names, when: whenOn(now, on), facts });
      return { key: 'result', phrase: line, button: null };
    }
    case 'console': {
      const line = phrase('timeline.console', {
        ...names,
        owner: await ownerOf(core, step),
        clicks: sayClicks(outcome.steps, on),
      });
      return { key: 'result', phrase: line, button: 'tick' };
    }
    case 'needs_human': {
      const line = phrase('timeline.needs_human', {
        ...names,
        problem: list([phrase('timeline.problem_on', { problem: list([sayReason(outcome.why)]), ...on })]),
        owner: await ownerOf(core, step),
      });
      return { key: keyOf(outcome.why), phrase: line, button: 'retry' };
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

/** A run whose result was already reported may have been restored or changed: that is reported beside it. */
const keyOf = ({ kind }: HumanReason): string => (kind === 'put_back' || kind === 'not_authentic' ? kind : 'result');

const undoOf = (outcome: Extract<StepOutcome, { kind: 'verified' | 'accepted' }>): 'undo' | null =>
  outcome.left === null ? null : 'undo';

async function ownerOf(core: Core, step: Step): Promise<PhraseValue> {
  const incident = await incidentById(core.db, core.workspaceId, step.incident_id);
  return incident?.owner ? user(incident.owner) : text('owner.nobody');
}
