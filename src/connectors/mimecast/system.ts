import { defineSystem, open, secret } from '../kit/system.js';
import { createMimecastConnector } from './connector.js';
import { isApi1, mimecastKeys, mimecastSettings } from './settings.js';

export const mimecast = defineSystem({
  id: 'mimecast',
  title: 'Mimecast',
  prefix: 'MIMECAST',
  settings: mimecastSettings,
  keys: mimecastKeys,
  environment: {
    client_id: open('Mimecast API 2.0: client id.'),
    client_secret: secret('Mimecast API 2.0: client secret.'),
    base_url: open('Mimecast API 2.0: address. Default: https://api.services.mimecast.com'),
    region: open('Mimecast API 1.0: region, the letters in the console address (eu, de, us …).'),
    app_id: open('Mimecast API 1.0, instead of a client id: application id.'),
    app_key: secret('Mimecast API 1.0: application key.'),
    access_key: secret('Mimecast API 1.0: access key.'),
    secret_key: secret('Mimecast API 1.0: secret key.'),
  },
  titleOf: (values) => (isApi1(values) ? 'Mimecast API 1.0' : 'Mimecast'),
  pollSeconds: ({ poll_seconds }) => poll_seconds,
  create: createMimecastConnector,
  sample: () => ({
    client_id: 'unused',
    client_secret: 'unused',
    two_step_group: 'two-step',
    quarantine_group: 'quarantine',
    login_range_groups: [{ group: 'office', ranges: ['203.0.113.0/24'] }],
  }),
});
