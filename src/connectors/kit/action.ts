import { err, type Result } from '../../platform/result.js';
import type { Secret } from '../../platform/secret.js';
import type {
  AccountRef,
  AccountState,
  ActionKind,
  CallContext,
  Capability,
  Chosen,
  ConnectorFailure,
  ConsoleStep,
  Facts,
  ItemAction,
  ReadBack,
  Receipt,
  ResidualAccess,
} from '../../ports/connector.js';

export type Outcome<T> = Result<T, ConnectorFailure>;
export type Answer<T> = Promise<Outcome<T>>;
export type Verdict = Pick<ReadBack, 'verdict' | 'inPlace' | 'observed'>;

/** The account of one call. */
export interface Target {
  readonly account: AccountRef;
  readonly call: CallContext;
}

/** An account as just read; a connector adds what its actions compare with. */
export interface Reading {
  readonly state: AccountState;
}

interface Values {
  readonly reset_password: { readonly password: Secret };
  readonly limit_login_ips: { readonly ranges: readonly string[] };
  readonly block_address: { readonly ranges: readonly string[] };
}
type ValuesOf<K extends ActionKind> = K extends keyof Values
  ? Values[K]
  : K extends ItemAction
    ? { readonly items: Chosen }
    : unknown;

/** The command of each kind, with its values; `CommandOf<ActionKind>` is the port's `Command`. */
type Commands = { readonly [K in ActionKind]: { readonly kind: K } & ValuesOf<K> };
export type CommandOf<K extends ActionKind> = Commands[K];

/** One command for one account. */
export type Task<K extends ActionKind> = Target & { readonly command: CommandOf<K> };

export interface Undo<K extends ActionKind> {
  /** The current values that the command would change. */
  capture(task: Task<K>): Answer<Facts>;
  /** Restores the captured values; what they do not name stays, and what is already as before is not sent. */
  restore(task: Task<K>, before: Facts): Answer<Receipt>;
  /** What of these it cannot restore by itself, in one sentence; `null` when it can restore all of them. */
  cannotRestore?(before: Facts): string | null;
}

/** The basis of a verdict: the account as just read, and when the command was sent, by the vendor's clock. */
export interface Evidenced<R extends Reading> {
  readonly reading: R;
  readonly since: Date;
}

/** How one action is carried out, proven and undone; also one without a call (`manual`, `absent`). */
export interface Action<K extends ActionKind, R extends Reading> {
  readonly can: Omit<Capability, 'undo'>;
  /** Repeating it with the same values leaves the same state. */
  perform(task: Task<K>): Answer<Receipt>;
  judge(task: Task<K>, found: Evidenced<R>): Verdict | Answer<Verdict>;
  /** Absent: it cannot be undone. */
  readonly undo?: Undo<K>;
  /** What keeps working after it. */
  readonly residual?: readonly ResidualAccess[] | ((reading: R) => readonly ResidualAccess[]);
  /** The clicks that are left to a person. */
  clicks?(command: CommandOf<K>, account: AccountRef): readonly ConsoleStep[];
}

/** One entry for each action: when an action is added, the compiler points to each connector. */
export type Actions<R extends Reading> = { readonly [K in ActionKind]: Action<K, R> };

/** An action that one or a few calls carry out. */
export const native = (...permissions: readonly string[]): Action<never, never>['can'] => ({
  route: 'native',
  effectiveWithinSeconds: 0,
  permissions,
});

export const holds = (observed: string): Verdict => ({ verdict: 'holds', observed });
export const doesNotHold = (observed: string): Verdict => ({ verdict: 'does_not_hold', observed });
export const cannotTell = (observed: string): Verdict => ({ verdict: 'cannot_tell', observed });
/** What was sent was read, but not that it has its effect. */
export const inPlace = (observed: string): Verdict => ({ ...cannotTell(observed), inPlace: true });

/** A change that was made; the vendor's request id, where it gives one. */
export const changed = (requestId: string | null = null): Receipt => ({ alreadyDone: false, requestId });
/** The system was already in the wanted state. */
export const ALREADY: Receipt = { alreadyDone: true, requestId: null };

