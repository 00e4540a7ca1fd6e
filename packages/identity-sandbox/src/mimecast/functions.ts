import { auditEvents } from './audit.js';
import { addDelegate, findDelegates, removeDelegate } from './delegates.js';
import { addMember, findGroups, groupMembers, removeMember } from './groups.js';
import { executeSync, getConnections } from './directory-sync.js';
import type { FunctionInput, Prepared } from './function-input.js';
import { getProfile } from './profiles.js';
import { updateUser, updateUserWrites } from './users.js';

export type ApiVersion = 'api1' | 'api2';

export interface ApiFunction {
  /** The reference of API 1.0 and the catalogue of API 2.0 do not always name the same one. */
  readonly permission: Readonly<Record<ApiVersion, string>>;
  /** Its `data` may be empty. */
  readonly takesNothing?: true;
  /** The catalogue of API 2.0 does not list it. */
  readonly unlisted?: true;
  readonly writes: (item: Record<string, unknown>) => boolean;
  /** Validates without changing anything, then returns what would be done. */
  readonly prepare: (input: FunctionInput) => Prepared;
}

const READ_USERS = 'Directories | Internal | Read';
const EDIT_DELEGATES = 'Directories | Internal | Create Alternate Address';
const READ_SYNC = 'Services | Directory Sync | Read';

const both = (permission: string): ApiFunction['permission'] => ({ api1: permission, api2: permission });

const reads = (permission: string, prepare: ApiFunction['prepare'], inApi2 = permission): ApiFunction => ({
  permission: { api1: permission, api2: inApi2 },
  writes: () => false,
  prepare,
});
const writes = (permission: string, prepare: ApiFunction['prepare']): ApiFunction => ({
  permission: both(permission),
  writes: () => true,
  prepare,
});

/** The functions that this directory knows; every other path is 404. */
export const FUNCTIONS: Readonly<Record<string, ApiFunction>> = {
  '/api/user/update-user': {
    permission: both('Directories | Internal | Edit'),
    writes: updateUserWrites,
    prepare: updateUser,
  },
  '/api/user/get-profile': { ...reads(READ_USERS, getProfile), unlisted: true },
  '/api/user/find-delegate-users': reads(READ_USERS, findDelegates, EDIT_DELEGATES),
  '/api/user/add-delegate-user': writes(EDIT_DELEGATES, addDelegate),
  '/api/user/remove-delegate-user': writes(EDIT_DELEGATES, removeDelegate),
  '/api/directory/find-groups': reads('Directories | Groups | Edit', findGroups),
  '/api/directory/get-group-members': reads('Directories | Groups | Read', groupMembers, READ_SYNC),
  '/api/directory/add-group-member': writes('Directories | Groups | Edit', addMember),
  '/api/directory/remove-group-member': writes('Services | Directory Sync | Edit', removeMember),
  '/api/directory/get-connection': { ...reads(READ_SYNC, getConnections), takesNothing: true },
  '/api/directory/execute-sync': { ...writes('Services | Directory Sync | Edit', executeSync), takesNothing: true },
  '/api/audit/get-audit-events': reads('Account | Logs | Read', auditEvents),
};

export const EVERY_PERMISSION: readonly string[] = [
  ...new Set(Object.values(FUNCTIONS).flatMap(({ permission }) => [permission.api1, permission.api2])),
];
