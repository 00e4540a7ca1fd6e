import { z } from 'zod';
import { entraIdSettings } from '../connectors/entra-id/settings.js';
import { googleWorkspaceSettings } from '../connectors/google-workspace/settings.js';
import { keycloakSettings } from '../connectors/keycloak/settings.js';
import { oktaSettings } from '../connectors/okta/settings.js';
import { slackWorkspaceSettings } from '../connectors/slack-workspace/settings.js';
import { scimSettings } from '../connectors/scim/settings.js';

/**
 * Identity systems whose settings are described once, by their connector: the section in notme.yml has every key that is
 * no secret, and the environment has the secrets and what differs between deployments, as `<PREFIX>_<KEY>`.
 */
export const IDENTITY_SYSTEMS = {
  entra_id: {
    title: 'Microsoft Entra ID',
    prefix: 'ENTRA_ID',
    settings: entraIdSettings,
    secrets: ['client_secret', 'private_key'],
    open: ['tenant_id', 'client_id', 'login_url', 'graph_url'],
  },
  okta: {
    title: 'Okta',
    prefix: 'OKTA',
    settings: oktaSettings,
    secrets: ['api_token', 'private_key'],
    open: ['base_url', 'client_id'],
  },
  google_workspace: {
    title: 'Google Workspace',
    prefix: 'GOOGLE_WORKSPACE',
    settings: googleWorkspaceSettings,
    secrets: ['service_account_key'],
    open: ['admin_email', 'admin_url', 'gmail_url', 'token_url'],
  },
  keycloak: {
    title: 'Keycloak',
    prefix: 'KEYCLOAK',
    settings: keycloakSettings,
    secrets: ['client_secret'],
    open: ['base_url', 'realm', 'client_id'],
  },
  slack: {
    title: 'Slack as an identity system',
    prefix: 'SLACK_WORKSPACE',
    settings: slackWorkspaceSettings,
    secrets: ['token', 'audit_token'],
    open: ['plan', 'api_base_url', 'scim_base_url', 'audit_base_url'],
  },
} as const;

export type IdentitySystemKey = keyof typeof IDENTITY_SYSTEMS;

/** A system's section of notme.yml: its settings without the secrets, none of them needed (the environment may have it). */
export function fileSection(key: IdentitySystemKey): z.ZodType<Readonly<Record<string, unknown>>> {
  const { settings, secrets, title } = IDENTITY_SYSTEMS[key];
  const shape: Readonly<Record<string, z.ZodType>> = settings.shape;
  const open = Object.entries(shape).filter(([name]) => !secrets.some((secret) => secret === name));
  const fields = Object.fromEntries(open.map(([name, schema]) => [name, schema.optional()]));
  return z.strictObject(fields).describe(`${title}; its secrets come from the environment`);
}

/** The list of SCIM applications without their tokens. */
export const scimSection = z
  .array(z.strictObject(Object.fromEntries(Object.entries(scimSettings.shape).filter(([name]) => name !== 'token'))))
  .describe('applications that are reached over SCIM 2.0; their tokens come from the environment (SCIM_TOKENS)');
