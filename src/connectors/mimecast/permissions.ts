/** What the application role must hold, in the words of Mimecast's console (API 2.0 catalogue). */
export const PERMISSION = {
  readUsers: 'Directories | Internal | Read',
  editUsers: 'Directories | Internal | Edit',
  readGroups: 'Directories | Groups | Read',
  editGroups: 'Directories | Groups | Edit',
  /** The catalogue asks for this, oddly, to remove a member from a group. */
  removeMembers: 'Services | Directory Sync | Edit',
  readAudit: 'Account | Logs | Read',
} as const;

export const PATH = {
  token: '/oauth/token',
  updateUser: '/api/user/update-user',
  findGroups: '/api/directory/find-groups',
  groupMembers: '/api/directory/get-group-members',
  addMember: '/api/directory/add-group-member',
  removeMember: '/api/directory/remove-group-member',
  auditEvents: '/api/audit/get-audit-events',
} as const;

/** The function that is called, and the permission that it needs. */
export const PERMISSION_OF: Readonly<Record<string, string>> = {
  [PATH.updateUser]: PERMISSION.editUsers,
  [PATH.findGroups]: PERMISSION.editGroups,
  [PATH.groupMembers]: PERMISSION.readGroups,
  [PATH.addMember]: PERMISSION.editGroups,
  [PATH.removeMember]: PERMISSION.removeMembers,
  [PATH.auditEvents]: PERMISSION.readAudit,
};
