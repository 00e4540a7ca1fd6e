import { ok } from '../../platform/result.js';
import type { Answer, Outcome } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { onOurClock } from '../kit/clock.js';
import { tellUnreadable, type ConnectorLog } from '../kit/log.js';
import { decodeUntil, encodeUntil } from '../kit/poll-cursor.js';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Rows } from './api.js';
import { adminEventId, isPasswordChange, readAdminEvents, readUserEvents, userEventId } from './log.js';
import type { AdminEvent, UserEvent } from './log.js';
import { createPeople, type People } from './people.js';
import type { Parts } from './state.js';

export const EVENTS_PER_PAGE = 100;
const MOST_PAGES = 50;
/** Sign-ins are many and worth less: they get fewer pages, so that they never delay a password reset. */
const MOST_SIGN_IN_PAGES = 5;
/** Newer servers write one change twice, under its old type and as `..._CREDENTIAL`. */
const TWIN_MS = 2000;

const CREDENTIALS = ['UPDATE_PASSWORD', 'UPDATE_TOTP', 'REMOVE_TOTP', 'UPDATE_CREDENTIAL', 'REMOVE_CREDENTIAL'];

const unread = (what: string): string => `${what}: a row has another form`;

interface Read<Row> {
  readonly rows: readonly Row[];
  /** What was not seen, and why: a text for each. */
  readonly unreadable: readonly string[];
}

type Dated<Row> = Row & { readonly time: Date };

/** Rows of one kind since `from`, page by page from the newest on. */
export async function rowsSince<Row extends { readonly time: Date | null }>(
  what: string,
  page: (first: number) => Answer<Rows<Row>>,
  from: Date,
  mostPages: number,
): Answer<Read<Dated<Row>>> {
  const rows: Dated<Row>[] = [];
  const unreadable: string[] = [];
  for (let number = 0; number < mostPages; number += 1) {
    const found = await page(number * EVENTS_PER_PAGE);
    if (!found.ok) return found;
    const { items, unreadable: left } = found.value;
    const dated = items.flatMap((row) => (row.time === null ? [] : [{ ...row, time: row.time }]));
    const lost = left + items.length - dated.length;
    unreadable.push(...Array.from({ length: lost }, () => unread(what)));
    rows.push(...dated.filter(({ time }) => time >= from));
    if (items.length + left < EVENTS_PER_PAGE || dated.some(({ time }) => time < from)) return ok({ rows, unreadable });
  }
  return ok({ rows, unreadable: [...unreadable, `${what}: there were more new rows than are read at once`] });
}

function kindOf(row: UserEvent): SystemEvent['kind'] {
  if (row.type === 'LOGIN') return 'sign_in';
  return isPasswordChange(row) === false ? 'two_step_changed' : 'password_reset';
}

/** Keeps one of two rows that report the same change. */
function withoutTwins(rows: readonly Dated<UserEvent>[]): readonly Dated<UserEvent>[] {
  const isNew = ({ type }: UserEvent): boolean => type.endsWith('_CREDENTIAL');
  const old = rows.filter((row) => !isNew(row));
  const isTwin = (row: Dated<UserEvent>, other: Dated<UserEvent>): boolean =>
    other.userId === row.userId &&
    kindOf(other) === kindOf(row) &&
    Math.abs(other.time.getTime() - row.time.getTime()) <= TWIN_MS;
  return rows.filter((row) => !isNew(row) || !old.some((other) => isTwin(row, other)));
}

const ADMIN_PATH = /^users\/([^/]+)\/(reset-password|credentials\/[^/]+)$/;

/** `null`: of something that failed, or of somebody whom the realm no longer has; a text: why it cannot be told. */
type Told = Outcome<SystemEvent | string | null>;

async function fromUser(people: People, row: Dated<UserEvent>, call: CallContext): Promise<Told> {
  if (row.error) return ok(null);
  if (row.userId == null) return ok(unread('an event names nobody'));
  if (row.type !== 'LOGIN' && !CREDENTIALS.includes(row.type)) return ok(unread('an event of a type not asked for'));
  return mapped(people(row.userId, call), (login) => {
    if (login === null) return null;
    if (login === '') return unread('the account of an event');
    const facts = { eventId: userEventId(row), kind: kindOf(row), occurredAt: row.time };
    return { ...facts, login, actor: login, own: false, ip: row.ipAddress ?? null };
  });
}

/**
 * Who acted, by name where this realm knows the id; `own` is certain only where the token names our service account.
 */
