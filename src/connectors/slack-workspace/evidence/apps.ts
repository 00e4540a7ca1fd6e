import { z } from 'zod';
import { err, ok, type Result } from '../../../result.js';
import type { CallContext, ConnectorFailure, EvidenceItem } from '../../port.js';
import type { SlackApi } from '../api.js';
import { METHOD } from '../permissions.js';

const text = z.string().nullable().catch(null);
const log = z.looseObject({
  date: z.coerce.number().int().min(0).max(8_640_000_000_000),
  change_type: z.string(),
  app_id: text,
  app_type: text,
  service_id: z.union([z.string(), z.number()]).nullish().catch(null),
  service_type: text,
  scope: text,
});
type Log = z.output<typeof log>;

const page = z.looseObject({
  logs: z.array(log.nullable().catch(null)),
  paging: z.looseObject({ pages: z.number().int().catch(1) }).nullish(),
});

const GONE = new Set(['removed', 'disabled']);
const PAGES = 5;

const idOf = (row: Log): string => {
  const service = row.service_id;
  return row.app_id ?? (service === null || service === undefined ? '' : String(service));
};

function itemOf(row: Log): EvidenceItem {
  const scopes = row.scope ?? '';
  return {
    id: idOf(row),
    title: `App ${row.app_type ?? row.service_type ?? idOf(row)}`,
    at: new Date(row.date * 1000),
    ...(scopes === '' ? {} : { detail: `scopes ${scopes}` }),
  };
}

export interface Apps {
  readonly items: readonly EvidenceItem[];
  readonly complete: boolean;
}

/** The apps that the person added and nobody removed since, from the integration log, newest first. Needs `admin`. */
export async function readApps(
  api: SlackApi,
  userId: string,
  call: CallContext,
): Promise<Result<Apps, ConnectorFailure>> {
  const newest = new Map<string, Log>();
  let complete = false;
  for (let number = 1; number <= PAGES && !complete; number += 1) {
    const args = { user: userId, count: '200', page: String(number) };
    const answer = await api.web(METHOD.integrationLog, args, { write: false, call });
    if (!answer.ok) return answer;
    const read = page.safeParse(answer.value.body);
    if (!read.success)
      return err({ kind: 'transient', message: 'Slack answered without an integration log; it is safe to ask again.' });
    for (const row of read.data.logs) {
      if (row === null || idOf(row) === '') continue;
      const known = newest.get(idOf(row));
      if (known === undefined || known.date < row.date) newest.set(idOf(row), row);
    }
    complete = number >= (read.data.paging?.pages ?? 1);
  }
  const items = [...newest.values()]
    .filter(({ change_type }) => !GONE.has(change_type))
    .sort((one, other) => other.date - one.date)
    .map(itemOf);
  return ok({ items, complete });
}
