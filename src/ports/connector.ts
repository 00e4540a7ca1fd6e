import type { Result } from '../platform/result.js';
import type { Secret } from '../platform/secret.js';
import type { AccountRef, AccountState, PersonIdentifiers } from './account-state.js';
import type { EvidenceItem, EvidenceSection } from './evidence-items.js';
import type { SystemEvent } from './system-events.js';

export { EVIDENCE_SECTIONS } from './evidence-items.js';
export type { EvidenceItem, EvidenceSection } from './evidence-items.js';
export type { AccountRef, AccountState, PersonIdentifiers } from './account-state.js';
export { REPORT_KINDS, RISK_LEVELS } from './system-events.js';
export type { AskedKind, ReportKind, RiskLevel, SystemEvent } from './system-events.js';

/** The containment actions that a connector may be asked to carry out. */
export const ACTION_KINDS = [
  'reset_password',
  'revoke_sessions',
  'disable_account',
  'enable_account',
  'remove_factors',
  'unlink_identity_providers',
  'invalidate_backup_codes',
  'clear_recovery_contacts',
  'require_two_step',
  'delete_app_passwords',
  'revoke_grants',
  'disable_mail_rules',
  'block_mail_protocols',
  'block_devices',
  'remove_admin_roles',
  'quarantine',
  'limit_login_ips',
  'block_address',
  'confirm_compromised',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** Actions on items of which an account may have several: each is chosen by its id from the evidence. */
export const ITEM_ACTIONS = {
  remove_factors: 'factors',
  unlink_identity_providers: 'identity_providers',
  delete_app_passwords: 'app_passwords',
  revoke_grants: 'grants',
  disable_mail_rules: 'mail_rules',
  block_devices: 'devices',
} as const satisfies Partial<Record<ActionKind, EvidenceSection>>;
export type ItemAction = keyof typeof ITEM_ACTIONS;

/** Whether items of this section can be chosen and removed. */
export const isItemSection = (section: EvidenceSection): boolean =>
  (Object.values(ITEM_ACTIONS) as readonly EvidenceSection[]).includes(section);

export const isItemAction = (kind: ActionKind): kind is ItemAction => Object.hasOwn(ITEM_ACTIONS, kind);

/** Ids of evidence items, or all that are there when the command runs. */
export type Chosen = 'all' | readonly string[];

/** A connector's order; a retry repeats the same command with the same values. */
export type Command =
  | { readonly kind: 'reset_password'; readonly password: Secret }
  | { readonly kind: 'limit_login_ips'; readonly ranges: readonly string[] }
  /** CIDRs (a single address is a /32 or /128) from which nobody may sign in any more. */
  | { readonly kind: 'block_address'; readonly ranges: readonly string[] }
  | { readonly kind: ItemAction; readonly items: Chosen }
  | { readonly kind: PlainAction };

/** Actions that need nothing but the account. */
export type PlainAction = Exclude<ActionKind, 'reset_password' | 'limit_login_ips' | 'block_address' | ItemAction>;

/** The values that an action would change, by name: saved before it, compared before it is undone. Never a secret. */
export type Facts = Readonly<Record<string, Fact>>;
export type Fact = string | number | boolean | null | readonly string[];

/** Everything that can go wrong with an identity system: a closed list, so that one place decides what is retried. */
export type ConnectorFailure =
  | { readonly kind: 'auth'; readonly message: string }
  | { readonly kind: 'permission'; readonly message: string; readonly missing?: string }
  | { readonly kind: 'protected_account'; readonly message: string }
  | { readonly kind: 'not_found'; readonly message: string }
  | {
      readonly kind: 'ambiguous';
      readonly message: string;
      readonly candidates: readonly string[];
      /** They fit, but only by an address that the system has not verified: anybody could have entered it. */
      readonly unverified?: true;
    }
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'invalid_input'; readonly message: string; readonly field?: string }
  | { readonly kind: 'throttled'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'licence'; readonly message: string }
  | { readonly kind: 'unsupported'; readonly message: string }
  /** Proven not executed (connection refused, 5xx on a read): may simply be repeated. */
  | { readonly kind: 'transient'; readonly message: string; readonly retryAfterMs?: number }
  /** A write was sent and the answer was lost: read back before anything is repeated. */
  | { readonly kind: 'unknown_outcome'; readonly message: string; readonly retryAfterMs?: number };

