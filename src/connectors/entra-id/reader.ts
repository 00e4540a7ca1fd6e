import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure, Facts, ReadBack, Receipt } from '../port.js';
import type { GraphApi } from './api.js';
import type { Domains } from './domains.js';
import type { EntraIdSettings } from './settings.js';

/** What every action works with. */
export interface Reader {
  readonly api: GraphApi;
  readonly domains: Domains;
  readonly settings: EntraIdSettings;
  readonly runtime: Runtime;
}

/** Whom one call is about. */
export interface Target {
  readonly account: AccountRef;
  readonly call: CallContext;
}

export type Outcome = Result<Receipt, ConnectorFailure>;
export type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;
export type Judgement = Result<Verdict, ConnectorFailure>;

/** One command, with its values inside, as four questions. */
export interface Handler {
  perform(target: Target): Promise<Outcome>;
  /** The values that the command changes; `{}` for what cannot be undone. */
  capture(target: Target): Promise<Result<Facts, ConnectorFailure>>;
  restore(target: Target, before: Facts): Promise<Outcome>;
  /** `state` was read just now; `since` is when the command was first sent. */
  judge(target: Target, state: AccountState, since: Date): Promise<Judgement>;
}

export const holds = (observed: string): Judgement => ok({ verdict: 'holds', observed });
export const doesNotHold = (observed: string): Judgement => ok({ verdict: 'does_not_hold', observed });
export const cannotTell = (observed: string): Judgement => ok({ verdict: 'cannot_tell', observed });

export const done = (requestId: string | null): Outcome => ok({ alreadyDone: false, requestId });
export const already: Outcome = ok({ alreadyDone: true, requestId: null });

export const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Entra's clock and ours may differ a little, and some of its times are whole seconds. */
export const SKEW_MS = 2_000;

export const userPath = (account: AccountRef): string => `/v1.0/users/${encodeURIComponent(account.accountId)}`;

/** A text in an OData filter. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Missing rights, a missing licence or a missing thing leave one field untold; a system that is down leaves all untold. */
export function tell<T>(result: Result<T, ConnectorFailure>): Result<T | null, ConnectorFailure> {
  if (result.ok) return result;
  const { kind } = result.error;
  return kind === 'auth' || kind === 'throttled' || kind === 'transient' || kind === 'unknown_outcome'
    ? result
    : ok(null);
}
