import { err, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type {
  AccountRef,
  CallContext,
  Capability,
  Chosen,
  Command,
  ConnectorFailure,
  Facts,
  ReadBack,
  Receipt,
  Survivor,
} from '../port.js';
import type { GoogleApi } from './api.js';
import type { GoogleWorkspaceSettings } from './settings.js';

/** What every action works with. */
export interface Tools {
  readonly api: GoogleApi;
  readonly settings: GoogleWorkspaceSettings;
  readonly runtime: Runtime;
}

export interface Task {
  readonly command: Command;
  readonly account: AccountRef;
  readonly call: CallContext;
}

export type Verdict = Pick<ReadBack, 'verdict' | 'observed'>;
export type Answer<T> = Promise<Result<T, ConnectorFailure>>;

/** One action: how it is done, proven and undone. */
export interface Handler {
  readonly capability: Capability;
  /** What goes on working after it. */
  readonly survives: readonly Survivor[];
  perform(task: Task): Answer<Receipt>;
  judge(task: Task, since: Date): Answer<Verdict>;
  /** The values that it changes; left out with `restore` where there is no undo. */
  capture?(task: Task): Answer<Facts>;
  restore?(task: Task, before: Facts): Answer<Receipt>;
}

export const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
export const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
export const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });

export const NOTHING_TO_DO: Receipt = { alreadyDone: true, requestId: null };

export const utc = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`;

/** Google's clock and ours may differ a little. */
export const SKEW_MS = 2000;

export const chosenOf = (command: Command): Chosen => ('items' in command ? command.items : 'all');
export const isChosen = (chosen: Chosen, id: string): boolean => chosen === 'all' || chosen.includes(id);

export const refuse = (message: string): { readonly ok: false; readonly error: ConnectorFailure } =>
  err({ kind: 'unsupported', message });

/** The first failure ends it: what is done stays done, and a retry does the rest. */
export async function each<T>(items: readonly T[], act: (item: T) => Answer<Receipt>): Answer<Receipt> {
  let receipt = NOTHING_TO_DO;
  for (const item of items) {
    const done = await act(item);
    if (!done.ok) return done;
    if (!done.value.alreadyDone) receipt = done.value;
  }
  return { ok: true, value: receipt };
}
