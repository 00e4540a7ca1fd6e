import type { ActionKind } from '../connectors/port.js';
import type { EntraIdSettings } from '../connectors/entra-id/settings.js';
import type { GoogleWorkspaceSettings } from '../connectors/google-workspace/settings.js';
import type { KeycloakSettings } from '../connectors/keycloak/settings.js';
import type { OktaSettings } from '../connectors/okta/settings.js';
import type { ScimSettings } from '../connectors/scim/settings.js';
import type { SlackWorkspaceSettings } from '../connectors/slack-workspace/settings.js';
import type { Secret } from '../secret.js';

/** The whole configuration: one frozen value. Sections of connectors and mail keep the names that notme.yml gives them. */
export interface Config {
  /** `none`: no Slack token at all, so that the sandbox may start. */
  readonly credentials: 'none' | 'slack';
  /** The notme.yml that was read, if any. */
  readonly file: string | null;
  readonly slack: SlackSettings | null;
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    /** How many proxies of ours append to X-Forwarded-For; 0 believes nothing of it. */
    readonly trustedProxies: number;
    /** When given, `/metrics` asks for it as a Bearer token. */
    readonly metricsToken: Secret | null;
  };
  readonly dataDir: string;
  /** `null`: the embedded database. Holds a password, hence a secret. */
  readonly databaseUrl: Secret | null;
  /** `null`: the queue lives in the database. */
  readonly redisUrl: Secret | null;
  /** The first seals, all open. Empty: the key file in the data folder (see `openSealer`). */
  readonly secretKeys: readonly Secret[];
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly workspace: WorkspaceSettings;
  readonly mimecast: MimecastInput | null;
  readonly activeDirectory: ActiveDirectoryInput | null;
  readonly entraId: EntraIdSettings | null;
  readonly okta: OktaSettings | null;
  readonly googleWorkspace: GoogleWorkspaceSettings | null;
  readonly keycloak: KeycloakSettings | null;
  /** Slack itself as an identity system: not the bot. */
  readonly slackWorkspace: SlackWorkspaceSettings | null;
  readonly scim: readonly ScimSettings[];
  readonly mail: MailInput | null;
  readonly notices: { readonly pollSeconds: number };
  /** After how many minutes a proven change is read again, ascending; empty: never. */
  readonly watch: { readonly afterMinutes: readonly number[] };
  readonly stepUp: { readonly requiredFor: readonly (ActionKind | 'lockdown')[] };
  /** Texts that replace those of the catalogue, by key. */
  readonly texts: Readonly<Record<string, string>>;
}

export type SlackSettings =
  | { readonly transport: 'socket'; readonly botToken: Secret; readonly appToken: Secret; readonly apiUrl: string }
  | { readonly transport: 'http'; readonly botToken: Secret; readonly signingSecret: Secret; readonly apiUrl: string };

export interface WorkspaceSettings {
  /** A channel id, or a name without `#`; `null` only without Slack credentials. */
  readonly securityChannel: string | null;
  /** Empty lists mean nobody. */
  readonly approvers: { readonly userGroups: readonly string[]; readonly users: readonly string[] };
  readonly neverTouch: readonly string[];
  /** For people whose Slack profile tells none. */
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
  /** Login by system. */
  readonly accounts: Readonly<Record<string, string>>;
}

interface MimecastShared {
  readonly two_step_group: string | null;
  readonly quarantine_group: string | null;
  readonly login_range_groups: readonly { readonly group: string; readonly ranges: readonly string[] }[];
  readonly synced_from: string | null;
  readonly poll_seconds: number;
  readonly poll_overlap_s?: number | undefined;
  readonly audit_categories?: readonly string[] | undefined;
  readonly deadline_ms?: number | undefined;
}

export type MimecastInput = MimecastShared &
  (
    | {
        readonly auth: 'api2';
        readonly base_url: string;
        readonly client_id: string;
        readonly client_secret: Secret;
      }
    | {
        readonly auth: 'api1';
        readonly base_url?: string;
        readonly region: string;
        readonly app_id: string;
        readonly app_key: Secret;
        readonly access_key: Secret;
        readonly secret_key: Secret;
      }
  );

export interface ActiveDirectoryInput {
  readonly url: string;
  readonly start_tls: boolean;
  readonly bind_dn: string;
  readonly bind_password: Secret;
  readonly base_dn?: string;
  readonly ca_file?: string;
  readonly ca?: string | undefined;
  readonly server_name?: string;
  readonly two_step_group_dn: string | null;
  readonly quarantine_group_dns: readonly string[];
  readonly admin_group_dns: readonly string[];
  readonly login_range_groups: readonly { readonly group_dn: string; readonly ranges: readonly string[] }[];
  readonly deadline_ms?: number | undefined;
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
