import type { z } from 'zod';
import { leaves, secrets } from './leaves.js';

interface EnvironmentOption {
  /** One line for `.env.example` and `notme start --help`. */
  readonly about: string;
  readonly schema: z.ZodType<string | number>;
  /** A secret may also be given as a file: `<NAME>_FILE` holds its path. */
  readonly secret: boolean;
  /** Set when the value is a number. */
  readonly numeric?: true;
}

const open = (about: string, schema: z.ZodType<string>): EnvironmentOption => ({ about, schema, secret: false });
const secret = (about: string, schema: z.ZodType<string>): EnvironmentOption => ({ about, schema, secret: true });

/** Every environment variable that Notme reads. A variable wins over the same setting in notme.yml. */
export const ENVIRONMENT = {
  SLACK_BOT_TOKEN: secret(
    'Bot token of the Slack app (xoxb-...). Without any Slack token the sandbox starts.',
    secrets.botToken,
  ),
  SLACK_APP_TOKEN: secret('App-level token (xapp-...) for Socket Mode, the default.', secrets.appToken),
  SLACK_SIGNING_SECRET: secret(
    'Signing secret; with PUBLIC_URL it chooses signed HTTP requests instead of Socket Mode.',
    secrets.signingSecret,
  ),
  SLACK_API_URL: open('Slack Web API to talk to. Default: https://slack.com/api/', leaves.webAddress),
  PORT: { about: 'Port of the web server. Default: 3000', schema: leaves.port, secret: false, numeric: true },
  HOST: open('Address of the web server. Default: 127.0.0.1', leaves.host),
  PUBLIC_URL: open(
    'https address of this server, for the links in mails. With SLACK_SIGNING_SECRET Slack sends signed HTTP requests there instead of Socket Mode.',
    leaves.publicUrl,
  ),
  TRUSTED_PROXIES: {
    about: 'How many of your proxies append to X-Forwarded-For. Default: 0, it is not believed.',
    schema: leaves.trustedProxies,
    secret: false,
    numeric: true,
  },
  METRICS_TOKEN: secret('When set, /metrics asks for it as a Bearer token.', secrets.opaque('a long random text')),
  NOTME_CONFIG: open(
    'Path of notme.yml. Default: notme.yml in the working directory, if it is there.',
    leaves.filePath,
  ),
  NOTME_DATA_DIR: open('Folder of the embedded database and of the key file. Default: .notme', leaves.dataDir),
  DATABASE_URL: secret('Postgres. Without it an embedded database lives in the data folder.', secrets.databaseUrl),
  REDIS_URL: secret('Redis for the queue. Without it the queue lives in the database.', secrets.redisUrl),
  NOTME_SECRET_KEY: secret(
    'Key that seals secrets at rest; needed with DATABASE_URL, else made in the data folder.',
    secrets.sealKeys,
  ),
  LOG_LEVEL: open('fatal, error, warn, info, debug, trace or silent. Default: info', leaves.logLevel),
  MAILGUN_API_KEY: secret(
    'Mailgun: sending key of the domain.',
    secrets.opaque('the sending key of the Mailgun domain'),
  ),
  MAILGUN_DOMAIN: open('Mailgun: sending domain.', leaves.domain),
  MAILGUN_URL: open(
    'Mailgun: API address. Default: https://api.mailgun.net (EU: https://api.eu.mailgun.net)',
    leaves.webAddress,
  ),
  MAIL_FROM: open('Sender of mails, e.g. Security team <security@example.com>', leaves.mailFrom),
  SMTP_URL: secret('SMTP server instead of Mailgun, e.g. smtps://user:password@mail.example.com', secrets.smtpUrl),
  MIMECAST_CLIENT_ID: open('Mimecast API 2.0: client id.', leaves.clientId),
  MIMECAST_CLIENT_SECRET: secret(
    'Mimecast API 2.0: client secret.',
    secrets.opaque('the client secret of the Mimecast API 2.0 application'),
  ),
  MIMECAST_BASE_URL: open('Mimecast API 2.0: address. Default: https://api.services.mimecast.com', leaves.webAddress),
  MIMECAST_REGION: open(
    'Mimecast API 1.0: region, the letters in the console address (eu, de, us …).',
    leaves.mimecastRegion,
  ),
  MIMECAST_APP_ID: open('Mimecast API 1.0, instead of a client id: application id.', leaves.clientId),
  MIMECAST_APP_KEY: secret('Mimecast API 1.0: application key.', secrets.opaque('the application key of API 1.0')),
  MIMECAST_ACCESS_KEY: secret('Mimecast API 1.0: access key.', secrets.opaque('the access key of the service user')),
  MIMECAST_SECRET_KEY: secret('Mimecast API 1.0: secret key.', secrets.mimecastSecretKey),
  AD_URL: open('Active Directory: domain controller, e.g. ldaps://dc1.example.com', leaves.ldapUrl),
  AD_BIND_DN: open('Active Directory: account that Notme signs in with.', leaves.dn),
  AD_BIND_PASSWORD: secret(
    'Active Directory: password of that account.',
    secrets.opaque('the password of the bind account'),
  ),
  AD_CA_FILE: open(
    'Active Directory: PEM file of the authority that signed the certificate of the controller.',
    leaves.filePath,
  ),
  AD_SERVER_NAME: open('Active Directory: name in that certificate, when AD_URL uses another one.', leaves.serverName),
  AD_BASE_DN: open('Active Directory: where people are searched. Default: what the controller names.', leaves.dn),
  ENTRA_ID_TENANT_ID: open('Entra ID: directory (tenant) id.', leaves.identifier),
  ENTRA_ID_CLIENT_ID: open('Entra ID: application (client) id.', leaves.clientId),
  ENTRA_ID_CLIENT_SECRET: secret(
    'Entra ID: client secret. Instead: a private key, with its certificate in notme.yml.',
    secrets.opaque('a client secret of the Entra application'),
  ),
  ENTRA_ID_PRIVATE_KEY: secret(
    'Entra ID: private key (PEM) of the certificate.',
    secrets.opaque('a private key in PEM'),
  ),
  ENTRA_ID_LOGIN_URL: open('Entra ID: sign-in address. Default: https://login.microsoftonline.com', leaves.webAddress),
  ENTRA_ID_GRAPH_URL: open('Entra ID: Graph address. Default: https://graph.microsoft.com', leaves.webAddress),
  OKTA_BASE_URL: open('Okta: address of the org, e.g. https://example.okta.com', leaves.webAddress),
  OKTA_CLIENT_ID: open('Okta: client id of the service app.', leaves.clientId),
  OKTA_PRIVATE_KEY: secret('Okta: private key of the service app (PEM or JWK).', secrets.opaque('a private key')),
  OKTA_API_TOKEN: secret('Okta: API token (SSWS), instead of a service app.', secrets.opaque('an API token')),
  GOOGLE_WORKSPACE_SERVICE_ACCOUNT_KEY: secret(
    'Google Workspace: the JSON key of the service account.',
    secrets.opaque('the whole JSON key file of the service account'),
  ),
  GOOGLE_WORKSPACE_ADMIN_EMAIL: open('Google Workspace: administrator in whose name it acts.', leaves.email),
  GOOGLE_WORKSPACE_ADMIN_URL: open(
    'Google Workspace: Admin SDK. Default: https://admin.googleapis.com',
    leaves.webAddress,
  ),
  GOOGLE_WORKSPACE_GMAIL_URL: open('Google Workspace: Gmail. Default: https://gmail.googleapis.com', leaves.webAddress),
  GOOGLE_WORKSPACE_TOKEN_URL: open(
    'Google Workspace: token endpoint. Default: https://oauth2.googleapis.com/token',
    leaves.webAddress,
  ),
  KEYCLOAK_BASE_URL: open('Keycloak: address, e.g. https://sso.example.com', leaves.webAddress),
  KEYCLOAK_REALM: open('Keycloak: realm.', leaves.identifier),
  KEYCLOAK_CLIENT_ID: open('Keycloak: client id of the service account.', leaves.clientId),
  KEYCLOAK_CLIENT_SECRET: secret('Keycloak: its secret.', secrets.opaque('the secret of the Keycloak client')),
  SLACK_WORKSPACE_TOKEN: secret(
    'Slack as an identity system: user token (xoxp-...) of an organisation administrator, never the bot token.',
    secrets.opaque('a user token of an administrator'),
  ),
  SLACK_WORKSPACE_AUDIT_TOKEN: secret(
    'Slack as an identity system: token with auditlogs:read, when it is another one.',
    secrets.opaque('a token with auditlogs:read'),
  ),
  SLACK_WORKSPACE_PLAN: open('Slack as an identity system: enterprise or business_plus.', leaves.identifier),
  SLACK_WORKSPACE_API_BASE_URL: open(
    'Slack as an identity system: Web API. Default: https://slack.com/api',
    leaves.webAddress,
  ),
  SLACK_WORKSPACE_SCIM_BASE_URL: open(
    'Slack as an identity system: SCIM. Default: https://api.slack.com/scim/v2',
    leaves.webAddress,
  ),
  SLACK_WORKSPACE_AUDIT_BASE_URL: open(
    'Slack as an identity system: audit logs. Default: https://api.slack.com/audit/v1',
    leaves.webAddress,
  ),
  SCIM_TOKENS: secret(
    'SCIM applications: their tokens as JSON by id, e.g. {"wiki":"..."}. The rest stands in notme.yml.',
    secrets.opaque('a JSON object with a token for each id, e.g. {"wiki":"..."}'),
  ),
} as const satisfies Record<string, EnvironmentOption>;

export type EnvironmentName = keyof typeof ENVIRONMENT;

export function isEnvironmentName(name: string): name is EnvironmentName {
  return Object.hasOwn(ENVIRONMENT, name);
}

export const ENVIRONMENT_NAMES: readonly EnvironmentName[] = Object.keys(ENVIRONMENT).filter(isEnvironmentName);

export function environmentOption(name: EnvironmentName): EnvironmentOption {
  return ENVIRONMENT[name];
}
