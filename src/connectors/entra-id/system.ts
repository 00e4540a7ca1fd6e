import { defineSystem, open, secret } from '../kit/system.js';
import { createEntraIdConnector } from './connector.js';
import { entraIdSettings } from './settings.js';

const objectId = (digit: number): string => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

export const entraId = defineSystem({
  id: 'entra_id',
  title: 'Microsoft Entra ID',
  prefix: 'ENTRA_ID',
  settings: entraIdSettings,
  keys: entraIdSettings.shape,
  environment: {
    tenant_id: open('Entra ID: directory (tenant) id.'),
    client_id: open('Entra ID: application (client) id.'),
    client_secret: secret('Entra ID: client secret. Instead: a private key, with its certificate in notme.yml.'),
    private_key: secret('Entra ID: private key (PEM) of the certificate.'),
    login_url: open('Entra ID: sign-in address. Default: https://login.microsoftonline.com'),
    graph_url: open('Entra ID: Graph address. Default: https://graph.microsoft.com'),
  },
  create: createEntraIdConnector,
  sample: () => ({
    tenant_id: 'example.com',
    client_id: objectId(1),
    client_secret: 'unused',
    two_step_group: objectId(2),
    quarantine_group: objectId(3),
    login_range_groups: [{ group: objectId(4), ranges: ['203.0.113.0/24'] }],
    blocked_location: objectId(5),
  }),
});
