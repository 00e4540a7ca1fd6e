/** OAuth scopes by the short names that Google's documentation uses; each call requests the narrowest that it needs. */
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
  alerts: 'apps.alerts',
  gmailSettings: 'gmail.settings.basic',
  gmailSharing: 'gmail.settings.sharing',
} as const;

export type Scope = (typeof SCOPE)[keyof typeof SCOPE];
export const SCOPES = Object.values(SCOPE);

export const isGmail = (scope: Scope): boolean => scope.startsWith('gmail.');
export const scopeUrl = (scope: Scope): string => `https://www.googleapis.com/auth/${scope}`;

const ROLES = 'the role Super Admin (roles are read and given by super administrators)';
const DEVICES = 'Services > Mobile Device Management > Manage Devices and Settings';
const IN_PERSON = 'nothing in a role: Gmail is called in the name of the person';

/** The privilege of the administrator's role that a scope also needs, in the console's words. */
export const PRIVILEGE: Readonly<Record<Scope, string>> = {
  [SCOPE.readUsers]: 'Admin API privileges > Users > Read',
  [SCOPE.writeUsers]: 'Admin API privileges > Users > Update',
  [SCOPE.security]: 'Admin API privileges > User Security Management',
  [SCOPE.readGroups]: 'Admin API privileges > Groups > Read',
  [SCOPE.members]: 'Admin API privileges > Groups > Update',
  [SCOPE.readOrgUnits]: 'Admin API privileges > Organizational Units > Read',
  [SCOPE.readRoles]: ROLES,
  [SCOPE.writeRoles]: ROLES,
  [SCOPE.readDevices]: DEVICES,
  [SCOPE.actOnDevices]: DEVICES,
  [SCOPE.reports]: 'Admin console privileges > Reports',
  [SCOPE.alerts]: 'Admin console privileges > Alert Center > View access',
  [SCOPE.gmailSettings]: IN_PERSON,
  [SCOPE.gmailSharing]: IN_PERSON,
};

export const privilegeFix = (adminEmail: string, scope: Scope): string =>
  `in the Admin console open Account > Admin roles, and give a role of ${adminEmail} the privilege "${PRIVILEGE[scope]}"`;

/** How to grant a scope, without a full stop. */
export function delegationFix(clientId: string | null, scope: Scope): string {
  const whom = clientId === null ? "the service account's client id" : `the client id ${clientId}`;
  return `in the Admin console open Security > Access and data control > API controls > Manage domain-wide delegation, edit ${whom} and add the scope ${scopeUrl(scope)}`;
}
