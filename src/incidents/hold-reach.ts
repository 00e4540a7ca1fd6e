import { isAbsent, type LinkedAccount } from './accounts.js';
import { SELF_HOLD, standingOf } from './step-standing.js';
import type { Decision, Step } from './steps.js';

/** What a self-hold does, or did, to each account, by system. */
export interface HoldReach {
  /** Nobody gets in. */
  readonly frozen: readonly string[];
  /** Taken by the system, which does not show whether it holds; or still under way. */
  readonly unshown: readonly string[];
  /** Every session was ended, and whoever has the password signs in again. */
  readonly signedOut: readonly string[];
  /** It was tried, and did not work, or was undone elsewhere. */
  readonly failed: readonly string[];
  /** An approver let the person in again. */
  readonly lifted: readonly string[];
  /** Nothing was tried: no connector can, or Notme may not. */
  readonly untouched: readonly string[];
}

type Fate = keyof HoldReach;

const EMPTY: HoldReach = { frozen: [], unshown: [], signedOut: [], failed: [], lifted: [], untouched: [] };

const gathered = (fates: readonly (readonly [Fate, string])[]): HoldReach =>
  fates.reduce<HoldReach>((all, [fate, system]) => ({ ...all, [fate]: [...all[fate], system] }), EMPTY);

/** Where the person has, or may have, an account. */
const existing = (accounts: readonly LinkedAccount[]): readonly LinkedAccount[] =>
  accounts.filter((account) => !isAbsent(account));

/** What a planned hold would do, when all of it works. */
export const plannedReach = (
  accounts: readonly LinkedAccount[],
  plan: readonly { readonly accountRow: string; readonly action: string }[],
): HoldReach =>
  gathered(
    existing(accounts).map(({ id, system }) => {
      const own = plan.filter(({ accountRow }) => accountRow === id);
      if (own.length === 0) return ['untouched', system];
      return [own.some(({ action }) => action === 'quarantine') ? 'frozen' : 'signedOut', system];
    }),
  );

/** What a hold did, as far as is known now. */
export const holdReach = (
  accounts: readonly LinkedAccount[],
  steps: readonly Step[],
  { id }: Pick<Decision, 'id'>,
): HoldReach =>
  gathered(
    existing(accounts).map((account) => {
      const onIt = steps.filter((step) => step.account_row === account.id);
      const own = onIt.filter((step) => step.decision_id === id);
      return [fateOf(own, onIt), account.system];
    }),
  );

function fateOf(own: readonly Step[], onAccount: readonly Step[]): Fate {
  const quarantine = own.find(({ action }) => action === 'quarantine');
  const [first] = own;
  if (first === undefined) return 'untouched';
  if (quarantine === undefined) return fateOfStep(first) === 'frozen' ? 'signedOut' : fateOfStep(first);
  const lifted = onAccount.some((other) => other.undo_of === quarantine.id && isTaken(other));
  return lifted ? 'lifted' : fateOfStep(quarantine);
}

function fateOfStep(step: Step): 'frozen' | 'failed' | 'unshown' {
  const state = standingOf(step);
  if (state === 'done') return 'frozen';
  return state === 'failed' || state === 'manual' ? 'failed' : 'unshown';
}

const isTaken = (step: Step): boolean => standingOf(step) === 'done' || step.status === 'accepted';

/** The newest hold among these decisions. */
export const lastHold = (decisions: readonly Decision[]): Decision | undefined =>
  decisions
    .filter(({ action }) => action === SELF_HOLD)
    .toSorted((a, b) => a.decided_at.getTime() - b.decided_at.getTime())
    .at(-1);

/** Whether a hold leaves a way in. */
export const isWhole = ({ signedOut, failed, lifted, untouched }: HoldReach): boolean =>
  signedOut.length + failed.length + lifted.length + untouched.length === 0;
