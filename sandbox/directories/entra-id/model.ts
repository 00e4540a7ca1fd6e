import { z } from 'zod';

const nullableText = z.string().nullable();
const range = z.object({ '@odata.type': z.string(), cidrAddress: z.string() });

/** A factor as `authentication/methods` shows it; which fields it has depends on its type. */
const method = z.object({
  id: z.string(),
  /** Without `#microsoft.graph.`, e.g. `phoneAuthenticationMethod`. */
  type: z.string(),
  createdDateTime: nullableText,
  /** Fields of the type, e.g. `phoneNumber`. */
  fields: z.record(z.string(), z.unknown()),
  /** The default cannot be deleted while others remain. */
  isDefault: z.boolean(),
});
export type MethodRecord = z.output<typeof method>;

const rule = z.object({
  id: z.string(),
  displayName: z.string(),
  sequence: z.number(),
  isEnabled: z.boolean(),
  isReadOnly: z.boolean(),
  actions: z.record(z.string(), z.unknown()),
});
export type RuleRecord = z.output<typeof rule>;

const device = z.object({
  id: z.string(),
  displayName: z.string(),
  accountEnabled: z.boolean(),
  operatingSystem: z.string(),
  operatingSystemVersion: z.string(),
  trustType: z.string(),
  registrationDateTime: z.string(),
  approximateLastSignInDateTime: z.string(),
  ownerIds: z.array(z.string()),
  registeredUserIds: z.array(z.string()),
});
export type DeviceRecord = z.output<typeof device>;

/** A user as Entra ID keeps it; the password only as salt and hash. */
const user = z.object({
  id: z.string(),
  displayName: z.string(),
  userPrincipalName: z.string(),
  mail: nullableText,
  proxyAddresses: z.array(z.string()),
  employeeId: nullableText,
  userType: z.string(),
  accountEnabled: z.boolean(),
  onPremisesSyncEnabled: z.boolean().nullable(),
  createdDateTime: z.string(),
  lastPasswordChangeDateTime: z.string(),
  signInSessionsValidFromDateTime: z.string(),
  forceChangePasswordNextSignIn: z.boolean(),
  forceChangePasswordNextSignInWithMfa: z.boolean(),
  passwordSalt: z.string(),
  passwordHash: z.string(),
  perUserMfaState: z.enum(['disabled', 'enabled', 'enforced']),
  methods: z.array(method),
  /** `null`: the account has no mailbox in Exchange Online. */
  mailbox: z.object({ userPurpose: z.string(), rules: z.array(rule) }).nullable(),
  /** When each session began; Graph shows none of them. */
  sessions: z.array(z.object({ startedAt: z.string(), ipAddress: z.string() })),
  risk: z.object({ riskState: z.string(), riskLevel: z.string(), riskDetail: z.string(), at: z.string() }).nullable(),
});
export type UserRecord = z.output<typeof user>;

const group = z.object({
  id: z.string(),
  displayName: z.string(),
  groupTypes: z.array(z.string()),
  onPremisesSyncEnabled: z.boolean().nullable(),
  isAssignableToRole: z.boolean(),
  /** Object ids of users and groups. */
  members: z.array(z.string()),
});
export type GroupRecord = z.output<typeof group>;

const roleAssignment = z.object({
  id: z.string(),
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string(),
});
const consent = z.object({
  id: z.string(),
  clientId: z.string(),
  consentType: z.string(),
  principalId: nullableText,
  resourceId: z.string(),
  scope: z.string(),
});
const assignment = z.object({
  id: z.string(),
  appRoleId: z.string(),
  createdDateTime: z.string(),
  principalId: z.string(),
  resourceId: z.string(),
});
const location = z.object({
  id: z.string(),
  displayName: z.string(),
  isTrusted: z.boolean(),
  ipRanges: z.array(range),
});
export type LocationRecord = z.output<typeof location>;
const policy = z.object({
  id: z.string(),
  displayName: z.string(),
  state: z.string(),
  includeGroups: z.array(z.string()),
  includeLocations: z.array(z.string()),
});
export type PolicyRecord = z.output<typeof policy>;

const audit = z.object({
  id: z.string(),
  category: z.string(),
  correlationId: z.string(),
  result: z.string(),
  resultReason: z.string(),
  activityDisplayName: z.string(),
  activityDateTime: z.string(),
  loggedByService: z.string(),
  operationType: z.string(),
  initiatedBy: z.record(z.string(), z.unknown()),
  targetResources: z.array(z.record(z.string(), z.unknown())),
  additionalDetails: z.array(z.unknown()),
});
export type AuditRecord = z.output<typeof audit>;
const signIn = z.object({ id: z.string(), createdDateTime: z.string(), userId: z.string() }).catchall(z.unknown());

/** Everything that the tenant holds; plain JSON, so that it can be kept in a file and parsed from it. */
export const entraIdSnapshot = z.object({
  users: z.array(user),
  groups: z.array(group),
  roleAssignments: z.array(roleAssignment),
  consents: z.array(consent),
  assignments: z.array(assignment),
  applications: z.array(z.object({ id: z.string(), appId: z.string(), displayName: z.string() })),
  devices: z.array(device),
  domains: z.array(z.object({ id: z.string(), authenticationType: z.string(), issuerUri: nullableText })),
  locations: z.array(location),
  policies: z.array(policy),
  audits: z.array(audit),
  signIns: z.array(signIn),
});
export type EntraIdSnapshot = z.output<typeof entraIdSnapshot>;

/** The administrator roles of the sandbox, with the template ids that Microsoft gives them. */
export const ROLES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': 'Helpdesk Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  '29232cdf-9323-42fd-ade2-1d097af3e4de': 'Exchange Administrator',
};

export const roleIdOf = (name: string): string => {
  const found = Object.entries(ROLES).find(([, title]) => title === name);
  if (found === undefined)
    throw new Error(`The sandbox has no role "${name}"; choose one of ${Object.values(ROLES).join(', ')}.`);
  return found[0];
};
