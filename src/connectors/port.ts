import type { Result } from '../result.js';
import type { Secret } from '../secret.js';

/** The containment actions that a connector may be asked for. */
export const ACTION_KINDS = [
  'reset_password',
  'revoke_sessions',
  'disable_account',
  'enable_account',
  'require_two_step',
  'limit_login_ips',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** What a connector is told to do; a retry repeats the same command with the same values. */
export type Command =
  | { readonly kind: 'reset_password'; readonly password: Secret }
  | { readonly kind: 'revoke_sessions' }
  | { readonly kind: 'disable_account' }
  | { readonly kind: 'enable_account' }
  | { readonly kind: 'require_two_step' }
  | { readonly kind: 'limit_login_ips'; readonly ranges: readonly string[] };

/** Where one account lives: `accountId` is the system's stable id, `login` what a person would type there. */
export interface AccountRef {
  readonly system: string;
  readonly accountId: string;
  readonly login: string;
}

/** The account as the system told it at `readAt`. `null` means that the system cannot tell. */
export interface AccountState {
  readonly enabled: boolean | null;
  readonly locked: boolean | null;
  readonly mustChangePassword: boolean | null;
  readonly passwordChangedAt: Date | null;
  readonly twoStepRequired: boolean | null;
  /** The named set of login ranges in force, as CIDRs; `[]` when unrestricted. */
  readonly loginRanges: readonly string[] | null;
  /** Set when delegated rights do not reach this account (an administrator, AdminSDHolder): why, in one sentence. */
  readonly protectedBecause: string | null;
  readonly readAt: Date;
}

/** Everything that can go wrong with an identity system: closed, so that retryability is decided in one place. */
export type ConnectorFailure =
  | { readonly kind: 'auth'; readonly message: string }
  | { readonly kind: 'permission'; readonly message: string; readonly missing?: string }
  | { readonly kind: 'protected_account'; readonly message: string }
  | { readonly kind: 'not_found'; readonly message: string }
  | { readonly kind: 'ambiguous'; readonly message: string; readonly candidates: readonly string[] }
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'invalid_input'; readonly message: string; readonly field?: string }
  | { readonly kind: 'throttled'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'licence'; readonly message: string }
  | { readonly kind: 'unsupported'; readonly message: string }
  /** Proven not executed (connection refused, 5xx on a read): may simply be repeated. */
  | { readonly kind: 'transient'; readonly message: string }
  /** A write was sent and the answer was lost: read back before anything is repeated. */
  | { readonly kind: 'unknown_outcome'; readonly message: string };

/** How a system carries out an action. */
export type Route =
  /** one API call */
  | 'native'
  /** membership of a group that an administrator prepared; `effectiveWithinSeconds` says how long it may take */
  | 'group'
  /** happens as an effect of the password reset, has no call of its own */
  | 'effect_of_reset'
  /** the API cannot: a person does the named console steps */
  | 'console'
  /** the system has no such notion */
  | 'none';

export interface Capability {
  readonly route: Route;
  /** The action that restores the prior state, `null` when it cannot be undone. */
  readonly undo: ActionKind | 'remove_from_group' | null;
  /** Seconds until an accepted change holds everywhere; 0 when the read-back is proof. */
  readonly effectiveWithinSeconds: number;
  /** The least permissions that this action needs, in the vendor's words. */
  readonly permissions: readonly string[];
}

/** One thing that goes on working after the action, and until when at the latest (seconds from now, `null`: unknown). */
export interface Survivor {
  readonly what: string;
  readonly forSeconds: number | null;
}

export interface Receipt {
  /** The system said that nothing had to change. */
  readonly alreadyDone: boolean;
  /** The vendor's own request id, for support. */
  readonly requestId: string | null;
}

export interface ReadBack {
  /** `holds`: the wanted state was read; `does_not_hold`: another state was read; `cannot_tell`: the API does not show it. */
  readonly verdict: 'holds' | 'does_not_hold' | 'cannot_tell';
  /** One sentence of what was read, for the thread; never a secret. */
  readonly observed: string;
  readonly state: AccountState;
  readonly survives: readonly Survivor[];
}

/** A console step for a person: exact clicks, in order. */
export interface ConsoleStep {
  readonly title: string;
  readonly clicks: readonly string[];
}

/** An event of the system that a person is told about. */
export interface SystemEvent {
  /** The system's own id of the event; unique within the system. */
  readonly eventId: string;
  readonly kind: 'password_reset' | 'sign_in' | 'two_step_changed';
  /** The login (an e-mail address or UPN) of the account that it happened to. */
  readonly login: string;
  /** Who did it, as the system says; `null` when it does not. */
  readonly actor: string | null;
  readonly occurredAt: Date;
  /** The address it came from, when the system says. */
  readonly ip: string | null;
}

/** Events since a cursor. A source may return an event again (overlap): the reader drops what it has seen. */
export interface EventSource {
  /** `cursor` is what the last poll returned, `null` at the very first. Times inside it are the source's own business. */
  poll(
    cursor: string | null,
    call: CallContext,
  ): Promise<Result<{ events: readonly SystemEvent[]; cursor: string }, ConnectorFailure>>;
}

export interface CallContext {
  /** Aborts the call; every call also has the connector's own deadline. */
  readonly signal: AbortSignal;
  /** One id from the Slack payload to the provider request. */
  readonly correlationId: string;
}

export interface HealthProbe {
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong and how to mend it; empty when ok. */
  readonly detail: string;
}

/** One identity system behind one interface. A connector never throws for what a system answers: it classifies. */
export interface Connector {
  /** Stable id in config, store and metrics, e.g. `mimecast`, `active_directory`. */
  readonly system: string;
  /** The name people know, e.g. `Mimecast`. */
  readonly title: string;
  readonly capabilities: Readonly<Record<ActionKind, Capability>>;
  /** What the deployment restricts a command to, e.g. the named range sets; `null` when any value is taken. */
  readonly knownRangeSets: readonly (readonly string[])[] | null;
  findByEmail(email: string, call: CallContext): Promise<Result<AccountRef, ConnectorFailure>>;
  readState(account: AccountRef, call: CallContext): Promise<Result<AccountState, ConnectorFailure>>;
  perform(command: Command, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
  /**
   * Reads what is true now and compares it with what the command wanted. Also answers after a lost reply, so it must
   * tell an executed command from one that never arrived: `since` is when the command was first sent.
   */
  readBack(
    command: Command,
    account: AccountRef,
    since: Date,
    call: CallContext,
  ): Promise<Result<ReadBack, ConnectorFailure>>;
  /**
   * Puts a group membership back: the undo of a `group` route.
   */
  removeFromGroup(
    kind: 'require_two_step' | 'limit_login_ips',
    account: AccountRef,
    call: CallContext,
  ): Promise<Result<Receipt, ConnectorFailure>>;
  /** The exact clicks for what the API cannot do (or for what a person must finish). Empty when nothing is left to do. */
  consoleSteps(command: Command, account: AccountRef): readonly ConsoleStep[];
  health(call: CallContext): Promise<readonly HealthProbe[]>;
  readonly events: EventSource | null;
  close(): Promise<void>;
}
