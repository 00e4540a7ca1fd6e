import { generateKeyPairSync } from 'node:crypto';
import { createActiveDirectoryConnector } from '../connectors/active-directory/connector.js';
import { activeDirectorySettings } from '../connectors/active-directory/settings.js';
import { createEntraIdConnector } from '../connectors/entra-id/connector.js';
import { entraIdSettings } from '../connectors/entra-id/settings.js';
import { createGoogleWorkspaceConnector } from '../connectors/google-workspace/connector.js';
import { googleWorkspaceSettings } from '../connectors/google-workspace/settings.js';
import { createKeycloakConnector } from '../connectors/keycloak/connector.js';
import { keycloakSettings } from '../connectors/keycloak/settings.js';
import { createMimecastConnector } from '../connectors/mimecast/connector.js';
import { mimecastSettings } from '../connectors/mimecast/settings.js';
import { createOktaConnector } from '../connectors/okta/connector.js';
import { oktaSettings } from '../connectors/okta/settings.js';
import type { Connector } from '../connectors/port.js';
import { createScimConnector } from '../connectors/scim/connector.js';
import { scimSettings } from '../connectors/scim/settings.js';
import { createSlackWorkspaceConnector } from '../connectors/slack-workspace/connector.js';
import { slackWorkspaceSettings } from '../connectors/slack-workspace/settings.js';
import { systemRuntime } from '../runtime.js';

const UNUSED = 'unused';
const RANGES = ['203.0.113.0/24'];
const id = (digit: number): string => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
const dn = (name: string): string => `CN=${name},OU=Groups,DC=example,DC=com`;

/** A key that opens nothing: the settings take no text that is not a key. */
function keyFile(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return JSON.stringify({ client_email: 'notme@example.iam.gserviceaccount.com', private_key: pem });
}

/**
 * A connector of every kind with everything prepared that an administrator can prepare, and credentials that open
 * nothing: for what the connectors say of themselves. Nobody is called.
 */
export function preparedSystems(): readonly Connector[] {
  const runtime = systemRuntime();
  return [
    createMimecastConnector(
      mimecastSettings.parse({
        client_id: UNUSED,
        client_secret: UNUSED,
        two_step_group: 'two-step',
        quarantine_group: 'quarantine',
        login_range_groups: [{ group: 'office', ranges: RANGES }],
      }),
      runtime,
    ),
    createActiveDirectoryConnector(
      activeDirectorySettings.parse({
        url: 'ldaps://dc1.example.com',
        bind_dn: UNUSED,
        bind_password: UNUSED,
        two_step_group_dn: dn('two-step'),
        quarantine_group_dns: [dn('quarantine')],
        login_range_groups: [{ group_dn: dn('office'), ranges: RANGES }],
        admin_group_dns: [dn('admins')],
      }),
      runtime,
    ),
    createEntraIdConnector(
      entraIdSettings.parse({
        tenant_id: 'example.com',
        client_id: id(1),
        client_secret: UNUSED,
        two_step_group: id(2),
        quarantine_group: id(3),
        login_range_groups: [{ group: id(4), ranges: RANGES }],
        blocked_location: id(5),
      }),
      runtime,
    ),
    createOktaConnector(
      oktaSettings.parse({
        base_url: 'https://example.okta.com',
        api_token: UNUSED,
        two_step_group: 'two-step',
        quarantine_group: 'quarantine',
        login_range_groups: [{ group: 'office', ranges: RANGES }],
      }),
      runtime,
    ),
    createGoogleWorkspaceConnector(
      googleWorkspaceSettings.parse({
        service_account_key: keyFile(),
        admin_email: 'admin@example.com',
        super_admin: true,
        two_step_group: 'two-step@example.com',
        quarantine_group: 'quarantine@example.com',
        login_range_groups: [{ group: 'office@example.com', ranges: RANGES }],
      }),
      runtime,
    ),
    createScimConnector(
      scimSettings.parse({
        id: 'app',
        title: 'SCIM application',
        base_url: 'https://app.example.com/scim/v2',
        token: UNUSED,
        set_password: true,
        two_step_group_id: 'two-step',
        quarantine_group_id: 'quarantine',
        login_range_groups: [{ group_id: 'office', ranges: RANGES }],
        admin_groups: [{ group_id: 'admins', title: 'Administrators' }],
      }),
      runtime,
    ),
    createKeycloakConnector(
      keycloakSettings.parse({
        base_url: 'https://sso.example.com',
        realm: 'staff',
        client_id: UNUSED,
        client_secret: UNUSED,
        quarantine_group: '/quarantine',
      }),
      runtime,
    ),
    createSlackWorkspaceConnector(slackWorkspaceSettings.parse({ token: UNUSED, plan: 'enterprise' }), runtime),
  ];
}
