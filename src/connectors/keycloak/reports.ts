import { ok } from '../../platform/result.js';
import type { CallContext, ReportSource, RiskLevel, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { onOurClock } from '../kit/clock.js';
import { tellUnreadable, type ConnectorLog } from '../kit/log.js';
import { decodeUntil, encodeUntil } from '../kit/poll-cursor.js';
import { EVENTS_PER_PAGE, rowsSince } from './events.js';
import { readUserEvents, userEventId } from './log.js';
import { createPeople, type People } from './people.js';
import type { Parts } from './state.js';

const MOST_PAGES = 10;

/**
 * Keycloak's brute-force detection locks an account after too many wrong passwords (EventType in its API; server
 * administration guide, brute force attacks). It is the server's verdict that somebody tries, not that somebody is in: a
 * lock that time lifts says little, one that only an administrator lifts says more. Keycloak takes no reports of people.
 */
const LOCKOUTS: Readonly<Record<string, RiskLevel>> = {
  USER_DISABLED_BY_TEMPORARY_LOCKOUT: 'low',
  USER_DISABLED_BY_PERMANENT_LOCKOUT: 'medium',
};

interface Told {
  readonly events: readonly SystemEvent[];
  readonly unreadable: readonly string[];
}

async function readLockouts({ api }: Parts, people: People, from: Date, call: CallContext): Answer<Told> {
  const page = (first: number) =>
    readUserEvents(api, { first, max: EVENTS_PER_PAGE, from, types: Object.keys(LOCKOUTS) }, call);
  const found = await rowsSince('lock-outs', page, from, MOST_PAGES);
  if (!found.ok) return found;
  const events: SystemEvent[] = [];
  const unreadable = [...found.value.unreadable];
  for (const row of found.value.rows) {
    const level = Object.hasOwn(LOCKOUTS, row.type) ? LOCKOUTS[row.type] : undefined;
    const login = row.userId == null ? ok('') : await people(row.userId, call);
    if (!login.ok) return login;
    if (level === undefined || login.value === '')
      unreadable.push('lock-outs: a row names nobody, or is of another type');
    // Nobody of that id is in the realm any more.
    else if (login.value !== null)
      events.push({
        ...{ eventId: userEventId(row), kind: 'at_risk', login: login.value, actor: null, occurredAt: row.time },
        ...{ ip: row.ipAddress ?? null, word: row.type, level },
      });
  }
  return ok({ events, unreadable });
}

/** Whom Keycloak locked out because of too many wrong passwords. */
export function createReportSource(parts: Parts, log: ConnectorLog): ReportSource {
  const { api, settings, runtime } = parts;
  const people = createPeople(api);
  return {
    name: 'lockouts',
    ownDeeds: {},
    async poll(cursor, call) {
      const now = api.vendorTime(runtime.now());
      const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Keycloak');
      if (!until.ok) return until;
      // A cursor ahead of the clock (a clock set back) must not stop the polling.
      const end = Math.min(until.value.getTime(), now.getTime());
      const read = await readLockouts(parts, people, new Date(end - settings.poll_overlap_s * 1000), call);
      if (!read.ok) return read;
      tellUnreadable(log, { system: 'keycloak', unreadable: read.value.unreadable }, call);
      return ok({ events: onOurClock(api, read.value.events), cursor: encodeUntil(now) });
    },
  };
}
