import type { ConnectorFailure } from '../../ports/connector.js';

/** Application permissions of Microsoft Graph, the least ones for each purpose. */
export const PERMISSION = {
  readUsers: 'User.Read.All',
  enableUsers: 'User.EnableDisableAccount.All',
  passwords: 'User-PasswordProfile.ReadWrite.All',
  revokeSessions: 'User.RevokeSessions.All',
  methods: 'UserAuthenticationMethod.ReadWrite.All',
  perUserMfa: 'Policy.ReadWrite.AuthenticationMethod',
  readGroups: 'GroupMember.Read.All',
  members: 'GroupMember.ReadWrite.All',
  roles: 'RoleManagement.ReadWrite.Directory',
  readRoles: 'RoleManagement.Read.Directory',
  readGrants: 'Directory.Read.All',
  grants: 'DelegatedPermissionGrant.ReadWrite.All',
  appAssignments: 'AppRoleAssignment.ReadWrite.All',
  readApps: 'Application.Read.All',
  mailbox: 'MailboxSettings.ReadWrite',
  readMailbox: 'MailboxSettings.Read',
  readDevices: 'Device.Read.All',
  devices: 'Device.ReadWrite.All',
  readPolicies: 'Policy.Read.All',
  conditionalAccess: 'Policy.ReadWrite.ConditionalAccess',
  readRisk: 'IdentityRiskyUser.Read.All',
  risk: 'IdentityRiskyUser.ReadWrite.All',
  readDetections: 'IdentityRiskEvent.Read.All',
  audit: 'AuditLog.Read.All',
  domains: 'Domain.Read.All',
  /** Whom a federated domain trusts: `GET /domains/{id}/federationConfiguration`; no other permission covers it. */
  federation: 'Domain-InternalFederation.Read.All',
} as const;
export type Permission = (typeof PERMISSION)[keyof typeof PERMISSION];

/** Broader permissions that include a lesser one, so that a generous set-up is not called incomplete. */
const INCLUDED_IN: Readonly<Partial<Record<Permission, readonly string[]>>> = {
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'User.EnableDisableAccount.All': ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  'User.RevokeSessions.All': ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  'GroupMember.Read.All': [
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'GroupMember.ReadWrite.All': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  'RoleManagement.Read.Directory': [
    'RoleManagement.ReadWrite.Directory',
    'RoleManagement.Read.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'Directory.Read.All': ['Directory.ReadWrite.All'],
  'DelegatedPermissionGrant.ReadWrite.All': ['Directory.ReadWrite.All'],
  'Application.Read.All': ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'MailboxSettings.Read': ['MailboxSettings.ReadWrite'],
  'Device.Read.All': ['Device.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Device.ReadWrite.All': ['Directory.ReadWrite.All'],
  'IdentityRiskEvent.Read.All': ['IdentityRiskEvent.ReadWrite.All'],
  'IdentityRiskyUser.Read.All': ['IdentityRiskyUser.ReadWrite.All'],
  'Domain-InternalFederation.Read.All': ['Domain-InternalFederation.ReadWrite.All'],
  'Domain.Read.All': ['Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
};

/** Whether the granted application permissions cover this one. */
export function covers(granted: ReadonlySet<string>, permission: Permission): boolean {
  return granted.has(permission) || (INCLUDED_IN[permission] ?? []).some((broader) => granted.has(broader));
}

/** The clicks that grant a permission. */
export const grantClicks = (missing: readonly string[]): string =>
  `In the Entra admin center open App registrations | the Notme application | API permissions | Add a permission | Microsoft Graph | Application permissions, tick ${missing.join(' and ')}, then press Grant admin consent.`;

/** Directory roles by template id, as in the `wids` claim of an application's token. */
export const ROLE_TEMPLATE = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  privilegedAuthenticationAdministrator: '7be44c8a-adaf-4e2a-84d6-ab2649e08a13',
} as const;

export const PROTECTED_FIX =
  "Give the application's service principal the role Privileged Authentication Administrator (Entra admin center | Roles & admins | Privileged Authentication Administrator | Add assignments), or let a Global Administrator do it by hand.";

const FIXES: Readonly<Partial<Record<ConnectorFailure['kind'], string>>> = {
  licence: 'Buy the licence, or leave this step to the console.',
  transient: 'Check the network, login_url and graph_url, and try again.',
  unknown_outcome: 'Check the network, login_url and graph_url, and try again.',
  throttled: 'Wait a minute and examine again.',
  protected_account: 'Let a Global Administrator do it by hand.',
};

/** What to do about a failed probe; `null`: the failure says it itself. */
export const fix = (failure: ConnectorFailure): string | null =>
  failure.kind === 'permission'
    ? grantClicks([failure.missing ?? 'the permission named'])
    : (FIXES[failure.kind] ?? null);
