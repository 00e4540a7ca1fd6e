import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { SystemEvent } from '../../ports/connector.js';

const LONGEST_INFO = 4000;

/** `2026-01-01T00:00:00+0000`: ECMAScript requires the colon in the offset. */
export function parseAuditTime(text: string): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:(Z)|([+-]\d{2}):?(\d{2}))$/.exec(text.trim());
  if (match === null) return null;
  const [, local = '', , hours = '', minutes = ''] = match;
  const at = new Date(hours === '' ? `${local}Z` : `${local}${hours}:${minutes}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** One row of `get-audit-events`, only the keys that are used. `eventTime` is UTC with its offset, `2026-01-01T00:00:00+0000`. */
export const auditEntry = z
  .object({
    id: z.string().min(1),
    auditType: z.string().min(1),
    user: z.string().nullable().catch(null),
    eventTime: z.string().catch('').transform(parseAuditTime),
    // Searching is not linear in the length, and the text is the vendor's: the relevant part is at its beginning.
    eventInfo: z
      .string()
      .catch('')
      .transform((text) => text.slice(0, LONGEST_INFO)),
  })
  .transform(({ user, eventTime: at, eventInfo: text, ...row }) => ({ ...row, at, text, actor: user?.trim() || null }));
export type AuditEntry = z.output<typeof auditEntry>;

const ADDRESS = /[^\s@<>()[\],;:"'=]+@[^\s@<>()[\],;:"'=]+/;
const EVERY_ADDRESS = new RegExp(ADDRESS, 'g');
const IP = /\bIP(?:\s+is|\s*:)\s*([0-9a-fA-F:.]+)/i;

/** Which audit types become events; all others are of no interest here. */
const KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  'User Password Changed': 'password_reset',
  'User Logged On': 'sign_in',
};

/** An address alone, or inside <…> after a name that people may choose themselves, which may look like another's address. */
const PERSON = `(?:(?:${ADDRESS.source}|(?:(?!\\bby\\b)[^<>,@]){0,100})\\s*<(${ADDRESS.source})>|(${ADDRESS.source}))`;
const TARGET: Readonly<Partial<Record<SystemEvent['kind'], RegExp>>> = {
  password_reset: new RegExp(`password (?:reset|changed) for(?: user)?:?\\s*${PERSON}`, 'i'),
  sign_in: new RegExp(`authentication for:?\\s*${PERSON}`, 'i'),
};

const tidy = (address: string): string => address.replace(/[.!?]+$/, '').toLowerCase();

const addressesIn = (text: string): readonly string[] => (text.match(EVERY_ADDRESS) ?? []).map(tidy);

/**
 * The person the row is about: after the words that introduce it, else the only address in the text. `null` when
 * unknown.
 */
export function targetLogin(kind: SystemEvent['kind'], eventInfo: string): string | null {
  const [, inside, alone] = TARGET[kind]?.exec(eventInfo) ?? [];
  const named = inside ?? alone;
  if (named !== undefined) return tidy(named);
  const [only, ...others] = new Set(addressesIn(eventInfo));
  return only !== undefined && others.length === 0 ? only : null;
}

/**
 * For a sign-in it is the person who signs in: `user` has the address, beside a text with the same address, or none
 * ("Succesfully enrolled user for …").
 */
function signedIn(kind: SystemEvent['kind'], eventInfo: string, user: string | null): string | null {
  const named = user?.toLowerCase() ?? '';
  if (kind !== 'sign_in' || !new RegExp(`^${ADDRESS.source}$`).test(named)) return null;
  const all = addressesIn(eventInfo);
  return all.length === 0 || all.includes(named) ? named : null;
}

/** The address that the row came from; Mimecast writes `null` where it does not know. */
export function sourceIp(eventInfo: string): string | null {
  const text = IP.exec(eventInfo)?.[1]?.replace(/\.$/, '');
  return text !== undefined && ipaddr.isValid(text) && /[.:]/.test(text) ? text : null;
}

/** The form that `get-audit-events` requires: whole seconds in UTC, the offset without a colon. */
export function formatAuditTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}+0000`;
}

export interface Unreadable {
  readonly why: string;
  /** When it was written; `null` when that cannot be read either. */
  readonly at: Date | null;
}

export type AuditReading =
  | { readonly outcome: 'event'; readonly event: SystemEvent }
  /** A row of another kind: dropping it loses nothing. */
  | { readonly outcome: 'other' }
  /** A row that should have been an event and could not be read. */
  | ({ readonly outcome: 'unreadable' } & Unreadable);

/** Parses one row as an event. Mimecast's `user` is the actor; the affected person is only in `eventInfo`. */
export function readAuditRow(raw: unknown): AuditReading {
  const { data: row } = auditEntry.safeParse(raw);
  if (row === undefined) return { outcome: 'unreadable', why: 'the row has no id, auditType or eventTime', at: null };
  const { id, auditType, actor, at, text } = row;
  const kind = Object.hasOwn(KINDS, auditType) ? KINDS[auditType] : undefined;
  if (kind === undefined) return { outcome: 'other' };
  const unreadable = (why: string): AuditReading => ({ outcome: 'unreadable', why: `${auditType}: ${why}`, at });
  if (at === null) return unreadable('its eventTime is no time');
  const login = signedIn(kind, text, actor) ?? targetLogin(kind, text);
  if (login === null) return unreadable('its eventInfo names no one account');
  return { outcome: 'event', event: { eventId: id, kind, login, actor, occurredAt: at, ip: sourceIp(text) } };
}
