import { err, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Facts, ReadBack, Receipt, Survivor } from '../port.js';
import type { Reading } from './state.js';

export type Outcome = Result<Receipt, ConnectorFailure>;
export type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;

/** What an action is done to, and within which call. */
export interface On {
  readonly account: AccountRef;
  readonly call: CallContext;
}

export interface Undo {
  capture(on: On): Promise<Result<Facts, ConnectorFailure>>;
  restore(on: On, before: Facts): Promise<Outcome>;
}

/** One containment action: how it is carried out, proven and undone. */
export interface Action {
  perform(on: On): Promise<Outcome>;
  judge(on: On, read: { readonly reading: Reading; readonly since: Date }): Promise<Result<Verdict, ConnectorFailure>>;
  /** `null`: it cannot be undone. */
  readonly undo: Undo | null;
  readonly survives: readonly Survivor[];
}

/** Okta's clock and ours may differ a little. */
export const SKEW_MS = 2000;

export const utc = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;

export const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
export const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
export const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });

export const unsupported = (message: string): { readonly ok: false; readonly error: ConnectorFailure } =>
  err({ kind: 'unsupported', message });

/** The texts of a saved fact; what is not a list of texts counts as none. */
export function textsOf(facts: Facts, name: string): readonly string[] {
  const fact = facts[name];
  return typeof fact === 'object' && fact !== null ? fact : [];
}
