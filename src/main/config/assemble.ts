import { Secret } from '../../platform/secret.js';
import { clearText } from './clear-text.js';
import { exposed } from './exposed.js';
import { identitySystems } from './identity-systems.js';
import { leaves } from './leaves.js';
import type { FileOnCall, FilePerson } from './file-schema.js';
import { mail } from './mail.js';
import type { RoleList, RoleLists } from '../../ports/roles.js';
import { roles } from './roles.js';
import { namedSystems } from './named-systems.js';
import type { Config, PersonOverride, SlackSettings, WorkspaceSettings } from './shape.js';
import { stepUp } from './step-up.js';
import { reportsElsewhere } from './reports-elsewhere.js';
import { replacedTexts } from './texts.js';
import { limits } from './limits.js';
import { twoApprovers } from './two-approvers.js';
import { anyGiven, isGiven, read, requiredSecret, secretFrom, type Place, type Sources } from './sources.js';

/** Where a process listens, writes and logs: set on any machine, whatever runs there. */
const ANYWHERE: ReadonlySet<string> = new Set(['PORT', 'HOST', 'LOG_LEVEL', 'NOTME_DATA_DIR']);

const WATCH_DEFAULT: readonly number[] = [5, 15, 60];

export function assemble(sources: Sources, path: string | null): Config {
  const { env, file } = sources;
  const slack = slackSettings(sources);
  const decisions = stepUp(sources);
  const replaced = replacedTexts(sources);
  const inClear = clearText(sources);
  const named = roles(sources);
  const web = webSettings(sources);
  return {
    credentials: hasSlackCredentials(sources) ? 'slack' : 'none',
    production: [...[...env.given].filter((name) => !ANYWHERE.has(name)), ...(path === null ? [] : [path])],
    file: path,
    slack,
    web,
    dataDir: env.text('NOTME_DATA_DIR') ?? file.data_dir ?? '.notme',
    databaseUrl: secretFrom(env, 'DATABASE_URL'),
    redisUrl: secretFrom(env, 'REDIS_URL'),
    secretKeys: secretKeys(sources),
    logLevel: logLevel(sources),
    workspace: workspaceSettings(sources, named.roles),
    systems: identitySystems(sources),
    mail: mail(sources),
    notices: { pollSeconds: file.notices?.poll_seconds ?? 15, unansweredMinutes: unansweredMinutes(sources) },
    reportsElsewhere: reportsElsewhere(sources),
    watch: { afterMinutes: (file.watch?.after_minutes ?? WATCH_DEFAULT).toSorted((a, b) => a - b) },
    stepUp: decisions.stepUp,
    texts: replaced.texts,
    warnings: [
      ...named.warnings,
      ...decisions.warnings,
      ...inClear,
      ...exposed(sources, web),
      ...replaced.warnings,
      ...namedSystems(sources),
    ],
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

/** With a database server, several machines share the sealed rows, so a key file created by each does not work. */
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

function workspaceSettings(sources: Sources, named: RoleLists): WorkspaceSettings {
  const workspace = sources.file.workspace ?? {};
  if (hasSlackCredentials(sources)) requireChannel(sources);
  return {
    securityChannel: workspace.security_channel?.replace(/^#/, '') ?? null,
    allowPublicChannel: workspace.allow_public_channel ?? false,
    roles: named,
    onCall: onCall(workspace.on_call, named.approver),
    twoApprovers: twoApprovers(workspace.two_approvers),
    limits: limits(workspace.limits_per_hour),
    neverTouch: (workspace.never_touch ?? []).map((address) => address.toLowerCase()),
    timeZone: workspace.time_zone ?? 'UTC',
    people: (workspace.people ?? []).map(personOverride),
  };
}

/** A reset or a changed second factor is an attack under way; a sign-in from a new place is most often a journey. */
function unansweredMinutes({ file }: Sources): Config['notices']['unansweredMinutes'] {
  const given = file.notices?.unanswered_minutes;
  return {
    password_reset: given?.password_reset ?? 15,
    two_step_changed: given?.two_step_changed ?? 15,
    sign_in: given?.sign_in ?? 240,
    push_denied: given?.push_denied ?? 15,
    at_risk: given?.at_risk ?? 60,
  };
}

const CALL_AGAIN_MINUTES = 5;

/**
 * Whoever is named; with nobody named, an incident calls the approvers, so that a forgotten list never keeps it quiet.
 */
function onCall(given: FileOnCall, approvers: RoleList): WorkspaceSettings['onCall'] {
  const named = { userGroups: given?.user_groups ?? [], users: given?.users ?? [] };
  const nobody = named.userGroups.length + named.users.length === 0;
  return { ...(nobody ? approvers : named), againMinutes: given?.again_minutes ?? CALL_AGAIN_MINUTES };
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
    kind: person.kind ?? 'ordinary',
    accounts: Object.fromEntries(accounts.flatMap(([system, login]) => (login === undefined ? [] : [[system, login]]))),
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
