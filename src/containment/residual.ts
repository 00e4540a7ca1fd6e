import type { ActionKind } from '../ports/connector.js';
import { isAbsent } from '../incidents/accounts.js';
import { SELF_HOLD, standingOf } from '../incidents/step-standing.js';
import type { Decision, Step } from '../incidents/steps.js';
import { ON_ONE_ACCOUNT } from './step-order.js';
import type { IncidentView } from '../incidents/view.js';

/** One thing that keeps working, and until when at the latest; `null`: nobody says. */
export interface StillWorks {
  readonly what: string;
  readonly until: Date | null;
  /** What would end it. */
  readonly endedBy: readonly ActionKind[];
}

/** What keeps working on one account, and what of the decision does not stand there. */
export interface AccountResidual {
  readonly system: string;
  /** `null`: it is not known, or another account took its place. */
  readonly login: string | null;
  readonly works: readonly StillWorks[];
  readonly undone: readonly ActionKind[];
  readonly takenBack: readonly ActionKind[];
  /** What a self-hold did not reach: nothing was done there, or only the sessions were ended. */
  readonly open?: 'untouched' | 'signed_out';
}

export interface ResidualView {
  readonly decision: Decision;
  /** Without the accounts of which nothing is known to work, and on which all of it stands. */
  readonly accounts: readonly AccountResidual[];
}

const UNDER_WAY = ['waiting', 'queued', 'running', 'retrying'];

/**
 * What keeps working after a decision, as far as the systems say: of each step what it leaves open, without what ran out
 * by now, and without what another step ended. `null` until all of its steps have ended, and for an undo. What was done
 * once more is told by the newer decision, when that is done.
 */
export function residualView(view: IncidentView, decisionId: string): ResidualView | null {
  const decision = view.decisions.find(({ id }) => id === decisionId);
  const steps = view.steps.filter((step) => step.decision_id === decisionId && step.undo_of === null);
  if (!decision || steps.length === 0 || steps.some(({ status }) => UNDER_WAY.includes(status))) return null;
  const rows = steps.map(({ account_row: row }) => row);
  const notFrozen = decision.action === SELF_HOLD ? openAfterHold(view, steps) : new Map<string, 'untouched'>();
  const accounts = [...new Set([...rows, ...notFrozen.keys()])].flatMap((row): readonly AccountResidual[] => {
    const all = view.steps.filter((step) => step.account_row === row);
    const own = all.filter((step) => step.decision_id === decisionId && !isDoneAnew(all, step));
    const kept = own.filter((step) => !isTakenBack(all, step));
    const works = residualNow(
      all.filter((step) => !isTakenBack(all, step)),
      view.now,
      kept,
    );
    const named = (those: readonly Step[]): readonly ActionKind[] => those.map(({ action }) => action);
    const undone = named(kept.filter((step) => !isDone(step)));
    const takenBack = named(own.filter((step) => isTakenBack(all, step)));
    const open = notFrozen.get(row);
    if (works.length + undone.length + takenBack.length === 0 && open === undefined) return [];
    const account = view.accounts.find(({ id }) => id === row);
    const system = account?.system ?? all[0]?.system ?? '';
    return [{ system, login: account?.login ?? null, works, undone, takenBack, ...(open ? { open } : {}) }];
  });
  return { decision, accounts };
}

/** After these nobody gets in with what they had. */
const LOCKS: readonly ActionKind[] = ['quarantine', 'disable_account', 'reset_password'];

/** Whether a step keeps people out still: neither taken back, nor was the account enabled after it. */
const isLocked = (onIt: readonly Step[], lock: Step): boolean =>
  isDone(lock) &&
  !isTakenBack(onIt, lock) &&
  !onIt.some((other) => other.action === 'enable_account' && isDone(other) && beganAt(other) > beganAt(lock));

/**
 * The accounts that a self-hold left open, and that nothing else locks. Where the hold itself tried to lock one, that it
 * failed or was lifted is told as such.
 */
function openAfterHold(view: IncidentView, hold: readonly Step[]): ReadonlyMap<string, 'untouched' | 'signed_out'> {
  const open = view.accounts.filter((account) => {
    const onIt = view.steps.filter((step) => step.account_row === account.id);
    const locks = onIt.filter(({ action, undo_of: undone }) => LOCKS.includes(action) && undone === null);
    return !isAbsent(account) && !locks.some((lock) => hold.includes(lock) || isLocked(onIt, lock));
  });
  const signedOut = (row: string): boolean => hold.some(({ account_row: its }) => its === row);
  return new Map(open.map(({ id }) => [id, signedOut(id) ? 'signed_out' : 'untouched'] as const));
}

const isTakenBack = (all: readonly Step[], step: Step): boolean =>
  all.some((other) => other.undo_of === step.id && standingOf(other) === 'done');

/** Only what is done replaces what was: a further try that has not ended, or failed, takes nothing away. */
const isDoneAnew = (all: readonly Step[], step: Step): boolean =>
  all.some(
    (other) =>
      other.undo_of === null &&
      other.action === step.action &&
      other.id !== step.id &&
      isDone(other) &&
      beganAt(other) > beganAt(step) &&
      !isTakenBack(all, other),
  );

/** What steps of one account leave open that none of those which stand there has ended. */
export const residualNow = (
  standing: readonly Step[],
  now: Date,
  of: readonly Step[] = standing,
): readonly StillWorks[] => {
  const enders = standing.filter(endsAll);
  return latest(of.filter(isDone).flatMap((step) => left(step, enders, now)));
};

/** Also what the system accepted, and does not show: what it leaves open is known all the same. */
const isDone = (step: Step): boolean => standingOf(step) === 'done' || step.status === 'accepted';

/** Whether it is read back that it took all that was there: chosen items leave the others, and a tick is somebody's word. */
const endsAll = (step: Step): boolean =>
  step.undo_of === null &&
  standingOf(step) === 'done' &&
  step.status !== 'console_done' &&
  (step.items === null || step.items === 'all');

const beganAt = ({ accepted_at: accepted, finished_at: finished }: Step): number =>
  (accepted ?? finished)?.getTime() ?? 0;

function left(step: Step, enders: readonly Step[], now: Date): readonly StillWorks[] {
  const since = beganAt(step);
  return (step.result?.survives ?? []).flatMap(({ what, forSeconds, endedBy }): readonly StillWorks[] => {
    if (enders.some((ender) => endedBy.includes(ender.action) && comesAfter(ender, step))) return [];
    const until = forSeconds === null ? null : new Date(since + forSeconds * 1000);
    return until !== null && until <= now ? [] : [{ what, until, endedBy }];
  });
}

/**
 * Within one decision the plan says what has to follow what; where it names no order, seconds lie between both, and the
 * look after a lockdown names what came in them. Of another decision only what began later ends anything.
 */
function comesAfter(ender: Step, step: Step): boolean {
  if (beganAt(ender) >= beganAt(step)) return true;
  const hasOrder = ON_ONE_ACCOUNT.some(({ first, then }) => first === step.action && then === ender.action);
  return ender.decision_id === step.decision_id && !hasOrder;
}

/** Each thing once, until the latest moment that a step says. */
function latest(all: readonly StillWorks[]): readonly StillWorks[] {
  const lasts = (one: StillWorks): number => one.until?.getTime() ?? Infinity;
  const byName = new Map<string, StillWorks>();
  for (const one of all) {
    const known = byName.get(one.what);
    if (!known || lasts(one) > lasts(known)) byName.set(one.what, one);
  }
  return [...byName.values()];
}
