import { ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure, SystemEvent } from '../port.js';
import type { MimecastApi } from './api.js';
import { formatAuditTime, readAuditEntry, readAuditRow, type AuditEntry } from './audit-row.js';
import { PATH } from './permissions.js';

export const PASSWORD_CATEGORY = 'user_account_and_role_logs';

/** 500 rows a page are taken; 200 of Mimecast's rows (about 700 bytes each) stay well under the client's 1 MiB. */
const PAGE_SIZE = 200;
const MAX_PAGES = 100;
/** As many rows as evidence keeps of one kind. */
const NEWEST = 100;

/** Mimecast refuses to look back further than 60 days; an hour is left for clocks that differ. */
export const LOOK_BACK_MS = 60 * 24 * 60 * 60 * 1000 - 60 * 60 * 1000;

export interface AuditWindow {
  readonly from: Date;
  readonly to: Date;
  readonly categories: readonly string[];
  /** Only rows that mention this text. */
  readonly query?: string;
}

export interface AuditRows {
  readonly events: readonly SystemEvent[];
  /** Why rows that should have been events could not be read, one entry a row. */
  readonly unreadable: readonly string[];
  /** False when the window held more rows than are read at once. */
  readonly complete: boolean;
}

/** What `get-audit-events` is asked. Both ends are rounded outwards to whole seconds, which is what Mimecast takes. */
const question = (window: AuditWindow): Readonly<Record<string, unknown>> => ({
  startDateTime: formatAuditTime(window.from),
  endDateTime: formatAuditTime(new Date(Math.ceil(window.to.getTime() / 1000) * 1000)),
  categories: window.categories,
  ...(window.query === undefined ? {} : { query: window.query }),
});

/** The newest rows of a window, one page of them; `complete` is false when there are more. Mimecast answers newest first. */
export async function newestEntries(
  api: MimecastApi,
  window: AuditWindow,
  call: CallContext,
): Promise<Result<{ readonly entries: readonly AuditEntry[]; readonly complete: boolean }, ConnectorFailure>> {
  const found = await api.all({ path: PATH.auditEvents, data: question(window), call }, NEWEST, 1);
  if (!found.ok) return found;
  const entries = found.value.rows.map(readAuditEntry).filter((entry) => entry !== null);
  return ok({ entries, complete: found.value.complete && entries.length === found.value.rows.length });
}

/** All events of a window, all pages. */
export async function readAudit(
  api: MimecastApi,
  window: AuditWindow,
  call: CallContext,
): Promise<Result<AuditRows, ConnectorFailure>> {
  const found = await api.all({ path: PATH.auditEvents, data: question(window), call }, PAGE_SIZE, MAX_PAGES);
  if (!found.ok) return found;
  const readings = found.value.rows.map(readAuditRow);
  return ok({
    events: readings.flatMap((reading) => (reading.outcome === 'event' ? [reading.event] : [])),
    unreadable: readings.flatMap((reading) => (reading.outcome === 'unreadable' ? [reading.why] : [])),
    complete: found.value.complete,
  });
}

/** The password changes of one account, oldest first. */
export async function passwordChanges(
  api: MimecastApi,
  login: string,
  since: Date,
  { to, call }: { to: Date; call: CallContext },
): Promise<Result<AuditRows, ConnectorFailure>> {
  const earliest = to.getTime() - LOOK_BACK_MS;
  // `since` may lie ahead of this machine's clock; Mimecast refuses a window that ends before it begins.
  const from = new Date(Math.min(Math.max(since.getTime(), earliest), to.getTime()));
  const found = await readAudit(api, { from, to, categories: [PASSWORD_CATEGORY], query: login }, call);
  if (!found.ok) return found;
  const events = found.value.events
    .filter((event) => event.kind === 'password_reset' && event.login === login.toLowerCase())
    .sort((left, right) => left.occurredAt.getTime() - right.occurredAt.getTime());
  return ok({ ...found.value, events });
}
