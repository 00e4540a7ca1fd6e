import type { Logger } from 'pino';
import type { Approvers } from './approvals/approvers.js';
import type { Connector } from './connectors/port.js';
import type { PeopleDirectory } from './incidents/directory.js';
import type { Runtime } from './runtime.js';
import type { Sealer } from './seal.js';
import type { Database } from './store/database.js';

/** What an administrator decided in `notme.yml`. */
export interface Policy {
  /** The channel id in which incident threads open. */
  readonly securityChannel: string;
  /** E-mail addresses that no action may touch. */
  readonly neverTouch: readonly string[];
  /** Decisions that ask for a one-time code: action kinds and `lockdown`. */
  readonly stepUpFor: readonly string[];
  /** What else a person is known by: by lower-case e-mail address. */
  readonly handles: ReadonlyMap<string, KnownHandles>;
  /** IANA name of the security team's time zone. */
  readonly timeZone: string;
  /** After how many minutes a proven change is read again, ascending. */
  readonly watchMinutes: readonly number[];
}

/** What the configuration says about a person beside the e-mail address. */
export interface KnownHandles {
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

/** What the core works with. Handed in once, where the process is composed. */
export interface Core {
  readonly workspaceId: string;
  readonly db: Database;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly people: PeopleDirectory;
  readonly approvers: Approvers;
  readonly policy: Policy;
  readonly log: Logger;
  readonly meter: Meter;
  /** Tells the dispatcher that committed work waits. Called after every commit that requested some. */
  dispatch(): void;
}

/** Where an input came from: goes into the record. */
export interface Origin {
  /** `dm`, `button`, `command`, `shortcut`, `modal`, `mail`, `job` … */
  readonly surface: string;
  readonly channel?: string;
  readonly ip?: string;
  /** One id from the Slack payload to the last log line, job and provider request. */
  readonly correlationId: string;
}
