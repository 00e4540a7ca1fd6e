import { z } from 'zod';

const nullableText = z.string().nullable();
const range = z.object({ '@odata.type': z.string(), cidrAddress: z.string() });

/** The types of factors, without `#microsoft.graph.`, and which fields each has. */
const factor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phoneAuthenticationMethod'),
    fields: z.object({
      phoneNumber: z.string(),
      phoneType: z.enum(['mobile', 'alternateMobile', 'office']),
      smsSignInState: z.enum(['notAllowedByPolicy', 'notEnabled', 'ready']),
    }),
  }),
  z.object({
    type: z.literal('microsoftAuthenticatorAuthenticationMethod'),
    fields: z.object({ displayName: z.string(), deviceTag: z.string(), phoneAppVersion: z.string() }),
  }),
  z.object({ type: z.literal('emailAuthenticationMethod'), fields: z.object({ emailAddress: z.string() }) }),
  z.object({ type: z.literal('fido2AuthenticationMethod'), fields: z.object({ displayName: z.string() }) }),
  z.object({
    type: z.literal('softwareOathAuthenticationMethod'),
    fields: z.object({ secretKey: z.null().optional() }),
  }),
  z.object({
    type: z.literal('windowsHelloForBusinessAuthenticationMethod'),
    fields: z.object({ displayName: z.string() }),
  }),
  z.object({
    type: z.literal('temporaryAccessPassAuthenticationMethod'),
    fields: z.object({ lifetimeInMinutes: z.number() }),
  }),
]);
export type Factor = z.output<typeof factor>;

/** A factor as `authentication/methods` shows it. */
const method = z.intersection(
  factor,
  z.object({
    id: z.string(),
    createdDateTime: nullableText,
    /** The default cannot be deleted while others remain. */
    isDefault: z.boolean(),
  }),
);
export type MethodRecord = z.output<typeof method>;

const recipients = z.array(z.object({ emailAddress: z.object({ name: z.string(), address: z.string() }) })).optional();

const rule = z.object({
  id: z.string(),
  displayName: z.string(),
  sequence: z.number(),
  isEnabled: z.boolean(),
  isReadOnly: z.boolean(),
  actions: z.object({
    forwardTo: recipients,
    redirectTo: recipients,
    forwardAsAttachmentTo: recipients,
    delete: z.boolean().optional(),
    permanentDelete: z.boolean().optional(),
    moveToFolder: z.string().optional(),
    markAsRead: z.boolean().optional(),
    stopProcessingRules: z.boolean().optional(),
  }),
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
  externalUserState: z.string().nullable().default(null),
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
  mailbox: z.object({ userPurpose: z.enum(['user', 'shared']), rules: z.array(rule) }).nullable(),
  /** When each session began; Graph shows none of them. */
  sessions: z.array(z.object({ startedAt: z.string(), ipAddress: z.string() })),
  risk: z
    .object({
      riskState: z.enum(['atRisk', 'confirmedCompromised', 'dismissed']),
      riskLevel: z.enum(['low', 'medium', 'high', 'none']),
      riskDetail: z.enum(['none', 'adminConfirmedUserCompromised', 'adminDismissedAllRiskForUser']),
      at: z.string(),
    })
    .nullable(),
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
const eligibility = z.object({
  id: z.string(),
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.string(),
  memberType: z.enum(['Direct', 'Group']),
  startDateTime: z.string(),
  /** `null`: for good. */
  endDateTime: nullableText,
});
export type EligibilityRecord = z.output<typeof eligibility>;
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
  state: z.enum(['enabled', 'disabled', 'enabledForReportingButNotEnforced']),
  /** `null`: everybody, unless groups are named. */
  includeUsers: z.array(z.string()).nullable().default(null),
  includeGroups: z.array(z.string()),
  includeLocations: z.array(z.string()),
  // What was saved before there were these has none of them.
  control: z.enum(['block', 'mfa']).default('block'),
  excludeLocations: z.array(z.string()).default([]),
  excludeUsers: z.array(z.string()).default([]),
  excludeGroups: z.array(z.string()).default([]),
  excludeRoles: z.array(z.string()).default([]),
  includeApplications: z.array(z.string()).default(['All']),
});
export type PolicyRecord = z.output<typeof policy>;

