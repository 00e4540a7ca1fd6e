import { z } from 'zod';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext, SystemEvent } from '../../ports/connector.js';
import type { Pages } from '../http/pages.js';
import { SKEW_MS, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { MimecastApi } from './api.js';
import { auditEntry, formatAuditTime, readAuditRow, type AuditEntry, type Unreadable } from './audit-row.js';
import { PATH } from './permissions.js';

export const PASSWORD_CATEGORY = 'user_account_and_role_logs';

/** 500 rows a page are allowed; 200 of Mimecast's rows (about 700 bytes each) stay well under the client's 1 MiB. */
const PAGE_SIZE = 200;
const MOST_PAGES = 100;
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
  /** Rows that should have been events. */
  readonly unreadable: readonly Unreadable[];
  /** False when the window contained more rows than are read at once. */
  readonly complete: boolean;
}

/** The query of `get-audit-events`. Both ends are rounded outwards to whole seconds, which is what Mimecast accepts. */
const question = ({ from, to, categories, query }: AuditWindow): Readonly<Record<string, unknown>> => ({
  startDateTime: formatAuditTime(from),
  endDateTime: formatAuditTime(new Date(Math.ceil(to.getTime() / 1000) * 1000)),
  categories,
  ...(query === undefined ? {} : { query }),
});

/** All that Mimecast keeps, up to now; the end is a little after it by Mimecast's clock. */
function wholeLog(api: MimecastApi, runtime: Runtime): Pick<AuditWindow, 'from' | 'to'> {
  const to = api.vendorTime(runtime.now()).getTime() + SKEW_MS;
  return { from: new Date(to - LOOK_BACK_MS), to: new Date(to) };
}

/** The newest rows that mention the account, one page of them; `complete` is false when there are more. Mimecast answers newest first. */
export function newestEntries(
  api: MimecastApi,
  runtime: Runtime,
  categories: readonly string[],
  { account, call }: Target,
): Answer<Pages<AuditEntry>> {
  const data = question({ ...wholeLog(api, runtime), categories, query: account.accountId });
  return api.list({ path: PATH.auditEvents, data, call }, { item: auditEntry, size: NEWEST, mostPages: 1 });
}

/** All events of a window, all pages. */
export function readAudit(api: MimecastApi, window: AuditWindow, call: CallContext): Answer<AuditRows> {
  const request = { path: PATH.auditEvents, data: question(window), call };
  const row = z.unknown().transform(readAuditRow);
  return mapped(api.list(request, { item: row, size: PAGE_SIZE, mostPages: MOST_PAGES }), ({ items, complete }) => ({
    events: items.flatMap((reading) => (reading.outcome === 'event' ? [reading.event] : [])),
    unreadable: items.filter((reading) => reading.outcome === 'unreadable'),
    complete,
  }));
}

/** The password changes of one account as far as the log reaches back, oldest first. */
export function passwordChanges(
  api: MimecastApi,
  runtime: Runtime,
  { account: { accountId }, call }: Target,
): Answer<AuditRows> {
  const window = { ...wholeLog(api, runtime), categories: [PASSWORD_CATEGORY], query: accountId };
  return mapped(readAudit(api, window, call), (rows) => ({
    ...rows,
    events: rows.events
      .filter(({ kind, login }) => kind === 'password_reset' && login === accountId.toLowerCase())
      .sort((left, right) => left.occurredAt.getTime() - right.occurredAt.getTime()),
  }));
}
