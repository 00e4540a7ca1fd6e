import { defineSystem, open, secret } from '../kit/system.js';
import { createOktaConnector } from './connector.js';
import { oktaSettings } from './settings.js';

export const okta = defineSystem({
  id: 'okta',
  title: 'Okta',
  prefix: 'OKTA',
  settings: oktaSettings,
  keys: oktaSettings.shape,
  environment: {
    base_url: open('Okta: address of the org, e.g. https://example.okta.com'),
    client_id: open('Okta: client id of the service app.'),
    private_key: secret('Okta: private key of the service app (PEM or JWK).'),
    api_token: secret('Okta: API token (SSWS), instead of a service app.'),
  },
  create: createOktaConnector,
  sample: () => ({
    base_url: 'https://example.okta.com',
    api_token: 'unused',
    two_step_group: 'two-step',
    quarantine_group: 'quarantine',
    login_range_groups: [{ group: 'office', ranges: ['203.0.113.0/24'] }],
  }),
});
