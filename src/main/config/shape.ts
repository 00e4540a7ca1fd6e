import type { CodedKind, DecisionKind, PersonKind, TargetKind } from '../../ports/decision-kinds.js';
import type { ReportsElsewhere } from '../../ports/core.js';
import type { Limits } from '../../ports/limits.js';
import type { RoleLists } from '../../ports/roles.js';
import type { AskedKind } from '../../ports/connector.js';
import type { Configured } from '../../connectors/kit/system.js';
import type { Secret } from '../../platform/secret.js';
import type { ConfigProblem } from './problem.js';

/** The whole configuration: one frozen value. Sections of connectors and mail keep their names from notme.yml. */
export interface Config {
  /** `none`: no Slack token at all, so that the sandbox may start. */
  readonly credentials: 'none' | 'slack';
  /** The given settings that only a real workspace needs: names of variables, and the path of notme.yml. */
  readonly production: readonly string[];
  /** The notme.yml that was read, if any. */
  readonly file: string | null;
  readonly slack: SlackSettings | null;
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    /** How many proxies of ours append to X-Forwarded-For; with 0 the header is ignored. */
    readonly trustedProxies: number;
    /** When set, `/metrics` and `/readyz` require it as a Bearer token. */
    readonly metricsToken: Secret | null;
  };
  readonly dataDir: string;
  /** `null`: the embedded database. Contains a password, hence a secret. */
  readonly databaseUrl: Secret | null;
  /** `null`: the queue lives in the database. */
  readonly redisUrl: Secret | null;
  /** The first one seals, all of them open. Empty: the key file in the data folder (see `openSealer`). */
  readonly secretKeys: readonly Secret[];
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly workspace: WorkspaceSettings;
  /** The identity systems that are configured, in the order of the registry. */
  readonly systems: readonly Configured[];
  readonly mail: MailInput | null;
  readonly notices: {
    readonly pollSeconds: number;
    /** After how many minutes the security channel is told about an unanswered notice. */
    readonly unansweredMinutes: Readonly<Record<AskedKind, number>>;
  };
  readonly reportsElsewhere: ReportsElsewhere;
  /** After how many minutes a proven change is read again, ascending; empty: never. */
  readonly watch: { readonly afterMinutes: readonly number[] };
  /** Decisions that need no one-time code. */
  readonly stepUp: { readonly notRequiredFor: readonly CodedKind[] };
  /** What is accepted as it is but should be fixed. */
  readonly warnings: readonly ConfigProblem[];
  /** Texts that replace those of the catalogue, by key. */
  readonly texts: Readonly<Record<string, string>>;
}

export type SlackSettings =
  | { readonly transport: 'socket'; readonly botToken: Secret; readonly appToken: Secret; readonly apiUrl: string }
  | { readonly transport: 'http'; readonly botToken: Secret; readonly signingSecret: Secret; readonly apiUrl: string };

export interface WorkspaceSettings {
  /** A channel id, or a name without `#`; `null` only without Slack credentials. */
  readonly securityChannel: string | null;
  /** Evidence is posted there: without this, it must be private. */
  readonly allowPublicChannel: boolean;
  /** Empty lists mean nobody. */
  readonly roles: RoleLists;
  readonly neverTouch: readonly string[];
  /** Who is called when an incident opens: by default the approvers. */
  readonly onCall: {
    readonly userGroups: readonly string[];
    readonly users: readonly string[];
    readonly againMinutes: number;
  };
  /** Where one approver does not suffice. */
  readonly twoApprovers: {
    readonly actions: readonly DecisionKind[];
    readonly targets: readonly TargetKind[];
    readonly expireHours: number;
    readonly remindMinutes: number;
  };
  /** How often in an hour one person may do each. */
  readonly limits: Limits;
  /** For people whose Slack profile has none. */
  readonly timeZone: string;
  readonly people: readonly PersonOverride[];
}

/** A person whose accounts cannot be found by the e-mail address in the Slack profile. */
export interface PersonOverride {
  readonly slackUser: string | null;
  readonly email: string | null;
  readonly timeZone: string | null;
  /** The manager's name, for the incident's card. */
  readonly manager: string | null;
  /** Further e-mail addresses of the same person. */
  readonly aliases: readonly string[];
  readonly employeeId: string | null;
  readonly kind: PersonKind;
  /** Login by system. */
  readonly accounts: Readonly<Record<string, string>>;
}

export type MailInput =
  | {
      readonly transport: 'mailgun';
      readonly domain: string;
      readonly api_key: Secret;
      readonly url: string;
      readonly from: string;
    }
  | { readonly transport: 'smtp'; readonly url: Secret; readonly from: string };
