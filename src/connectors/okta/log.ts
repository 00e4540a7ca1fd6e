import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { OktaApi } from './api.js';
import { time } from './user.js';

const text = z
  .string()
  .nullable()
  .catch(null)
  .transform((value) => (value === '' ? null : value));

const party = z.object({ id: text, type: text, alternateId: text, displayName: text });

const place = z.object({ city: text, state: text, country: text });
const client = z.object({
  ipAddress: text,
  device: text,
  userAgent: z.object({ rawUserAgent: text, os: text, browser: text }).nullable().catch(null),
  geographicalContext: place.nullable().catch(null),
});

/** One event of Okta's system log, only the keys that are used. */
export const logRow = z.object({
  uuid: z.string().min(1),
  published: time,
  eventType: z.string(),
  displayMessage: text,
  actor: party.nullable().catch(null),
  client: client.nullable().catch(null),
  outcome: z.object({ result: text, reason: text }).nullable().catch(null),
  target: z.array(party).nullable().catch(null),
});
export type LogRow = z.output<typeof logRow>;

/** Rows are read leniently: one that cannot be read must not hide the others, but it is counted. */
export const anyRow = z.unknown();

/** Okta leaves `alternateId` "unknown" where there is none. */
export function partyName(who: LogRow['actor']): string | null {
  const { alternateId = null, displayName = null, id = null } = who ?? {};
  return [alternateId, displayName, id].find((name) => name !== null && name.toLowerCase() !== 'unknown') ?? null;
}

export const succeeded = ({ outcome }: LogRow): boolean => {
  const result = outcome?.result ?? 'SUCCESS';
  return result === 'SUCCESS' || result === 'ALLOW';
};

export const eventIs = (types: readonly string[]): string => types.map((type) => `eventType eq "${type}"`).join(' or ');

export interface LogQuery {
  readonly filter: string;
  readonly since: Date;
  /** At most 1000; a hundred rows stay well under the client's 1 MiB. */
  readonly limit: number;
}

export interface LogRows {
  /** Newest first. */
  readonly rows: readonly LogRow[];
  readonly complete: boolean;
  readonly unreadable: number;
}

/** The newest rows, at most `limit`. */
export async function newestRows(
  api: OktaApi,
  { filter, since, limit }: LogQuery,
  call: CallContext,
): Promise<Result<LogRows, ConnectorFailure>> {
  const query = new URLSearchParams({
    filter,
    since: since.toISOString(),
    sortOrder: 'DESCENDING',
    limit: String(limit),
  });
  const page = await api.page(`/api/v1/logs?${query.toString()}`, anyRow, call);
  if (!page.ok) return page;
  const read = page.value.rows.map((row) => logRow.safeParse(row));
  const rows = read.flatMap((row) => (row.success && row.data.published !== null ? [row.data] : []));
  const newestFirst = rows.toSorted((a, b) => (b.published?.getTime() ?? 0) - (a.published?.getTime() ?? 0));
  return ok({ rows: newestFirst, complete: read.length < limit, unreadable: read.length - rows.length });
}
