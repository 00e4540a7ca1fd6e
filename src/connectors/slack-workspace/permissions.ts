/** OAuth scopes of the user token, in Slack's words. */
export const SCOPE = {
  readUsers: 'users:read',
  readEmails: 'users:read.email',
  /** SCIM, the access log and the integration log. */
  admin: 'admin',
  readAdminUsers: 'admin.users:read',
  writeAdminUsers: 'admin.users:write',
  readAudit: 'auditlogs:read',
  readTeam: 'team:read',
} as const;

export const METHOD = {
  whoAmI: 'auth.test',
  user: 'users.info',
  byEmail: 'users.lookupByEmail',
  team: 'team.info',
  sessions: 'admin.users.session.list',
  resetSessions: 'admin.users.session.reset',
  setRegular: 'admin.users.setRegular',
  setAdmin: 'admin.users.setAdmin',
  setOwner: 'admin.users.setOwner',
  accessLog: 'team.accessLogs',
  integrationLog: 'team.integrationLogs',
} as const;