type PlainFailure = Exclude<ConnectorFailure['kind'], 'ambiguous' | 'throttled'>;
export const failure = (kind: PlainFailure, message: string): ConnectorFailure => ({ kind, message });
export const refuse = (kind: PlainFailure, message: string): { readonly ok: false; readonly error: ConnectorFailure } =>
  err(failure(kind, message));
export const unsupported = (message: string): ReturnType<typeof refuse> => refuse('unsupported', message);

/**
 * The failure of a later call of a command: when an earlier one has changed something, "nothing was executed" is not
 * true of the command, and it is read back before anything is repeated.
 */
export function afterPart(done: Receipt, failure: ConnectorFailure): ConnectorFailure {
  if (done.alreadyDone || (failure.kind !== 'transient' && failure.kind !== 'throttled')) return failure;
  return { kind: 'unknown_outcome', message: `A part was changed before this: ${failure.message}` };
}

/** Facts of another action, or of none. */
export const FOREIGN_FACTS: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'before',
  message: 'The saved facts are not those of this action; undo it by hand in the console.',
};

/** What keeps working after an action, and for how many seconds at the latest; absent: unknown. */
export const lasting = (what: string, forSeconds: number | null = null): ResidualAccess => ({
  what,
  forSeconds,
  endedBy: [],
});

/** What keeps working after an action until one of these others is done on the account. */
export const lastingUntil = (what: string, ...endedBy: readonly ActionKind[]): ResidualAccess => ({
  what,
  forSeconds: null,
  endedBy,
});

/** What a person clicks, as one step. */
export const step = (title: string, ...clicks: readonly string[]): readonly ConsoleStep[] => [{ title, clicks }];

/** A state without any facts yet: what a system does not show. */
export const UNTOLD: Omit<AccountState, 'readAt'> = {
  enabled: null,
  locked: null,
  mustChangePassword: null,
  passwordChangedAt: null,
  twoStepRequired: null,
  loginRanges: null,
  protectedBecause: null,
  authority: null,
  adminRoles: null,
  use: null,
};

/**
 * A vendor's clock and ours may differ by this much even when its answers were taken into account, and some of its
 * times are whole seconds.
 */
export const SKEW_MS = 2_000;

/** Clicks in one console, starting with the sign-in to it. */
export const stepsIn =
  (signIn: string) =>
  (title: string, ...clicks: readonly string[]): readonly ConsoleStep[] =>
    step(title, signIn, ...clicks);

/** An instant as a verdict shows it. */
export const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export interface ByPerson<K extends ActionKind, R extends Reading> extends Pick<Action<K, R>, 'clicks' | 'residual'> {
  /** Why there is no call for it, and what to do instead. */
  readonly why: string;
  /** What a read-back says about it; absent: why there is no call, because then it is not read either. */
  readonly observed?: string;
  readonly judge?: Action<K, R>['judge'];
  /** How long until what a person did takes effect. */
  readonly effectiveWithinSeconds?: number;
}

function withoutCall<K extends ActionKind, R extends Reading>(
  route: 'console' | 'none' | 'effect_of_reset',
  { why, observed = why, judge, effectiveWithinSeconds = 0, ...rest }: ByPerson<K, R>,
): Action<K, R> {
  return {
    can: { route, effectiveWithinSeconds, permissions: [] },
    perform: () => Promise.resolve(unsupported(why)),
    judge: judge ?? (() => cannotTell(observed)),
    ...rest,
  };
}

/** A person does it: the API cannot, or nothing was prepared. */
export const manual = <K extends ActionKind, R extends Reading>(by: ByPerson<K, R>): Action<K, R> =>
  withoutCall('console', by);

/** It happens with the password reset and has no call of its own. */
export const byReset = <K extends ActionKind, R extends Reading>(by: ByPerson<K, R>): Action<K, R> =>
  withoutCall('effect_of_reset', by);

/** The system has no such concept. */
export const absent = <K extends ActionKind, R extends Reading>(why: string, observed = why): Action<K, R> =>
  withoutCall('none', { why, observed });
