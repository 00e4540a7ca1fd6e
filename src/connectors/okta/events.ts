import type { EventSource } from '../../ports/connector.js';
import type { ConnectorLog } from '../kit/log.js';
import { EVENT_TYPES, joinDeeds, readEventRow } from './event-row.js';
import { eventIs } from './log.js';
import { pollLog } from './log-poll.js';
import type { Parts } from './state.js';

/** What happened to accounts, from Okta's system log. */
export const createEventSource = (parts: Parts, log: ConnectorLog): EventSource => ({
  ownDeeds: {
    // An account with an expired password is suspended by setting a new password (suspension.ts); others are not.
    password_reset: { always: ['reset_password'], sometimes: ['disable_account'] },
    two_step_changed: { always: ['remove_factors'] },
  },
  poll: pollLog(parts, log, {
    filter: eventIs(EVENT_TYPES),
    async tell(rows, call) {
      const own = rows.length === 0 ? null : await parts.self.id(call);
      const readings = rows.map((row) => readEventRow(row, own));
      const unreadable = readings.flatMap((reading) => (reading.outcome === 'unreadable' ? [reading.why] : []));
      return { events: joinDeeds(readings), unreadable };
    },
  }),
});
