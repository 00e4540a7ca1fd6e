import { entraIdSettings } from '../connectors/entra-id/settings.js';
import { googleWorkspaceSettings } from '../connectors/google-workspace/settings.js';
import { keycloakSettings } from '../connectors/keycloak/settings.js';
import { oktaSettings } from '../connectors/okta/settings.js';
import { slackWorkspaceSettings } from '../connectors/slack-workspace/settings.js';
import { Secret } from '../secret.js';
import { activeDirectory, mimecast } from './integrations.js';
import { identitySystem, scimApplications } from './identity-systems.js';
import { leaves } from './leaves.js';
import type { FilePerson } from './file-schema.js';
import { mail } from './mail.js';
import type { Config, PersonOverride, SlackSettings, WorkspaceSettings } from './shape.js';
import { anyGiven, isGiven, read, requiredSecret, secretFrom, type Place, type Sources } from './sources.js';

const WATCH_DEFAULT: readonly number[] = [5, 15, 60];

const STEP_UP_DEFAULT = [
  'reset_password',
  'disable_account',
  'limit_login_ips',
  'require_two_step',
  'revoke_sessions',
  'lockdown',
  'enable_account',
  'remove_factors',
  'clear_recovery_contacts',
  'revoke_grants',
  'block_devices',
  'remove_admin_roles',
  'quarantine',
  'block_address',
] as const;

export function assemble(sources: Sources, path: string | null): Config {
  const { env, file } = sources;
  const pollSeconds = file.notices?.poll_seconds ?? 15;
  const slack = slackSettings(sources);
  return {
    credentials: hasSlackCredentials(sources) ? 'slack' : 'none',
    file: path,
    slack,
    web: webSettings(sources),
    dataDir: env.text('NOTME_DATA_DIR') ?? file.data_dir ?? '.notme',
    databaseUrl: secretFrom(env, 'DATABASE_URL'),
    redisUrl: secretFrom(env, 'REDIS_URL'),
    secretKeys: secretKeys(sources),
    logLevel: logLevel(sources),
    workspace: workspaceSettings(sources),
    mimecast: mimecast(sources, pollSeconds),
    activeDirectory: activeDirectory(sources),
    entraId: identitySystem(sources, 'entra_id', entraIdSettings),
    okta: identitySystem(sources, 'okta', oktaSettings),
    googleWorkspace: identitySystem(sources, 'google_workspace', googleWorkspaceSettings),
    keycloak: identitySystem(sources, 'keycloak', keycloakSettings),
    slackWorkspace: identitySystem(sources, 'slack', slackWorkspaceSettings),
    scim: scimApplications(sources),
    mail: mail(sources),
    notices: { pollSeconds },
    watch: { afterMinutes: (file.watch?.after_minutes ?? WATCH_DEFAULT).toSorted((a, b) => a - b) },
    stepUp: { requiredFor: file.step_up?.required_for ?? STEP_UP_DEFAULT },
    texts: file.texts ?? {},
  };
}

