import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { SKEW_MS, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Listed } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import type { CallContext } from '../../ports/connector.js';
import { quoted, type OktaApi } from './api.js';
import { text, time } from './user.js';

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
  eventType: z.string().catch(''),
  displayMessage: text,
  actor: party.nullable().catch(null),
  client: client.nullable().catch(null),
  outcome: z.object({ result: text, reason: text }).nullable().catch(null),
  target: z.array(party).nullable().catch(null),
});
export type LogRow = z.output<typeof logRow>;

/** Okta leaves `alternateId` "unknown" where there is none. */
export function partyName(who: LogRow['actor']): string | null {
  const names = [who?.alternateId, who?.displayName, who?.id];
  return names.find((name) => name && name.toLowerCase() !== 'unknown') ?? null;
}

/** Okta's results of an event; `null`: it does not say, or says something new. */
export function succeeded({ outcome }: LogRow): boolean | null {
  switch (outcome?.result) {
    case 'SUCCESS':
    case 'ALLOW':
      return true;
    case 'FAILURE':
    case 'DENY':
    case 'SKIPPED':
    case 'CHALLENGE':
    case 'UNANSWERED':
    case 'DEFERRED':
    case 'SCHEDULED':
    case 'ABANDONED':
    case 'RATE_LIMIT':
      return false;
    default:
      return null;
  }
}

export const eventIs = (types: readonly string[]): string => types.map((type) => `eventType eq "${type}"`).join(' or ');

/** Events of these types in which the account is the target or the actor. */
export const eventsOf = (types: readonly string[], who: 'target' | 'actor', { account }: Target): string =>
  `(${eventIs(types)}) and ${who}.id eq ${quoted(account.accountId)}`;

export interface LogQuery {
  readonly filter: string;
  readonly since: Date;
  /** At most 1000. */
  readonly limit: number;
}

const timeOf = ({ published }: LogRow): number => published?.getTime() ?? 0;

/** The newest rows, newest first. An unreadable row hides no other, but the list is not complete then. */
export async function newestRows(
  api: OktaApi,
  { filter, since, limit }: LogQuery,
  call: CallContext,
): Answer<Listed<LogRow>> {
  const query = new URLSearchParams({
    filter,
    since: since.toISOString(),
    sortOrder: 'DESCENDING',
    limit: String(limit),
  });
  const page = await api.page(`/api/v1/logs?${query.toString()}`, z.unknown(), call);
  if (!page.ok) return page;
  const { items: raw, asked } = page.value;
  const rows = raw.flatMap((row) => logRow.safeParse(row).data ?? []);
  const complete = raw.length < (asked ?? limit) && rows.length === raw.length;
  return ok({ items: rows.toSorted((one, other) => timeOf(other) - timeOf(one)), complete });
}

/** What the log shows since the command was sent, newest first; `null` when it may not be read, or not all of it. */
export async function rowsSince(
  api: OktaApi,
  { filter, since }: Pick<LogQuery, 'filter' | 'since'>,
  call: CallContext,
): Answer<readonly LogRow[] | null> {
  const isWhole = ({ items, complete }: Listed<LogRow>): boolean =>
    complete && items.every(({ published, eventType }) => published !== null && eventType !== '');
  const from = new Date(since.getTime() - SKEW_MS);
  const rows = ifShown(await newestRows(api, { filter, since: from, limit: 50 }, call));
  return mapped(rows, (found) => (found !== null && isWhole(found) ? found.items : null));
}
