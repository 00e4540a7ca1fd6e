import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import { decodeUntil, encodeUntil } from '../poll-cursor.js';
import type { CallContext, ConnectorFailure, EventSource, SystemEvent } from '../port.js';
import type { KeycloakApi } from './api.js';
import { adminEventId, readAdminEvents, readUserEvents, userEventId, type AdminEvent, type UserEvent } from './log.js';
import type { People } from './people.js';
import type { KeycloakSettings } from './settings.js';

const PAGE = 100;
const MOST_PAGES = 50;
/** Sign-ins are many and worth less: they get fewer pages, so that they never hold up a password reset. */
const MOST_SIGN_IN_PAGES = 5;
/** Newer servers write one change twice, under its old type and as `..._CREDENTIAL`. */
const TWIN_MS = 2000;

const CREDENTIALS = ['UPDATE_PASSWORD', 'UPDATE_TOTP', 'REMOVE_TOTP', 'UPDATE_CREDENTIAL', 'REMOVE_CREDENTIAL'];
/** Told when a log had more new rows than are read at once: the older ones of them were not seen. */
export interface SkippedRows {
  readonly system: 'keycloak';
  readonly log: string;
  readonly correlationId: string;
}

interface Pages<Row> {
  readonly rows: readonly Row[];
  readonly complete: boolean;
}

/** Rows since `from`, page by page from the newest on. */
async function rowsSince<Row extends { readonly time: number }>(
  page: (first: number) => Promise<Result<readonly Row[], ConnectorFailure>>,
  from: Date,
  mostPages: number,
): Promise<Result<Pages<Row>, ConnectorFailure>> {
  const rows: Row[] = [];
  for (let number = 0; number < mostPages; number += 1) {
    const found = await page(number * PAGE);
    if (!found.ok) return found;
    rows.push(...found.value.filter(({ time }) => time >= from.getTime()));
    const reachedEnd = found.value.length < PAGE || found.value.some(({ time }) => time < from.getTime());
    if (reachedEnd) return ok({ rows, complete: true });
  }
  return ok({ rows, complete: false });
}

function kindOf({ type, details }: UserEvent): SystemEvent['kind'] {
  if (type === 'LOGIN') return 'sign_in';
  const password =
    type === 'UPDATE_PASSWORD' || (type === 'UPDATE_CREDENTIAL' && details?.['credential_type'] === 'password');
  return password ? 'password_reset' : 'two_step_changed';
}

/** Leaves one of two rows that tell of the same change. */
function withoutTwins(rows: readonly UserEvent[]): readonly UserEvent[] {
  const old = rows.filter(({ type }) => !type.endsWith('_CREDENTIAL'));
  return rows.filter(
    (row) =>
      !row.type.endsWith('_CREDENTIAL') ||
      !old.some(
        (other) =>
          other.userId === row.userId && kindOf(other) === kindOf(row) && Math.abs(other.time - row.time) <= TWIN_MS,
      ),
  );
}

const ADMIN_PATH = /^users\/([^/]+)\/(reset-password|credentials\/[^/]+)$/;

interface Source {
  readonly api: KeycloakApi;
  readonly settings: KeycloakSettings;
  readonly runtime: Runtime;
  readonly people: People;
  readonly onSkipped: (report: SkippedRows) => void;
}

async function fromUser(
  { people }: Source,
  row: UserEvent,
  call: CallContext,
): Promise<Result<SystemEvent | null, ConnectorFailure>> {
  if (row.userId == null || row.error != null) return ok(null);
  const login = await people.login(row.userId, call);
  if (!login.ok) return login;
  if (login.value === null) return ok(null);
  return ok({
    eventId: userEventId(row),
    kind: kindOf(row),
    login: login.value,
    actor: login.value,
    own: false,
    occurredAt: new Date(row.time),
    ip: row.ipAddress ?? null,
  });
}

/** Who acted, by name where this realm knows the id. */
async function actorOf({ people }: Source, row: AdminEvent, call: CallContext): ReturnType<People['login']> {
  const by = row.authDetails?.userId;
  if (by == null) return ok(null);
  const login = await people.login(by, call);
  return login.ok ? ok(login.value ?? `user ${by} of another realm`) : login;
}

