import type { StepOutcome } from '../../src/containment/outcome.js';
import type { Claim } from './claims.js';
import { DONE, GIVEN_BACK, isGivenBack, type Case } from './expectations.js';
import { compareResidual } from './residual.js';
import type { SystemName } from './systems/system.js';

/** What the reader knows of one step or undo, beside the two readings. */
export interface Witnessed extends Omit<Case, 'said'> {
  readonly system: SystemName;
  /** Changes that the directory carried out for it. */
  readonly effects: number;
  /** What the API shows lags so far behind that it is still what was there before. */
  readonly lags: boolean;
  /** Somebody else has changed the account meanwhile. */
  readonly handed: boolean;
}

type Ended = Exclude<StepOutcome, { kind: 'retry' }>;

const claim = (line: Claim['line'], said: string, wrong: string | null): Claim => ({ line, said, wrong });

type Read = Extract<Ended, { readBack: unknown }>;

/** That it was so before, and needed no change. */
function judgeAlready(on: Witnessed, { alreadyDone, readBack: { observed: said } }: Read): readonly Claim[] {
  if (!alreadyDone) return [];
  const wasSo = DONE[on.command.kind]({ ...on, now: on.before, said });
  return [claim('already_so', 'nothing had to be changed', wasSo ? null : 'it was not so before')];
}

/** What was said to be so, or to be accepted where it could not be read. */
function judgeResult(on: Witnessed, outcome: Read): Claim {
  const said = outcome.readBack.observed;
  const done = DONE[on.command.kind]({ ...on, said });
  if (outcome.kind === 'verified' || outcome.proven)
    return claim(outcome.kind, said, done ? null : 'the directory does not hold it');
  return claim('accepted', said, done || on.effects > 0 ? null : 'the directory has carried out nothing');
}

/** The lines of a step that has ended, each held against what the directory holds. */
export function judgeStep(on: Witnessed, outcome: Ended): readonly Claim[] {
  if (outcome.kind === 'needs_human' && outcome.why.kind === 'not_held') {
    const said = outcome.why.observed;
    // "The read-back shows otherwise": it is told of what the API shows.
    const done = DONE[on.command.kind]({ ...on, said, now: on.lags ? on.before : on.now });
    return [claim('not_held', said, done && !on.handed ? 'it holds' : null)];
  }
  if (outcome.kind !== 'verified' && outcome.kind !== 'accepted') return [];
  const lines = outcome.readBack.residual.map(({ what }) => what);
  const residual = compareResidual({ ...on, action: on.command.kind, lines });
  return [
    judgeResult(on, outcome),
    ...judgeAlready(on, outcome),
    ...residual.map(({ said, wrong }) => claim('residual', said, wrong)),
  ];
}

/** `before`: what was there before the undone step; `left`: what it left. */
export function judgeUndo(on: Witnessed & { readonly left: Case['now'] }, outcome: Ended): readonly Claim[] {
  if (outcome.kind === 'restored') {
    const said = JSON.stringify(outcome.facts).slice(0, 200);
    return [claim('put_back', said, isGivenBack(on.command, on.before, on.now) ? null : 'it is not as before')];
  }
  if (outcome.kind === 'needs_human' && outcome.why.kind === 'not_restored') {
    const said = outcome.why.differences.map(({ name }) => name).join(', ');
    const isBack = isGivenBack(on.command, on.before, on.now) && !on.lags && !on.handed;
    return [claim('not_put_back', said, isBack ? 'it is as before' : null)];
  }
  if (outcome.kind !== 'needs_human' || outcome.why.kind !== 'changed') return [];
  const said = outcome.why.differences.map(({ name }) => name).join(', ');
  const of = GIVEN_BACK[on.command.kind];
  if (on.effects > 0) return [claim('changed_by_another', said, 'something was overwritten')];
  const isSame = of !== undefined && of(on.left).join('|') === of(on.now).join('|');
  return [claim('changed_by_another', said, isSame && !on.handed ? 'nobody changed it' : null)];
}