async function actorOf(
  { api }: Parts,
  people: People,
  row: AdminEvent,
  call: CallContext,
): Answer<Pick<SystemEvent, 'actor' | 'own'>> {
  const by = row.authDetails?.userId ?? null;
  if (by === null) return ok({ actor: null });
  const [login, identity] = await Promise.all([people(by, call), api.identity(call)]);
  const us = identity.ok ? identity.value.userId : null;
  return mapped(login, (name) => ({
    actor: name === null ? `user ${by} of another realm` : name || `user ${by}`,
    ...(us === null ? {} : { own: by === us }),
  }));
}

async function fromAdmin(parts: Parts, people: People, row: Dated<AdminEvent>, call: CallContext): Promise<Told> {
  const [, userId, what] = ADMIN_PATH.exec(row.resourcePath ?? '') ?? [];
  if (row.error) return ok(null);
  if (userId === undefined) return ok(row.resourcePath == null ? unread('an admin event names nothing') : null);
  const kind = what === 'reset-password' ? 'password_reset' : 'two_step_changed';
  return mapped(allOf([people(userId, call), actorOf(parts, people, row, call)]), ([login, actor]) => {
    if (login === null) return null;
    if (login === '') return unread('the account of an event');
    const facts = { eventId: adminEventId(row), kind, occurredAt: row.time } as const;
    return { ...facts, login, ...actor, ip: row.authDetails?.ipAddress ?? null };
  });
}

async function readAll(parts: Parts, people: People, from: Date, call: CallContext): Answer<Read<SystemEvent>> {
  const { api, settings } = parts;
  const users = (types: readonly string[]) => (first: number) =>
    readUserEvents(api, { first, max: EVENTS_PER_PAGE, from, types }, call);
  const admins = (resourcePath: string) => (first: number) =>
    readAdminEvents(api, { first, max: EVENTS_PER_PAGE, from, resourcePath, operation: 'ACTION' }, call);
  const none: Read<Dated<UserEvent>> = { rows: [], unreadable: [] };
  const logs = await allOf([
    rowsSince('changed credentials', users(CREDENTIALS), from, MOST_PAGES),
    settings.poll_sign_ins ? rowsSince('sign-ins', users(['LOGIN']), from, MOST_SIGN_IN_PAGES) : ok(none),
    rowsSince('password resets by administrators', admins('users/*/reset-password'), from, MOST_PAGES),
    rowsSince('credentials removed by administrators', admins('users/*/credentials/*'), from, MOST_PAGES),
  ]);
  if (!logs.ok) return logs;
  const [changes, signIns, resets, removals] = logs.value;
  const told = [
    ...[...withoutTwins(changes.rows), ...signIns.rows].map((row) => () => fromUser(people, row, call)),
    ...[...resets.rows, ...removals.rows].map((row) => () => fromAdmin(parts, people, row, call)),
  ];
  const events = new Map<string, SystemEvent>();
  const untold: string[] = [];
  // One after the other: the names are cached, so each person is looked up once.
  for (const tell of told) {
    const event = await tell();
    if (!event.ok) return event;
    if (typeof event.value === 'string') untold.push(event.value);
    else if (event.value !== null) events.set(event.value.eventId, event.value);
  }
  const rows = [...events.values()].sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime());
  return ok({ rows, unreadable: [...logs.value.flatMap(({ unreadable }) => unreadable), ...untold] });
}

/**
 * Keycloak sends events only to its own plug-ins: here they are polled. The reader drops rows repeated by the overlap.
 */
export function createEventSource(parts: Parts, log: ConnectorLog): EventSource {
  const { api, settings, runtime } = parts;
  const people = createPeople(api);
  return {
    ownDeeds: {
      password_reset: { always: ['reset_password'] },
      two_step_changed: { always: ['remove_factors', 'invalidate_backup_codes'] },
    },
    async poll(cursor, call) {
      const now = api.vendorTime(runtime.now());
      const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Keycloak');
      if (!until.ok) return until;
      // A cursor ahead of the clock (a clock set back) must not stop the polling.
      const end = Math.min(until.value.getTime(), now.getTime());
      const read = await readAll(parts, people, new Date(end - settings.poll_overlap_s * 1000), call);
      if (!read.ok) return read;
      tellUnreadable(log, { system: 'keycloak', unreadable: read.value.unreadable }, call);
      return ok({ events: onOurClock(api, read.value.rows), cursor: encodeUntil(now) });
    },
  };
}
