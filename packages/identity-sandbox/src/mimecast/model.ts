import { z } from 'zod';

/** A user as Mimecast keeps it; the password only as salt and hash. */
const user = z.object({
  emailAddress: z.string(),
  name: z.string(),
  passwordSalt: z.string(),
  passwordHash: z.string(),
  forcePasswordChange: z.boolean(),
  passwordNeverExpires: z.boolean(),
  accountLocked: z.boolean(),
  accountDisabled: z.boolean(),
  allowPop: z.boolean(),
  allowSmtp: z.boolean(),
  /** Further addresses of the same mailbox. */
  aliases: z.array(z.string()).default([]),
  /** The administrator role, `null` for an ordinary person. */
  role: z.string().nullable().default(null),
  /** Mailboxes that the person may open. */
  delegates: z.array(z.object({ id: z.string(), address: z.string(), source: z.string() })).default([]),
  /** ISO 8601; `null`: never since the account was made. */
  passwordChangedAt: z.string().nullable().default(null),
});
export type MimecastUserRecord = z.output<typeof user>;

const group = z.object({
  id: z.string(),
  /** The group's name: Mimecast calls it so. Not unique. */
  description: z.string(),
  source: z.enum(['cloud', 'ldap']),
  members: z.array(z.string()),
});
export type MimecastGroupRecord = z.output<typeof group>;

/** What Mimecast copies people from. */
const connection = z.object({
  id: z.string(),
  description: z.string(),
  serverType: z.enum(['active_directory', 'office_365', 'domino', 'ad_push']),
  acknowledgeDisabledAccounts: z.boolean(),
  /** ISO 8601; `null`: it has never run. */
  lastSync: z.string().nullable(),
  /** ISO 8601: until when the present one runs; `null`: none does. */
  runsUntil: z.string().nullable(),
});
export type ConnectionRecord = z.output<typeof connection>;

const auditRecord = z.object({
  id: z.string(),
  auditType: z.string(),
  /** The actor, not the person it happened to. */
  user: z.string(),
  /** UTC, whole seconds, `2026-01-01T00:00:00+0000`. */
  eventTime: z.string(),
  eventInfo: z.string(),
  category: z.string(),
});
export type AuditRecord = z.output<typeof auditRecord>;

/** A change that took effect; a repeat that changes no flag is none, a password that is set again is one. */
const effect = z.object({
  at: z.string(),
  kind: z.enum([
    'reset_password',
    'attacker_reset',
    'disable_account',
    'enable_account',
    'change_flags',
    'add_group_member',
    'remove_group_member',
    'add_delegate',
    'remove_delegate',
    'start_sync',
  ]),
  email: z.string(),
  detail: z.string(),
});
export type Effect = z.output<typeof effect>;

/** Everything that the directory holds; plain JSON, so that it can be kept in a file and parsed from it. */
export const mimecastSnapshot = z.object({
  users: z.array(user),
  groups: z.array(group),
  audit: z.array(auditRecord),
  effects: z.array(effect),
  connections: z.array(connection).default([]),
  /** The addresses that are in the directory, and whether they are enabled there. */
  inDirectory: z.record(z.string(), z.boolean()).default({}),
});
export type MimecastSnapshot = z.output<typeof mimecastSnapshot>;
