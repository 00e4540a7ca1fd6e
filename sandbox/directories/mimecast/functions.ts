import { auditEvents } from './audit.js';
import { addMember, findGroups, groupMembers, removeMember } from './groups.js';
import type { FunctionInput, Prepared } from './function-input.js';
import { updateUser, updateUserWrites } from './users.js';

export interface ApiFunction {
  readonly permission: string;
  readonly defaultPageSize: number;
  readonly writes: (item: Record<string, unknown>) => boolean;
  /** Validates without changing anything, then returns what would be done. */
  readonly prepare: (input: FunctionInput) => Prepared;
}

const never = (): boolean => false;
const always = (): boolean => true;

/** The functions of API 2.0 that this directory knows; every other path is 404. */
export const FUNCTIONS: Readonly<Record<string, ApiFunction>> = {
  '/api/user/update-user': {
    permission: 'Directories | Internal | Edit',
    defaultPageSize: 25,
    writes: updateUserWrites,
    prepare: updateUser,
  },
  '/api/directory/find-groups': {
    permission: 'Directories | Groups | Edit',
    defaultPageSize: 25,
    writes: never,
    prepare: findGroups,
  },
  '/api/directory/get-group-members': {
    permission: 'Directories | Groups | Read',
    defaultPageSize: 25,
    writes: never,
    prepare: groupMembers,
  },
  '/api/directory/add-group-member': {
    permission: 'Directories | Groups | Edit',
    defaultPageSize: 25,
    writes: always,
    prepare: addMember,
  },
  '/api/directory/remove-group-member': {
    permission: 'Services | Directory Sync | Edit',
    defaultPageSize: 25,
    writes: always,
    prepare: removeMember,
  },
  '/api/audit/get-audit-events': {
    permission: 'Account | Logs | Read',
    defaultPageSize: 25,
    writes: never,
    prepare: auditEvents,
  },
};

export const EVERY_PERMISSION: readonly string[] = [
  ...new Set(Object.values(FUNCTIONS).map(({ permission }) => permission)),
];
