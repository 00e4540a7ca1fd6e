/**
 * What the application's role (API 1.0: the administrator behind the keys) must contain, in the words of Mimecast's
 * console.
 */
export const PERMISSION = {
  readUsers: 'Directories | Internal | Read',
  editUsers: 'Directories | Internal | Edit',
  readGroups: 'Directories | Groups | Read',
  editGroups: 'Directories | Groups | Edit',
  /** The catalogue requires this, oddly, to remove a member from a group. */
  removeMembers: 'Services | Directory Sync | Edit',
  /** Documented for adding a delegate; removing one is documented nowhere and assumed to need the same. */
  editDelegates: 'Directories | Internal | Create Alternate Address',
  readAudit: 'Account | Logs | Read',
  readSync: 'Services | Directory Sync | Read',
  startSync: 'Services | Directory Sync | Edit',
} as const;

/**
 * What the catalogue of API 2.0 names in place of what the documentation of 1.0 names: for get-group-members (Zilla's
 * integration with 2.0 asks its users for the same), and for find-delegate-users. Which one a tenant asks for is not
 * known, so both are named.
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  [PERMISSION.readGroups]: PERMISSION.readSync,
  [PERMISSION.readUsers]: PERMISSION.editDelegates,
};

/** A missing permission under every name that Mimecast gives it. */
export const namesOf = (permission: string): readonly string[] =>
  [permission, OTHERWISE[permission] ?? ''].filter((name) => name !== '');

export const PATH = {
  token: '/oauth/token',
  updateUser: '/api/user/update-user',
  /** Documented for API 1.0 only. */
  profile: '/api/user/get-profile',
  findDelegates: '/api/user/find-delegate-users',
  addDelegate: '/api/user/add-delegate-user',
  removeDelegate: '/api/user/remove-delegate-user',
  findGroups: '/api/directory/find-groups',
  groupMembers: '/api/directory/get-group-members',
  addMember: '/api/directory/add-group-member',
  removeMember: '/api/directory/remove-group-member',
  auditEvents: '/api/audit/get-audit-events',
  connections: '/api/directory/get-connection',
  executeSync: '/api/directory/execute-sync',
} as const;

/** The product of the API application that a function belongs to, as the console names it at creation. */
export const PRODUCT_OF = (path: string): string =>
  path === PATH.auditEvents ? 'Audit Events' : 'User and Group Management';

/** The function that is called, and the permission that it needs. */
export const PERMISSION_OF: Readonly<Record<string, string>> = {
  [PATH.updateUser]: PERMISSION.editUsers,
  [PATH.profile]: PERMISSION.readUsers,
  [PATH.findDelegates]: PERMISSION.readUsers,
  [PATH.addDelegate]: PERMISSION.editDelegates,
  [PATH.removeDelegate]: PERMISSION.editDelegates,
  [PATH.findGroups]: PERMISSION.editGroups,
  [PATH.groupMembers]: PERMISSION.readGroups,
  [PATH.addMember]: PERMISSION.editGroups,
  [PATH.removeMember]: PERMISSION.removeMembers,
  [PATH.auditEvents]: PERMISSION.readAudit,
  [PATH.connections]: PERMISSION.readSync,
  [PATH.executeSync]: PERMISSION.startSync,
};

/**
 * `.invalid` never exists (RFC 2606): querying this person changes nothing, and "not found" proves the right to query.
 */
export const NOBODY = 'notme-health-check@notme.invalid';
