import { createRoles, type RoleLists, type Roles, type RoleSources } from '../src/ports/roles.js';

const NOBODY = { users: [], userGroups: [] };

/** Roles over lists of which the test gives some; everybody is a member of the workspace unless it says otherwise. */
export const rolesOf = (lists: Partial<RoleLists>, sources: Partial<RoleSources> = {}): Roles =>
  createRoles(
    { responder: NOBODY, approver: NOBODY, administrator: NOBODY, auditor: NOBODY, ...lists },
    { membersOf: () => Promise.resolve(null), standingOf: () => Promise.resolve('member'), ...sources },
  );
