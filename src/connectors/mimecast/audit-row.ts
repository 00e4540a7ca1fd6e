import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { SystemEvent } from '../port.js';

const LONGEST_INFO = 4000;

/** One row of `get-audit-events`, only the keys that are used. `eventTime` is UTC with its offset, `2026-01-01T00:00:00+0000`. */
const auditRow = z.object({
  id: z.string().min(1),
  auditType: z.string(),
  user: z.string().nullable().catch(null),
  eventTime: z.string(),
  // Searching is not linear in the length, and the text is the vendor's: what counts stands at its beginning.
  eventInfo: z
    .string()
    .catch('')
    .transform((text) => text.slice(0, LONGEST_INFO)),
});

const ADDRESS = /[^\s@<>()[\],;:"'=]+@[^\s@<>()[\],;:"'=]+/;
const EVERY_ADDRESS = new RegExp(ADDRESS, 'g');
const IP = /\bIP(?:\s+is|\s*:)\s*([0-9a-fA-F:.]+)/i;

/** Which audit types become events; all others are of no interest here. */
const KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  'User Password Changed': 'password_reset',
  'User Logged On': 'sign_in',
};

const TARGET: Readonly<Record<SystemEvent['kind'], RegExp>> = {
  password_reset: new RegExp(`password (?:reset|changed) for(?: user)?:?\\s*<?(${ADDRESS.source})`, 'i'),
  sign_in: new RegExp(`authentication for:?\\s*<?(${ADDRESS.source})`, 'i'),
  two_step_changed: /(?!)/,
};

const tidy = (address: string): string => address.replace(/[.!?]+$/, '').toLowerCase();

/** Whom the row is about: after the words that name it, else the only address in the text. `null` when it cannot be told. */
export function targetLogin(kind: SystemEvent['kind'], eventInfo: string): string | null {
  const named = TARGET[kind].exec(eventInfo)?.[1];
  if (named !== undefined) return tidy(named);
  const [only, ...others] = new Set((eventInfo.match(EVERY_ADDRESS) ?? []).map(tidy));
  return only !== undefined && others.length === 0 ? only : null;
}

/** The address that the row came from; Mimecast writes `null` where it does not know. */
export function sourceIp(eventInfo: string): string | null {
  const text = IP.exec(eventInfo)?.[1]?.replace(/\.$/, '');
  return text !== undefined && ipaddr.isValid(text) && /[.:]/.test(text) ? text : null;
}

/** `2026-01-01T00:00:00+0000`: ECMAScript wants the colon in the offset. */
export function parseAuditTime(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:(Z)|([+-]\d{2}):?(\d{2}))$/.exec(text.trim());
  if (match === null) return null;
  const [, local = '', , hours = '', minutes = ''] = match;
  const at = new Date(hours === '' ? `${local}Z` : `${local}${hours}:${minutes}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The form that `get-audit-events` wants: whole seconds in UTC, the offset without a colon. */
export function formatAuditTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+0000`;
}

/** One row as it stands, for evidence; `null` when it is no row. */
export interface AuditEntry {
  readonly id: string;
  readonly auditType: string;
  readonly actor: string | null;
  readonly at: Date | null;
  readonly text: string;
}

const actorOf = (user: string | null): string | null => (user === null || user.trim() === '' ? null : user.trim());

export function readAuditEntry(raw: unknown): AuditEntry | null {
  const row = auditRow.safeParse(raw);
  if (!row.success) return null;
  const { id, auditType, user, eventTime, eventInfo } = row.data;
  return { id, auditType, actor: actorOf(user), at: parseAuditTime(eventTime), text: eventInfo };
}

export type AuditReading =
  | { readonly outcome: 'event'; readonly event: SystemEvent }
  /** A row of another kind: nothing is lost by leaving it. */
  | { readonly outcome: 'other' }
  /** A row that should have been an event and could not be read. */
  | { readonly outcome: 'unreadable'; readonly why: string };

/** Reads one row as an event. Mimecast's `user` is the actor; the person it happened to stands in `eventInfo` only. */
export function readAuditRow(raw: unknown): AuditReading {
  const row = auditRow.safeParse(raw);
  if (!row.success) return { outcome: 'unreadable', why: 'the row has no id, auditType or eventTime' };
  const { id, auditType, user, eventTime, eventInfo } = row.data;
  const kind = Object.hasOwn(KINDS, auditType) ? KINDS[auditType] : undefined;
  if (kind === undefined) return { outcome: 'other' };
  const occurredAt = parseAuditTime(eventTime);
  if (occurredAt === null) return { outcome: 'unreadable', why: `${auditType}: its eventTime is no time` };
  const login = targetLogin(kind, eventInfo);
  if (login === null) return { outcome: 'unreadable', why: `${auditType}: its eventInfo names no one account` };
  return {
    outcome: 'event',
    event: { eventId: id, kind, login, actor: actorOf(user), occurredAt, ip: sourceIp(eventInfo) },
  };
}
