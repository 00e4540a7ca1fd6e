import type { Logger } from 'pino';
import type { CodedKind, DecisionKind, PersonKind, TargetKind } from './decision-kinds.js';
import type { AskedKind, Connector, RiskLevel } from './connector.js';
import type { PeopleDirectory } from './directory.js';
import type { Limits } from './limits.js';
import type { Roles } from './roles.js';
import type { Runtime } from '../platform/runtime.js';
import type { Result } from '../platform/result.js';
import type { Sealer } from '../platform/seal.js';
import type { Database } from './database.js';

/** What an administrator decided in `notme.yml`. */
export interface Policy {
  /** The channel id in which incident threads open. */
  readonly securityChannel: string;
  /** E-mail addresses that no action may touch. */
  readonly neverTouch: readonly string[];
  /** Decisions that need no one-time code; all others do. */
  readonly uncoded: readonly CodedKind[];
  /** Other identifiers of a person, by lower-case e-mail address. */
  readonly identifiers: ReadonlyMap<string, KnownIdentifiers>;
  /** What notme.yml says of people, by Slack id and by lower-case e-mail address. */
  readonly kinds: ReadonlyMap<string, PersonKind>;
  readonly twoApprovers: TwoApprovers;
  /** How often in an hour one person may do what would flood the channel or the queue. */
  readonly limits: Limits;
  /** IANA name of the security team's time zone. */
  readonly timeZone: string;
  /** Who is called when an incident opens. */
  readonly onCall: OnCall;
  /** After how many minutes the security channel is told about an unanswered notice, by what happened. */
  readonly unansweredMinutes: Readonly<Record<AskedKind, number>>;
  readonly reportsElsewhere: ReportsElsewhere;
  /** After how many minutes a proven change is read again, ascending. */
  readonly watchMinutes: readonly number[];
}

/** What becomes of reports made at an identity system; how many incidents they open in an hour is one of the limits. */
export interface ReportsElsewhere {
  /** Of what somebody reported there: an incident, or a line of the channel's list. */
  readonly person: 'open' | 'list';
  /** So many sign-in requests that the person rejects within an hour open an incident; fewer ask. */
  readonly deniedRequests: number;
  /** From which level on a system's own verdict opens an incident; `never`: none does. */
  readonly verdictOpens: RiskLevel | 'never';
  /** From which level on the person is asked; what is below is kept, and joins an incident that is open. */
  readonly verdictAsks: RiskLevel | 'never';
}

/** Where one approver does not suffice. */
export interface TwoApprovers {
  readonly actions: readonly DecisionKind[];
  readonly targets: readonly TargetKind[];
  /** How long a first approval waits for the second, ms. */
  readonly expireMs: number;
  /** After how long those on call are reminded of it, and after as long again each approver, ms. */
  readonly remindMs: number;
}

/** Who is called, and called again when nobody takes an incident. */
export interface OnCall {
  /** Slack ids. */
  readonly userGroups: readonly string[];
  readonly users: readonly string[];
  /** How long an incident may wait to be taken before each further call, ms. */
  readonly againMs: number;
}

/** What the configuration says about a person besides the e-mail address. */
export interface KnownIdentifiers {
  readonly aliases: readonly string[];
  readonly employeeId: string | null;
  /** The login in a system, by its id. */
  readonly logins: Readonly<Record<string, string>>;
}

/** Counts what happens, for the metrics. */
export interface Meter {
  incidentOpened(): void;
  stepEnded(step: { system: string; action: string; outcome: string; seconds: number }): void;
  posted(outcome: string): void;
}

/** Where the passkey page is: WebAuthn's relying party. Its id is a host name. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** Why there is none: the public address is an IP address, or is reached without TLS. */
export type PartyProblem = 'address' | 'insecure';

/** What the core works with. Passed in once, where the process is composed. */
export interface Core {
  readonly workspaceId: string;
  readonly db: Database;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly people: PeopleDirectory;
  readonly roles: Roles;
  readonly policy: Policy;
  readonly log: Logger;
  readonly meter: Meter;
  /** Where passkeys are used. */
  party(): Result<RelyingParty, PartyProblem>;
  /** Tells the dispatcher that committed work is waiting. Called after every commit that requested some. */
  dispatch(): void;
}

/** The origin of an input: goes into the record. */
export interface Origin {
  /** `dm`, `button`, `command`, `shortcut`, `modal`, `mail`, `job` … */
  readonly surface: string;
  readonly channel?: string;
  readonly ip?: string;
  /** One id from the Slack payload to the last log line, job and provider request. */
  readonly correlationId: string;
}
