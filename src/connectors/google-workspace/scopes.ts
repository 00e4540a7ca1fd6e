/** OAuth scopes by the short names that Google's documentation uses; each call asks for the narrowest that it needs. */
export const SCOPE = {
  readUsers: 'admin.directory.user.readonly',
  writeUsers: 'admin.directory.user',
  security: 'admin.directory.user.security',
  readGroups: 'admin.directory.group.readonly',
  members: 'admin.directory.group.member',
  readOrgUnits: 'admin.directory.orgunit.readonly',
  readRoles: 'admin.directory.rolemanagement.readonly',
  writeRoles: 'admin.directory.rolemanagement',
  readDevices: 'admin.directory.device.mobile.readonly',
  actOnDevices: 'admin.directory.device.mobile.action',
  reports: 'admin.reports.audit.readonly',
  gmailSettings: 'gmail.settings.basic',
  gmailSharing: 'gmail.settings.sharing',
} as const;

export type Scope = (typeof SCOPE)[keyof typeof SCOPE];

export const scopeUrl = (scope: Scope): string => `https://www.googleapis.com/auth/${scope}`;
