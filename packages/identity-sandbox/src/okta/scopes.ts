/** The OAuth scopes that the org's authorization server knows of those that are used here. */
export const SCOPES: readonly string[] = [
  'okta.users.read',
  'okta.users.manage',
  'okta.groups.read',
  'okta.groups.manage',
  'okta.roles.read',
  'okta.roles.manage',
  'okta.logs.read',
  'okta.networkZones.read',
  'okta.networkZones.manage',
  'okta.devices.read',
  'okta.devices.manage',
  'okta.userRisk.read',
  'okta.userRisk.manage',
  'okta.apiTokens.read',
  'okta.apiTokens.manage',
  'okta.policies.read',
];
