import { generateKeyPairSync } from 'node:crypto';
import { defineSystem, open, secret } from '../kit/system.js';
import { createGoogleWorkspaceConnector } from './connector.js';
import { googleWorkspaceSettings } from './settings.js';

/** A key that opens nothing: the settings accept only text that is a key. */
function unusedKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return JSON.stringify({ client_email: 'notme@example.iam.gserviceaccount.com', private_key: pem });
}

export const googleWorkspace = defineSystem({
  id: 'google_workspace',
  title: 'Google Workspace',
  prefix: 'GOOGLE_WORKSPACE',
  settings: googleWorkspaceSettings,
  keys: googleWorkspaceSettings.shape,
  environment: {
    service_account_key: secret('Google Workspace: the JSON key of the service account.'),
    admin_email: open('Google Workspace: administrator in whose name it acts.'),
    admin_url: open('Google Workspace: Admin SDK. Default: https://admin.googleapis.com'),
    gmail_url: open('Google Workspace: Gmail. Default: https://gmail.googleapis.com'),
    alerts_url: open('Google Workspace: Alert Center. Default: https://alertcenter.googleapis.com'),
    token_url: open('Google Workspace: token endpoint. Default: https://oauth2.googleapis.com/token'),
  },
  create: createGoogleWorkspaceConnector,
  sample: () => ({
    service_account_key: unusedKey(),
    admin_email: 'admin@example.com',
    super_admin: true,
    two_step_group: 'two-step@example.com',
    quarantine_group: 'quarantine@example.com',
    login_range_groups: [{ group: 'office@example.com', ranges: ['203.0.113.0/24'] }],
  }),
});
