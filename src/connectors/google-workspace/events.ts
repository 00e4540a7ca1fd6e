import { ok, type Result } from '../../result.js';
import { decodeUntil, encodeUntil } from '../poll-cursor.js';
import type { CallContext, ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import type { Answer, Tools } from './handler.js';
import { readActivities, type Activity, type Application } from './reports.js';

/** Google keeps 180 days; a day is left for clocks and days that differ. */
const LOOK_BACK_MS = 179 * 24 * 60 * 60 * 1000;
/** A long outage is caught up in slices; each poll reads a bounded number of them and the next one goes on. */
const SLICE_MS = 6 * 60 * 60 * 1000;
const SMALLEST_SLICE_MS = 60 * 1000;
const SLICES_PER_POLL = 24;
const PAGES_PER_SLICE = 10;

/** Told when audit rows that may have been events could not be read, so that none is lost in silence. */
export interface UnreadableRows {
  readonly system: 'google_workspace';
  readonly count: number;
  /** Distinct reasons, without the rows' contents. */
  readonly reasons: readonly string[];
  readonly correlationId: string;
}

const LOGIN_KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  password_edit: 'password_reset',
  login_success: 'sign_in',
  '2sv_enroll': 'two_step_changed',
  '2sv_disable': 'two_step_changed',
};

/** In the admin log the person is in a parameter, in the login log the person is the actor. */
const ADMIN_KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  CHANGE_PASSWORD: 'password_reset',
  TURN_OFF_2_STEP_VERIFICATION: 'two_step_changed',
};

function eventOf(application: Application, row: Activity, adminEmail: string): SystemEvent | 'other' | 'unreadable' {
  const kinds = application === 'admin' ? ADMIN_KINDS : LOGIN_KINDS;
  const kind = Object.hasOwn(kinds, row.name) ? kinds[row.name] : undefined;
  if (kind === undefined) return 'other';
  const login = application === 'admin' ? row.parameter('USER_EMAIL') : row.actor;
  if (login === null || !login.includes('@')) return 'unreadable';
  // The login log names the person as the actor even where an administrator acted: it proves nothing.
  const own =
    application === 'admin' && row.actor !== null ? { own: row.actor.toLowerCase() === adminEmail.toLowerCase() } : {};
  return { eventId: row.id, kind, login, actor: row.actor, ...own, occurredAt: row.at, ip: row.ip };
}

interface Slice {
  readonly events: readonly SystemEvent[];
  readonly unreadable: readonly string[];
  readonly complete: boolean;
}

/** What is asked of Google for one slice: whole logs would hold far more than is looked at. */
const QUESTIONS: readonly (readonly [Application, string | null])[] = [
  ['login', null],
  ['admin', 'CHANGE_PASSWORD'],
  ['admin', 'TURN_OFF_2_STEP_VERIFICATION'],
];

async function readSlice(tools: Tools, from: Date, to: Date | null, call: CallContext): Answer<Slice> {
  const events: SystemEvent[] = [];
  const unreadable: string[] = [];
  let complete = true;
  for (const [application, eventName] of QUESTIONS) {
    const query = { application, actor: 'all', from, maxPages: PAGES_PER_SLICE, ...(to === null ? {} : { to }) };
    const rows = await readActivities(tools, eventName === null ? query : { ...query, eventName }, call);
    if (!rows.ok) return rows;
    // Rows that cannot be read make a list incomplete as well, but no smaller slice would mend them.
    complete = complete && (rows.value.complete || rows.value.unreadable > 0);
    for (let count = 0; count < rows.value.unreadable; count += 1)
      unreadable.push(`a row of the ${application} log has no id or time`);
    for (const row of rows.value.items) {
      const event = eventOf(application, row, tools.settings.admin_email);
      if (event === 'unreadable') unreadable.push(`${row.name}: it names no account`);
      else if (event !== 'other') events.push(event);
    }
  }
  return ok({ events, unreadable, complete });
}

/** Audit rows come late, so each poll looks back over an overlap. What it returns again, the reader drops by id. */
export function createEventSource(tools: Tools, onUnreadable: (report: UnreadableRows) => void): EventSource {
  const overlapMs = tools.settings.poll_overlap_s * 1000;

  const beginning = (cursor: string | null, now: Date): Result<{ from: Date; read: Date }, ConnectorFailure> => {
    const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Google Workspace');
    if (!until.ok) return until;
    const earliest = now.getTime() - LOOK_BACK_MS;
    // A cursor ahead of the clock (a clock set back) must not stop the polling.
    const read = new Date(Math.max(Math.min(until.value.getTime(), now.getTime()), earliest));
    return ok({ from: new Date(Math.max(read.getTime() - overlapMs, earliest)), read });
  };

  const poll: EventSource['poll'] = async (cursor, call) => {
    const now = tools.runtime.now();
    const start = beginning(cursor, now);
    if (!start.ok) return start;
    const { from, read } = start.value;
    const events = new Map<string, SystemEvent>();
    const unreadable: string[] = [];
    let reached = from;
    let slice = SLICE_MS;
    for (let done = 0; done < SLICES_PER_POLL && reached <= now; done += 1) {
      const to = new Date(Math.min(reached.getTime() + slice, now.getTime()));
      // The newest slice has no end: Google's clock may differ, and it takes no end in its future.
      const rows = await readSlice(tools, reached, to < now ? to : null, call);
      // What was read before the failure is kept; the next poll meets the failure again if it lasts.
      if (!rows.ok && reached > read) break;
      if (!rows.ok) return rows;
      if (!rows.value.complete && slice > SMALLEST_SLICE_MS) {
        slice = Math.max(SMALLEST_SLICE_MS, Math.floor(slice / 4));
        continue;
      }
      if (!rows.value.complete) unreadable.push('one minute held more rows than are read at once');
      for (const event of rows.value.events) events.set(event.eventId, event);
      unreadable.push(...rows.value.unreadable);
      reached = to;
      if (to.getTime() === now.getTime()) break;
    }
    if (unreadable.length > 0) {
      const reasons = [...new Set(unreadable)];
      onUnreadable({
        system: 'google_workspace',
        count: unreadable.length,
        reasons,
        correlationId: call.correlationId,
      });
    }
    const inOrder = [...events.values()].sort((left, right) => left.occurredAt.getTime() - right.occurredAt.getTime());
    const until = reached > read ? reached : read;
    return ok({ events: inOrder, cursor: encodeUntil(until) });
  };
  return { poll };
}
