import { defineSystem } from '../kit/system.js';
import { createScimConnector } from './connector.js';
import { scimSettings } from './settings.js';

export const scim = defineSystem({
  id: 'scim',
  title: 'SCIM 2.0 applications',
  prefix: 'SCIM',
  settings: scimSettings,
  keys: scimSettings.shape,
  list: {
    variable: 'SCIM_TOKENS',
    secret: 'token',
    about: 'SCIM applications: their tokens as JSON by id, e.g. {"wiki":"..."}. The rest stands in notme.yml.',
  },
  create: createScimConnector,
  sample: () => ({
    id: 'app',
    title: 'SCIM application',
    base_url: 'https://app.example.com/scim/v2',
    token: 'unused',
    set_password: true,
    two_step_group_id: 'two-step',
    quarantine_group_id: 'quarantine',
    login_range_groups: [{ group_id: 'office', ranges: ['203.0.113.0/24'] }],
    admin_groups: [{ group_id: 'admins', title: 'Administrators' }],
  }),
});