function hasSlackCredentials(sources: Sources): boolean {
  return anyGiven(sources, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET']);
}

function publicUrl({ file }: Sources): Place {
  return { name: 'PUBLIC_URL', key: 'web.public_url', inFile: file.web?.public_url };
}

/** A public address alone does not choose: links in mails need one in Socket Mode too. */
function overHttp(sources: Sources): boolean {
  if (!isGiven(sources, publicUrl(sources))) return false;
  return anyGiven(sources, ['SLACK_SIGNING_SECRET']) || !anyGiven(sources, ['SLACK_APP_TOKEN']);
}

function slackSettings(sources: Sources): SlackSettings | null {
  if (!hasSlackCredentials(sources)) return null;
  const botToken = requiredSecret(sources, 'SLACK_BOT_TOKEN', 'another Slack credential is set');
  const apiUrl = withSlash(sources.env.text('SLACK_API_URL') ?? 'https://slack.com/api/');
  if (overHttp(sources)) {
    const signingSecret = requiredSecret(
      sources,
      'SLACK_SIGNING_SECRET',
      'with PUBLIC_URL and without SLACK_APP_TOKEN Slack sends signed requests',
    );
    return botToken === null || signingSecret === null ? null : { transport: 'http', botToken, signingSecret, apiUrl };
  }
  const appToken = requiredSecret(
    sources,
    'SLACK_APP_TOKEN',
    'without PUBLIC_URL and SLACK_SIGNING_SECRET the app connects by Socket Mode',
  );
  return botToken === null || appToken === null ? null : { transport: 'socket', botToken, appToken, apiUrl };
}

function webSettings(sources: Sources): Config['web'] {
  const { env, file } = sources;
  return {
    host: env.text('HOST') ?? file.web?.host ?? '127.0.0.1',
    port: env.number('PORT') ?? file.web?.port ?? 3000,
    publicUrl: read(sources, publicUrl(sources))?.replace(/\/+$/, '') ?? null,
    trustedProxies: env.number('TRUSTED_PROXIES') ?? file.web?.trusted_proxies ?? 0,
    metricsToken: secretFrom(env, 'METRICS_TOKEN'),
  };
}

/** With a server's database several machines share the sealed rows, so a key file that each would make is no answer. */
function secretKeys(sources: Sources): readonly Secret[] {
  const text = sources.env.text('NOTME_SECRET_KEY');
  if (text !== undefined) return text.split(',').map((key) => new Secret(key.trim()));
  if (sources.env.given.has('DATABASE_URL') && !sources.env.given.has('NOTME_SECRET_KEY')) {
    sources.problems.push({
      key: 'NOTME_SECRET_KEY',
      problem: 'NOTME_SECRET_KEY is missing: with DATABASE_URL every process must seal under the same key.',
      fix: 'Set NOTME_SECRET_KEY to 32 random bytes (openssl rand -base64 32), or NOTME_SECRET_KEY_FILE to a key file.',
    });
  }
  return [];
}

function logLevel({ env, file }: Sources): Config['logLevel'] {
  const parsed = env.text('LOG_LEVEL');
  return LEVELS.find((level) => level === parsed) ?? file.log_level ?? 'info';
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

function workspaceSettings(sources: Sources): WorkspaceSettings {
  const workspace = sources.file.workspace ?? {};
  if (hasSlackCredentials(sources)) requireChannel(sources);
  return {
    securityChannel: workspace.security_channel?.replace(/^#/, '') ?? null,
    approvers: { userGroups: workspace.approvers?.user_groups ?? [], users: workspace.approvers?.users ?? [] },
    neverTouch: (workspace.never_touch ?? []).map((address) => address.toLowerCase()),
    timeZone: workspace.time_zone ?? 'UTC',
    people: (workspace.people ?? []).map(personOverride),
  };
}

function requireChannel({ file, problems }: Sources): void {
  const key = 'workspace.security_channel';
  if (file.workspace?.security_channel !== undefined || problems.some((problem) => problem.key === key)) return;
  problems.push({
    key,
    problem: `${key} is missing: incidents would have no place to open.`,
    fix: `Set ${key} in notme.yml to ${leaves.channel.description ?? 'the id of the security channel'}.`,
  });
}

function personOverride(person: FilePerson): PersonOverride {
  const accounts = Object.entries(person.accounts ?? {});
  return {
    slackUser: person.slack_user ?? null,
    email: person.email?.toLowerCase() ?? null,
    timeZone: person.time_zone ?? null,
    manager: person.manager ?? null,
    aliases: (person.aliases ?? []).map((address) => address.toLowerCase()),
    employeeId: person.employee_id ?? null,
    accounts: Object.fromEntries(accounts.flatMap(([system, login]) => (login === undefined ? [] : [[system, login]]))),
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
