import { defineSystem, open, secret } from '../kit/system.js';
import { createKeycloakConnector } from './connector.js';
import { keycloakSettings } from './settings.js';

export const keycloak = defineSystem({
  id: 'keycloak',
  title: 'Keycloak',
  prefix: 'KEYCLOAK',
  settings: keycloakSettings,
  keys: keycloakSettings.shape,
  environment: {
    base_url: open('Keycloak: address, e.g. https://sso.example.com'),
    realm: open('Keycloak: realm.'),
    client_id: open('Keycloak: client id of the service account.'),
    client_secret: secret('Keycloak: its secret.'),
  },
  create: createKeycloakConnector,
  sample: () => ({
    base_url: 'https://sso.example.com',
    realm: 'staff',
    client_id: 'unused',
    client_secret: 'unused',
    quarantine_group: '/quarantine',
  }),
});