/** How a system carries out an action. */
export type Route =
  /** one API call */
  | 'native'
  /** membership of a group that an administrator prepared; `effectiveWithinSeconds` says how long it may take */
  | 'group'
  /** an effect of the password reset, without a call of its own */
  | 'effect_of_reset'
  /** the API cannot: a person does the named manual steps */
  | 'console'
  /** the system has no such concept */
  | 'none';

export interface Capability {
  readonly route: Route;
  /** `restore`: restores the saved facts. `null`: it cannot be undone. */
  readonly undo: 'restore' | null;
  /** Seconds until an accepted change holds everywhere; 0 when the read-back is proof. */
  readonly effectiveWithinSeconds: number;
  /** The least permissions that this action needs, in the vendor's words. */
  readonly permissions: readonly string[];
  /** What the system does besides, and whoever decides should know before, in one sentence; absent: nothing is known. */
  readonly besides?: string;
}

/** One thing that keeps working after the action, and until when at the latest (seconds from now, `null`: unknown). */
export interface ResidualAccess {
  readonly what: string;
  readonly forSeconds: number | null;
  /** Any of these on the same account ends it, when it begins after the action, and takes all that are there. */
  readonly endedBy: readonly ActionKind[];
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
  /**
   * With `cannot_tell`: what was sent is there, and can be undone; only that it has its effect is not shown (who is in a
   * prepared group was read, the policy for the group was not). Reading again shows no more.
   */
  readonly inPlace?: true;
  /** One sentence on what was read, for the thread; never a secret. */
  readonly observed: string;
  readonly state: AccountState;
  readonly residual: readonly ResidualAccess[];
}

/** A manual step for a person: exact clicks, in order. */
export interface ConsoleStep {
  readonly title: string;
  readonly clicks: readonly string[];
}

/**
 * The connector's own commands that its log reports in the same way. `always`: each command makes such an event (an
 * item action one per item), so where the log does not say who acted, they are counted. `sometimes`: some of these
 * commands do; they explain an event only where the log names our credentials.
 */
export interface OwnDeeds {
  readonly always: readonly ActionKind[];
  readonly sometimes?: readonly ActionKind[];
}

/** Events since a cursor. A source may return an event again (overlap): the reader drops what it has seen. */
export interface EventSource {
  /** What the connector's own commands look like in this log; anything not listed is never its own. */
  readonly ownDeeds: Readonly<Partial<Record<SystemEvent['kind'], OwnDeeds>>>;
  /** `cursor` is what the last poll returned, `null` at the very first. Only the source interprets the times in it. */
  poll(
    cursor: string | null,
    call: CallContext,
  ): Promise<Result<{ events: readonly SystemEvent[]; cursor: string }, ConnectorFailure>>;
}

/**
 * Reports made elsewhere. Each source is read by itself: one for which a right or a licence is missing costs none of the
 * others.
 */
export interface ReportSource extends EventSource {
  /** Of the source within its system, e.g. `risky_users`; its cursor is kept under it. */
  readonly name: string;
  /** It is not read more often than this, where the system takes few calls. */
  readonly pauseMs?: number;
}

export interface CallContext {
  /** Aborts the call; every call also has the connector's own deadline. */
  readonly signal: AbortSignal;
  /** One id from the Slack payload to the provider request. */
  readonly correlationId: string;
  /** Called when the call makes progress: it waits for its turn, or an answer has arrived. */
  readonly progress?: () => void;
}

export interface HealthProbe {
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong and how to fix it; empty when ok. */
  readonly detail: string;
}

/** A section that is not available says why (`permission`, `licence`, `unsupported` …); the others are kept anyway. */
export type Evidence = Readonly<
  Record<
    EvidenceSection,
    { readonly items: readonly EvidenceItem[]; readonly complete: boolean } | { readonly unavailable: ConnectorFailure }
  >
>;

