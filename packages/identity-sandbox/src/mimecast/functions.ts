import { auditEvents } from './audit.js';
import { addDelegate, findDelegates, removeDelegate } from './delegates.js';
import { addMember, findGroups, groupMembers, removeMember } from './groups.js';
import type { FunctionInput, Prepared } from './function-input.js';
import { getProfile } from './profiles.js';
import { updateUser, updateUserWrites } from './users.js';

export interface ApiFunction {
  readonly permission: string;
  /** Only the named version of the API has it. */
  readonly only?: 'api1';
  readonly writes: (item: Record<string, unknown>) => boolean;
  /** Validates without changing anything, then returns what would be done. */
  readonly prepare: (input: FunctionInput) => Prepared;
}

const READ_USERS = 'Directories | Internal | Read';
const EDIT_DELEGATES = 'Directories | Internal | Create Alternate Address';

const reads = (permission: string, prepare: ApiFunction['prepare']): ApiFunction => ({
  permission,
  writes: () => false,
  prepare,
});
const writes = (permission: string, prepare: ApiFunction['prepare']): ApiFunction => ({
  permission,
  writes: () => true,
  prepare,
});

/** The functions that this directory knows; every other path is 404. */
export const FUNCTIONS: Readonly<Record<string, ApiFunction>> = {
  '/api/user/update-user': {
    permission: 'Directories | Internal | Edit',
    writes: updateUserWrites,
    prepare: updateUser,
  },
  '/api/user/get-profile': { ...reads(READ_USERS, getProfile), only: 'api1' },
  '/api/user/find-delegate-users': reads(READ_USERS, findDelegates),
  '/api/user/add-delegate-user': writes(EDIT_DELEGATES, addDelegate),
  '/api/user/remove-delegate-user': writes(EDIT_DELEGATES, removeDelegate),
  '/api/directory/find-groups': reads('Directories | Groups | Edit', findGroups),
  '/api/directory/get-group-members': reads('Directories | Groups | Read', groupMembers),
  '/api/directory/add-group-member': writes('Directories | Groups | Edit', addMember),
  '/api/directory/remove-group-member': writes('Services | Directory Sync | Edit', removeMember),
  '/api/audit/get-audit-events': reads('Account | Logs | Read', auditEvents),
};

export const EVERY_PERMISSION: readonly string[] = [
  ...new Set(Object.values(FUNCTIONS).map(({ permission }) => permission)),
];