/** Told surely only where the token names our service account. */
async function isOwn({ api }: Source, row: AdminEvent, call: CallContext): Promise<{ readonly own?: boolean }> {
  const by = row.authDetails?.userId ?? null;
  const identity = await api.identity(call);
  if (by === null || !identity.ok || identity.value.userId === null) return {};
  return { own: by === identity.value.userId };
}

async function fromAdmin(
  source: Source,
  row: AdminEvent,
  call: CallContext,
): Promise<Result<SystemEvent | null, ConnectorFailure>> {
  const [, userId, what] = ADMIN_PATH.exec(row.resourcePath ?? '') ?? [];
  if (userId === undefined || row.error != null) return ok(null);
  const [login, actor] = await Promise.all([source.people.login(userId, call), actorOf(source, row, call)]);
  if (!login.ok) return login;
  if (!actor.ok) return actor;
  if (login.value === null) return ok(null);
  return ok({
    eventId: adminEventId(row),
    kind: what === 'reset-password' ? 'password_reset' : 'two_step_changed',
    login: login.value,
    actor: actor.value,
    ...(await isOwn(source, row, call)),
    occurredAt: new Date(row.time),
    ip: row.authDetails?.ipAddress ?? null,
  });
}

async function readAll(
  source: Source,
  from: Date,
  call: CallContext,
): Promise<Result<readonly SystemEvent[], ConnectorFailure>> {
  const { api, settings, onSkipped } = source;
  const users = (types: readonly string[]) => (first: number) =>
    readUserEvents(api, { first, max: PAGE, from, types }, call);
  const admins = (resourcePath: string) => (first: number) =>
    readAdminEvents(api, { first, max: PAGE, from, resourcePath, operation: 'ACTION' }, call);
  const [credentials, signIns, resets, removals] = await Promise.all([
    rowsSince(users(CREDENTIALS), from, MOST_PAGES),
    settings.poll_sign_ins ? rowsSince(users(['LOGIN']), from, MOST_SIGN_IN_PAGES) : ok({ rows: [], complete: true }),
    rowsSince(admins('users/*/reset-password'), from, MOST_PAGES),
    rowsSince(admins('users/*/credentials/*'), from, MOST_PAGES),
  ]);
  if (!credentials.ok) return credentials;
  if (!signIns.ok) return signIns;
  if (!resets.ok) return resets;
  if (!removals.ok) return removals;
  const read = {
    credentials,
    'sign-ins': signIns,
    'password resets by administrators': resets,
    'credentials removed by administrators': removals,
  };
  for (const [log, pages] of Object.entries(read))
    if (!pages.value.complete) onSkipped({ system: 'keycloak', log, correlationId: call.correlationId });

  const events = new Map<string, SystemEvent>();
  const take = (event: Result<SystemEvent | null, ConnectorFailure>): ConnectorFailure | null => {
    if (!event.ok) return event.error;
    if (event.value !== null) events.set(event.value.eventId, event.value);
    return null;
  };
  // One after the other: the names are kept, so each person is asked about once.
  for (const row of [...withoutTwins(credentials.value.rows), ...signIns.value.rows]) {
    const failure = take(await fromUser(source, row, call));
    if (failure !== null) return err(failure);
  }
  for (const row of [...resets.value.rows, ...removals.value.rows]) {
    const failure = take(await fromAdmin(source, row, call));
    if (failure !== null) return err(failure);
  }
  return ok([...events.values()].sort((left, right) => left.occurredAt.getTime() - right.occurredAt.getTime()));
}

/** Keycloak tells of events only to its own plug-ins: here they are polled. What the overlap returns again, the reader drops. */
export function createEventSource(source: Source): EventSource {
  return {
    async poll(cursor, call) {
      const now = source.runtime.now();
      const until = cursor === null ? ok(now) : decodeUntil(cursor, 'Keycloak');
      if (!until.ok) return until;
      // A cursor ahead of the clock (a clock set back) must not stop the polling.
      const end = Math.min(until.value.getTime(), now.getTime());
      const events = await readAll(source, new Date(end - source.settings.poll_overlap_s * 1000), call);
      return events.ok ? ok({ events: events.value, cursor: encodeUntil(now) }) : events;
    },
  };
}
