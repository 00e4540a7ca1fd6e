import { native } from '../kit/action.js';

/** Roles of the client `realm-management` that the service account needs, by purpose. */
export const ROLE = {
  manageUsers: 'manage-users',
  viewUsers: 'view-users',
  viewEvents: 'view-events',
  viewRealm: 'view-realm',
  viewClients: 'view-clients',
} as const;

export type Role = (typeof ROLE)[keyof typeof ROLE];

export const roleTitle = (role: Role): string => `realm-management: ${role}`;

/** How an administrator gives the service account a role. */
export const grantRole = (clientId: string, role: string): string =>
  `In the admin console open Clients | ${clientId} | Service accounts roles | Assign role, filter by clients, and assign "realm-management ${role}".`;

/** A call that changes users, and what else it needs. */
export const managing = (...more: readonly string[]): ReturnType<typeof native> =>
  native(roleTitle(ROLE.manageUsers), ...more);