const initiator = z.object({
  user: z
    .object({ id: z.null(), displayName: z.null(), userPrincipalName: z.string(), ipAddress: z.string() })
    .nullable(),
  app: z
    .object({
      appId: z.null(),
      displayName: z.string(),
      servicePrincipalId: z.null(),
      servicePrincipalName: z.null(),
    })
    .nullable(),
});
const target = z.object({
  id: z.string(),
  displayName: nullableText,
  type: z.string(),
  userPrincipalName: nullableText,
  groupType: z.null(),
  modifiedProperties: z.array(z.object({ displayName: z.string(), oldValue: nullableText, newValue: nullableText })),
});
const audit = z.object({
  id: z.string(),
  category: z.string(),
  correlationId: z.string(),
  result: z.enum(['success', 'failure']),
  resultReason: z.string(),
  activityDisplayName: z.string(),
  activityDateTime: z.string(),
  loggedByService: z.string(),
  operationType: z.string(),
  initiatedBy: initiator,
  targetResources: z.array(target),
  additionalDetails: z.array(z.object({ key: z.string(), value: z.string() })),
});
export type AuditRecord = z.output<typeof audit>;
const signIn = z.object({
  id: z.string(),
  createdDateTime: z.string(),
  userId: z.string(),
  userDisplayName: z.string(),
  userPrincipalName: z.string(),
  appDisplayName: z.string(),
  ipAddress: z.string(),
  clientAppUsed: z.string(),
  correlationId: z.string(),
  conditionalAccessStatus: z.enum(['success', 'failure', 'notApplied']),
  isInteractive: z.boolean(),
  riskLevelDuringSignIn: z.enum(['none', 'low', 'medium', 'high']),
  status: z.object({ errorCode: z.number(), failureReason: z.string(), additionalDetails: z.null() }),
  deviceDetail: z.object({
    deviceId: z.string(),
    displayName: z.string(),
    operatingSystem: z.string(),
    browser: z.string(),
  }),
  location: z.object({
    city: z.string(),
    state: z.string(),
    countryOrRegion: z.string(),
    geoCoordinates: z.object({ latitude: z.number().optional(), longitude: z.number().optional() }),
  }),
});

const detection = z.object({
  id: z.string(),
  riskEventType: z.literal('userReportedSuspiciousActivity'),
  riskLevel: z.literal('high'),
  activityDateTime: z.string(),
  detectedDateTime: z.string(),
  lastUpdatedDateTime: z.string(),
  ipAddress: z.string(),
  userId: z.string(),
  userDisplayName: z.string(),
  userPrincipalName: z.string(),
});
export type DetectionRecord = z.output<typeof detection>;

/** Everything that the tenant holds; plain JSON, so that it can be kept in a file and parsed from it. */
export const entraIdSnapshot = z.object({
  users: z.array(user),
  groups: z.array(group),
  roleAssignments: z.array(roleAssignment),
  // What was saved before there were these has none.
  eligibilities: z.array(eligibility).default([]),
  consents: z.array(consent),
  assignments: z.array(assignment),
  applications: z.array(z.object({ id: z.string(), appId: z.string(), displayName: z.string() })),
  devices: z.array(device),
  domains: z.array(z.object({ id: z.string(), authenticationType: z.string(), issuerUri: nullableText })),
  locations: z.array(location),
  policies: z.array(policy),
  audits: z.array(audit),
  signIns: z.array(signIn),
  /** Left out by what was saved before there were any. */
  detections: z.array(detection).exactOptional(),
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
