import { z } from 'zod';

const grant = z.object({
  clientId: z.string(),
  displayText: z.string(),
  scopes: z.array(z.string()),
  nativeApp: z.boolean(),
  anonymous: z.boolean(),
});

const appPassword = z.object({
  codeId: z.number(),
  name: z.string(),
  /** Milliseconds since 1970. */
  creationTime: z.number(),
  lastTimeUsed: z.number(),
});

const device = z.object({
  resourceId: z.string(),
  deviceId: z.string(),
  model: z.string(),
  os: z.string(),
  type: z.string(),
  status: z.enum(['APPROVED', 'BLOCKED', 'PENDING']),
  firstSync: z.string(),
  lastSync: z.string(),
});

export const filterBody = z.strictObject({
  criteria: z
    .strictObject({
      from: z.string().optional(),
      to: z.string().optional(),
      subject: z.string().optional(),
      query: z.string().optional(),
      negatedQuery: z.string().optional(),
      hasAttachment: z.boolean().optional(),
      excludeChats: z.boolean().optional(),
      size: z.number().optional(),
      sizeComparison: z.enum(['smaller', 'larger']).optional(),
    })
    .default({}),
  action: z.strictObject({
    addLabelIds: z.array(z.string()).optional(),
    removeLabelIds: z.array(z.string()).optional(),
    forward: z.string().optional(),
  }),
});
const filter = filterBody.extend({ id: z.string() });

export const sendAsBody = z.strictObject({
  sendAsEmail: z.string(),
  displayName: z.string().optional(),
  replyToAddress: z.string().optional(),
  signature: z.string().optional(),
  treatAsAlias: z.boolean().optional(),
  isDefault: z.literal(true).optional(),
  smtpMsa: z
    .strictObject({ host: z.string(), port: z.number(), securityMode: z.enum(['none', 'ssl', 'starttls']) })
    .optional(),
});
const sendAs = sendAsBody.extend({ verificationStatus: z.enum(['accepted', 'pending']) });
export type SendAsRecord = z.output<typeof sendAs>;

const mailbox = z.object({
  autoForwarding: z.object({
    enabled: z.boolean(),
    emailAddress: z.string().optional(),
    disposition: z.string().optional(),
  }),
  filters: z.array(filter),
  delegates: z.array(z.string()),
  forwardingAddresses: z.array(
    z.object({ forwardingEmail: z.string(), verificationStatus: z.enum(['accepted', 'pending']) }),
  ),
  /** Besides the own address. */
  sendAs: z.array(sendAs).default([]),
  /** Where replies to the own address go; empty: nowhere else. */
  replyTo: z.string().default(''),
  imap: z.object({
    enabled: z.boolean(),
    autoExpunge: z.boolean(),
    expungeBehavior: z.string(),
    maxFolderSize: z.number(),
  }),
  pop: z.object({ accessWindow: z.enum(['disabled', 'fromNowOn', 'allMail']), disposition: z.string() }),
});
export type MailboxRecord = z.output<typeof mailbox>;

const user = z.object({
  id: z.string(),
  primaryEmail: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  employeeId: z.string().nullable(),
  /** The password only as salt and hash. */
  passwordSalt: z.string(),
  passwordHash: z.string(),
  passwordChangedAt: z.string().nullable(),
  changePasswordAtNextLogin: z.boolean(),
  suspended: z.boolean(),
  suspensionReason: z.string().nullable(),
  archived: z.boolean(),
  /** Factors of 2-Step Verification; no API shows them. */
  factors: z.array(z.object({ name: z.string(), addedAt: z.string() })),
  backupCodes: z.array(z.string()),
  orgUnitPath: z.string(),
  recoveryEmail: z.string(),
  recoveryPhone: z.string(),
  /** Open sessions; no API shows them. */
  sessions: z.array(z.object({ ip: z.string(), device: z.string(), at: z.string() })),
  grants: z.array(grant),
  appPasswords: z.array(appPassword),
  devices: z.array(device),
  /** `null`: Gmail is off for this account. */
  mailbox: mailbox.nullable(),
});
export type UserRecord = z.output<typeof user>;

const group = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  /** Ids of users. */
  members: z.array(z.string()),
  enforces2Sv: z.boolean(),
});
export type GroupRecord = z.output<typeof group>;

const orgUnit = z.object({ orgUnitId: z.string(), path: z.string(), enforces2Sv: z.boolean() });
const role = z.object({ roleId: z.string(), roleName: z.string(), isSuperAdminRole: z.boolean() });
const assignment = z.object({
  roleAssignmentId: z.string(),
  roleId: z.string(),
  assignedTo: z.string(),
  assigneeType: z.enum(['user', 'group']),
  scopeType: z.enum(['CUSTOMER', 'ORG_UNIT']),
  orgUnitId: z.string().optional(),
});
export type AssignmentRecord = z.output<typeof assignment>;

export const APPLICATIONS = ['login', 'admin', 'user_accounts', 'token'] as const;
const activity = z.object({
  application: z.enum(APPLICATIONS),
  time: z.string(),
  uniqueQualifier: z.string(),
  actor: z.string(),
  actorId: z.string(),
  ip: z.string().nullable(),
  region: z.string().nullable(),
  type: z.string(),
  name: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.string().optional(), boolValue: z.boolean().optional() })),
});
export type ActivityRecord = z.output<typeof activity>;

const alert = z.object({
  alertId: z.string(),
  createTime: z.string(),
  source: z.string(),
  type: z.string(),
  severity: z.enum(['HIGH', 'MEDIUM', 'LOW']),
  email: z.string(),
  ip: z.string().nullable(),
});
export type AlertRecord = z.output<typeof alert>;

/** Everything that the directory remembers. */
export const googleWorkspaceSnapshot = z.object({
  users: z.array(user),
  groups: z.array(group),
  orgUnits: z.array(orgUnit),
  roles: z.array(role),
  assignments: z.array(assignment),
  activities: z.array(activity),
  /** Left out by what was saved before there were any. */
  alerts: z.array(alert).exactOptional(),
});
export type GoogleWorkspaceSnapshot = z.output<typeof googleWorkspaceSnapshot>;
