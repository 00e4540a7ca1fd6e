import type { Secret } from '../platform/secret.js';
import { type ActionKind, type Chosen, type Command, isItemAction } from './connector.js';

/** What a person has to provide before an action can be commanded. */
export type Need = 'password' | 'ranges' | 'items';

/** `null`: the action needs nothing but the account. */
export function needOf(kind: ActionKind): Need | null {
  if (isItemAction(kind)) return 'items';
  if (kind === 'limit_login_ips' || kind === 'block_address') return 'ranges';
  return kind === 'reset_password' ? 'password' : null;
}

/** The values that a step has to work with. */
export interface CommandValues {
  readonly ranges: readonly string[];
  /** The items chosen from those of the account. */
  readonly items: Chosen;
  /** Made once when the decision was taken; the same at every retry. */
  readonly password: Secret | null;
}

/**
 * The command of a kind, with the values that it needs.
 * @throws Error when a reset has no password
 */
export function commandFor(kind: ActionKind, { ranges, items, password }: CommandValues): Command {
  if (isItemAction(kind)) return { kind, items };
  switch (kind) {
    case 'reset_password':
      if (password === null) throw new Error('a password reset needs its sealed password');
      return { kind, password };
    case 'limit_login_ips':
    case 'block_address':
      return { kind, ranges };
    default:
      return { kind };
  }
}

/**
 * A command of a kind, to find out what a person would have to do for it; `null` for the reset, which needs a password.
 */
export const sampleCommand = (kind: ActionKind): Command | null =>
  kind === 'reset_password' ? null : commandFor(kind, { ranges: ['the wanted ranges'], items: 'all', password: null });