/** What `notme doctor` learns about one thing, without changing anything. */
export interface Finding {
  /**
   * `reach`: it answers; `sign_in`: it accepts our credentials; `clock`: whether ours agrees with its; else an action,
   * the notices, the reports made there or the evidence.
   */
  readonly subject: 'reach' | 'sign_in' | 'clock' | 'find' | 'events' | 'reports' | 'evidence' | ActionKind;
  readonly verdict:
    | 'ok'
    | 'console'
    | 'missing_permission'
    | 'unlicensed'
    | 'misconfigured'
    | 'blocked'
    | 'unreachable'
    | 'cannot_tell';
  /** What was seen, in one sentence; never a secret. */
  readonly detail: string;
  /** What to do about it, in the vendor's words and clicks; empty when `ok`. */
  readonly fix: string;
  /** The rights that are missing, each in the form in which it is granted; absent: none is known to be. */
  readonly missing?: readonly string[];
}

/** How missing rights are granted all at once. */
export interface Granting {
  /** Where, in the vendor's clicks. */
  readonly where: string;
  /** What stands between two of them there. */
  readonly separator: string;
}

/** How many calls a system takes at once and per minute, over all processes of Notme; below the vendor's own limits. */
export interface Limits {
  readonly concurrency: number;
  /** `null`: the vendor names none. */
  readonly perMinute: number | null;
}

/** One identity system behind one interface. A connector never throws for what a system answers: it classifies. */
export interface Connector {
  /** Stable id in config, store and metrics, e.g. `mimecast`, `active_directory`. */
  readonly system: string;
  /** The name people know, e.g. `Mimecast`. */
  readonly title: string;
  readonly capabilities: Readonly<Record<ActionKind, Capability>>;
  /** What the deployment restricts a command to, e.g. the named range sets; `null` when any value is accepted. */
  readonly knownRangeSets: readonly (readonly string[])[] | null;
  readonly limits: Limits;
  /** Absent: its rights are no list. */
  readonly granting?: Granting;
  find(person: PersonIdentifiers, call: CallContext): Promise<Result<AccountRef, ConnectorFailure>>;
  readState(account: AccountRef, call: CallContext): Promise<Result<AccountState, ConnectorFailure>>;
  perform(command: Command, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
  /**
   * Reads the current state and compares it with what the command wanted. Also answers after a lost reply, so it must
   * tell an executed command from one that never arrived: `since` is when the command was first sent.
   */
  readBack(
    command: Command,
    account: AccountRef,
    since: Date,
    call: CallContext,
  ): Promise<Result<ReadBack, ConnectorFailure>>;
  /**
   * The current values that the command would change. Called before it is sent, after it was proven, and before an
   * undo. `{}` for what cannot be undone.
   */
  capture(command: Command, account: AccountRef, call: CallContext): Promise<Result<Facts, ConnectorFailure>>;
  /**
   * The undo: restores the facts that `capture` returned before the command. Never weakens more than that: anything the
   * facts do not name stays. The caller has compared the present with what the command left. May be repeated.
   * @returns `unsupported` for commands whose capability says that they cannot be undone
   */
  restore(
    command: Command,
    account: AccountRef,
    before: Facts,
    call: CallContext,
  ): Promise<Result<Receipt, ConnectorFailure>>;
  /**
   * What of these facts an undo cannot restore by itself, in one sentence; `null` when it can restore all of them. Absent:
   * it always can.
   */
  cannotRestore?(command: Command, before: Facts): string | null;
  /** Everything worth keeping before the first change, newest first, bounded. Never fails as a whole. */
  evidence(account: AccountRef, call: CallContext): Promise<Evidence>;
  /** What is reachable, permitted and licensed, per action; with an account, whether it can be contained. Read-only. */
  examine(account: AccountRef | null, call: CallContext): Promise<readonly Finding[]>;
  /** The exact clicks for what the API cannot do (or for what a person must finish). Empty when nothing is left to do. */
  consoleSteps(command: Command, account: AccountRef): readonly ConsoleStep[];
  health(call: CallContext): Promise<readonly HealthProbe[]>;
  readonly events: EventSource | null;
  /** Where reports made there are read; empty: it takes none, and has no verdict of its own. */
  readonly reports: readonly ReportSource[];
  close(): Promise<void>;
}
