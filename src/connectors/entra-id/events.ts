import { z } from 'zod';
import type { CallContext, EventSource, SystemEvent } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced, type Slice } from '../kit/poll.js';
import { ACTIVITIES, eventOf, type Told } from './audit-row.js';
import { SYSTEM } from './find.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { signInEventOf } from './sign-in-row.js';

const MOST_ROWS = 2_000;
/** Free tenants keep audit rows for seven days. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60 * 1000;
/** One reset is several rows of several services within seconds. */
const SAME_CHANGE_MS = 10_000;

interface Window {
  readonly from: Date;
  readonly to: Date;
}

interface Log {
  readonly name: 'directoryAudits' | 'signIns';
  readonly filter: string;
  readonly read: (row: unknown) => Told | 'unreadable' | null;
}

const readLog = ({ api }: Reader, { name, filter, read }: Log, call: CallContext): Answer<Slice<Told>> => {
  const path = `/v1.0/auditLogs/${name}?$filter=${encodeURIComponent(filter)}&$top=100`;
  return mapped(api.list(z.unknown(), { path, needs: [PERMISSION.audit], call }, MOST_ROWS), ({ items, complete }) => {
    const readings = items.map(read);
    const unreadable = readings.filter((reading) => reading === 'unreadable');
    return {
      rows: readings.filter((reading) => reading !== null && reading !== 'unreadable'),
      unreadable: unreadable.map(() => `a row of ${name} is of another shape`),
      complete,
    };
  });
};

async function readWindow(reader: Reader, { from, to }: Window, call: CallContext): Answer<Slice<Told>> {
  const names = Object.keys(ACTIVITIES).map((name) => `activityDisplayName eq ${quoted(name)}`);
  const between = (field: string): string => `${field} ge ${from.toISOString()} and ${field} le ${to.toISOString()}`;
  const audits: Log = {
    name: 'directoryAudits',
    filter: `${between('activityDateTime')} and (${names.join(' or ')})`,
    read: (row) => eventOf(row, reader.settings.client_id),
  };
  const signIns: Log = { name: 'signIns', filter: between('createdDateTime'), read: signInEventOf };
  const changes = await readLog(reader, audits, call);
  if (!changes.ok || !reader.settings.sign_in_notices) return changes;
  return mapped(readLog(reader, signIns, call), ({ rows, unreadable, complete }) => ({
    rows: [...changes.value.rows, ...rows],
    unreadable: [...changes.value.unreadable, ...unreadable],
    complete: changes.value.complete && complete,
  }));
}

const byTime = (left: Told, right: Told): number =>
  left.event.occurredAt.getTime() - right.event.occurredAt.getTime() ||
  left.event.eventId.localeCompare(right.event.eventId);

/**
 * Keeps the first of the rows that report one change: other activities of the same kind, about the same account, by the
 * same actor, within seconds. The same activity once more is another change.
 */
function withoutEchoes(rows: readonly Told[]): readonly SystemEvent[] {
  const open = new Map<string, { readonly from: number; readonly activities: Set<string> }>();
  const kept: SystemEvent[] = [];
  // Neighbouring slices both contain the rows of their common instant.
  const once = new Map(rows.map((row) => [row.event.eventId, row]));
  for (const { event, activity } of [...once.values()].sort(byTime)) {
    const key = JSON.stringify([event.kind, event.login.toLowerCase(), event.actor]);
    const at = event.occurredAt.getTime();
    const group = open.get(key);
    const echo = group !== undefined && at - group.from < SAME_CHANGE_MS && !group.activities.has(activity);
    if (echo) group.activities.add(activity);
    else {
      kept.push(event);
      open.set(key, { from: at, activities: new Set([activity]) });
    }
  }
  return kept;
}

/** Entra ID has no subscription for its logs: they are polled. The reader drops rows repeated by the overlap, by id. */
export const eventsOf = (reader: Reader, log: ConnectorLog): EventSource => ({
  ownDeeds: { password_reset: { always: ['reset_password'] }, two_step_changed: { always: ['remove_factors'] } },
  poll: pollSliced<Told>({
    system: SYSTEM,
    title: 'Entra ID',
    runtime: reader.runtime,
    clock: reader.api,
    log,
    overlapMs: reader.settings.poll_overlap_s * 1000,
    lookBackMs: LOOK_BACK_MS,
    // So that the first row of a change whose rows straddle the start is recognised as such.
    leadMs: SAME_CHANGE_MS,
    read: (window, call) => readWindow(reader, window, call),
    events: withoutEchoes,
  }),
});
