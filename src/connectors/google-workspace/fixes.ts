import { scopeUrl, type Scope } from './scopes.js';

/** How to grant a scope, without a full stop. */
export function delegationFix(clientId: string | null, scope: Scope): string {
  const whom = clientId === null ? "the service account's client id" : `the client id ${clientId}`;
  return `in the Admin console open Security > Access and data control > API controls > Manage domain-wide delegation, edit ${whom} and add the scope ${scopeUrl(scope)}`;
}

/** The privilege of the administrator's role that a scope needs besides, in the console's words. */
export const PRIVILEGE: Readonly<Record<Scope, string>> = {
  'admin.directory.user.readonly': 'Admin API privileges > Users > Read',
  'admin.directory.user': 'Admin API privileges > Users > Update',
  'admin.directory.user.security': 'Admin API privileges > User Security Management',
  'admin.directory.group.readonly': 'Admin API privileges > Groups > Read',
  'admin.directory.group.member': 'Admin API privileges > Groups > Update',
  'admin.directory.orgunit.readonly': 'Admin API privileges > Organizational Units > Read',
  'admin.directory.rolemanagement.readonly': 'the role Super Admin (roles are read and given by super administrators)',
  'admin.directory.rolemanagement': 'the role Super Admin (roles are read and given by super administrators)',
  'admin.directory.device.mobile.readonly': 'Services > Mobile Device Management > Manage Devices and Settings',
  'admin.directory.device.mobile.action': 'Services > Mobile Device Management > Manage Devices and Settings',
  'admin.reports.audit.readonly': 'Admin console privileges > Reports',
  'gmail.settings.basic': 'nothing in a role: Gmail is called in the name of the person',
  'gmail.settings.sharing': 'nothing in a role: Gmail is called in the name of the person',
};

export const privilegeFix = (adminEmail: string, scope: Scope): string =>
  `in the Admin console open Account > Admin roles, and give a role of ${adminEmail} the privilege "${PRIVILEGE[scope]}"`;
