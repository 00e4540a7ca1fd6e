import type { SystemEvent } from '../../ports/connector.js';
import { logRow, partyName, succeeded, type LogRow } from './log.js';
import { PASSWORD_SET } from './password.js';
import { SESSION_START } from './sessions.js';

export const EXPIRED = 'user.account.expire_password';

/** Which event types a person is notified of. */
const KINDS: Readonly<Record<string, SystemEvent['kind']>> = {
  [PASSWORD_SET[0]]: 'password_reset',
  [PASSWORD_SET[1]]: 'password_reset',
  // A temporary password is reported as an expiry.
  [EXPIRED]: 'password_reset',
  [SESSION_START]: 'sign_in',
  'user.mfa.factor.activate': 'two_step_changed',
  'user.mfa.factor.deactivate': 'two_step_changed',
  'user.mfa.factor.reset_all': 'two_step_changed',
  'user.mfa.factor.update': 'two_step_changed',
};

export const EVENT_TYPES: readonly string[] = Object.keys(KINDS);

export type EventReading =
  | { readonly outcome: 'event'; readonly event: SystemEvent; readonly eventType: string }
  /** A row of another kind, or of something that failed: dropping it loses nothing. */
  | { readonly outcome: 'other' }
  /** A row that should have been an event and could not be read. */
  | { readonly outcome: 'unreadable'; readonly why: string };

/** The affected account: the user among the targets; for a sign-in, the actor. */
function loginOf({ eventType, actor, target }: LogRow): string | null {
  const user = (target ?? []).find(({ type }) => type === 'User');
  if (user !== undefined && user.alternateId !== null) return user.alternateId;
  return eventType === SESSION_START ? (actor?.alternateId ?? null) : null;
}

/** `ownId`: Okta's id of Notme's service app, or of the administrator whose API token it uses; `null` when unknown. */
export function readEventRow(raw: unknown, ownId: string | null = null): EventReading {
  const parsed = logRow.safeParse(raw);
  if (!parsed.success || parsed.data.eventType === '')
    return { outcome: 'unreadable', why: 'the row has no uuid or eventType' };
  const row = parsed.data;
  const kind = Object.hasOwn(KINDS, row.eventType) ? KINDS[row.eventType] : undefined;
  if (kind === undefined || succeeded(row) === false) return { outcome: 'other' };
  if (row.published === null) return { outcome: 'unreadable', why: `${row.eventType}: published is no time` };
  const login = loginOf(row);
  if (login === null) return { outcome: 'unreadable', why: `${row.eventType}: it names no user` };
  return {
    outcome: 'event',
    eventType: row.eventType,
    event: {
      eventId: row.uuid,
      kind,
      login,
      actor: partyName(row.actor),
      ...(ownId === null || row.actor?.id == null ? {} : { own: row.actor.id === ownId }),
      occurredAt: row.published,
      ip: row.client?.ipAddress ?? null,
    },
  };
}

const TOGETHER_MS = 60_000;

/** Setting a password and requiring a new one are two rows of one action: the expiry beside a change is left out. */
export function joinDeeds(readings: readonly EventReading[]): readonly SystemEvent[] {
  const events = readings.flatMap((reading) => (reading.outcome === 'event' ? [reading] : []));
  const changes = events.filter(({ eventType, event }) => event.kind === 'password_reset' && eventType !== EXPIRED);
  return events
    .filter(({ eventType, event }) => {
      if (eventType !== EXPIRED) return true;
      return !changes.some(
        (change) =>
          change.event.login === event.login &&
          change.event.actor === event.actor &&
          Math.abs(change.event.occurredAt.getTime() - event.occurredAt.getTime()) <= TOGETHER_MS,
      );
    })
    .map(({ event }) => event);
}
