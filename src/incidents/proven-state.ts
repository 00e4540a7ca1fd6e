import type { LinkedAccount } from './accounts.js';
import { standing, standingOf } from './step-standing.js';
import type { Step } from './steps.js';

/** An account as it is known to be: what was read of it, corrected by what was proven since. */
export interface ProvenAccount extends LinkedAccount {
  readonly quarantined: boolean;
}

/**
 * Reads overtake each other: a state that was read before a step was proven says nothing against it. No system's state
 * shows a quarantine, so only the steps tell of it.
 */
export const provenAccounts = (
  accounts: readonly LinkedAccount[],
  steps: readonly Step[],
): readonly ProvenAccount[] => {
  const last = standing(steps, accounts);
  return accounts.map((account) => {
    const own = last.filter((step) => step.account_row === account.id && step.undo_of === null);
    const quarantined = own.some((step) => step.action === 'quarantine' && isTaken(step));
    return { ...account, state: stateAfter(account.state, own), quarantined };
  });
};

/** What a system took counts, also where it does not show whether it holds. */
const isTaken = (step: Step): boolean => standingOf(step) === 'done' || step.status === 'accepted';

function stateAfter(state: LinkedAccount['state'], own: readonly Step[]): LinkedAccount['state'] {
  const switches = own.filter(({ action }) => action === 'disable_account' || action === 'enable_account');
  const proven = switches.filter((step) => step.status === 'verified' && standingOf(step) === 'done');
  const newest = proven.toSorted((a, b) => endOf(a) - endOf(b)).at(-1);
  if (state === null || newest === undefined || state.readAt.getTime() > endOf(newest)) return state;
  return { ...state, enabled: newest.action === 'enable_account' };
}

const endOf = ({ finished_at: at }: Step): number => at?.getTime() ?? 0;

/** The accounts in which nobody can sign in now. */
export const switchedOff = (accounts: readonly LinkedAccount[], steps: readonly Step[]): readonly ProvenAccount[] =>
  provenAccounts(accounts, steps).filter(({ state, quarantined }) => quarantined || state?.enabled === false);
