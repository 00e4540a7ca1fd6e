import { z } from 'zod';
import { ok } from '../../../platform/result.js';
import type { CallContext, EvidenceItem } from '../../../ports/connector.js';
import { readPages } from '../../http/pages.js';
import { readRows } from '../../http/rows.js';
import type { Answer } from '../../kit/action.js';
import type { Section } from '../../kit/evidence.js';
import { shaped, type SlackApi } from '../api.js';
import { METHOD } from '../permissions.js';

const text = z.string().nullable().catch(null);
export const log = z
  .object({
    date: z.coerce.number().int().min(0).max(8_640_000_000_000),
    change_type: z.string(),
    app_id: text,
    app_type: text,
    service_id: z.union([z.string(), z.number()]).transform(String).nullable().catch(null),
    service_type: text,
    scope: text,
  })
  .transform((row) => ({ ...row, id: row.app_id ?? row.service_id ?? '' }));
type Log = z.output<typeof log>;

const page = z.object({
  logs: z.array(z.unknown()),
  paging: z.object({ pages: z.number().int().catch(1) }).nullish(),
});

const GONE = new Set(['removed', 'disabled']);
const PAGES = 5;

const itemOf = ({ id, app_type, service_type, date, scope }: Log): EvidenceItem => ({
  id,
  title: `App ${app_type ?? service_type ?? id}`,
  at: new Date(date * 1000),
  ...(scope === null || scope === '' ? {} : { detail: `scopes ${scope}` }),
});

/**
 * The apps that the person added and nobody has removed since, from the integration log, newest first. Needs `admin`.
 */
export async function readApps(api: SlackApi, user: string, call: CallContext): Answer<Section> {
  const found = await readPages({ mostPages: PAGES, size: null }, async (next) => {
    const number = Number(next ?? '1');
    const asked = api.web(METHOD.integrationLog, { user, count: '200', page: String(number) }, call);
    const answer = await shaped(asked, page, 'an integration log');
    if (!answer.ok) return answer;
    const { logs, paging } = answer.value;
    return ok({ ...readRows(logs, log), next: number < (paging?.pages ?? 1) ? String(number + 1) : null });
  });
  if (!found.ok) return found;
  const newestFirst = found.value.items.filter(({ id }) => id !== '').toSorted((one, other) => other.date - one.date);
  const newest = newestFirst.filter((row, index) => newestFirst.findIndex(({ id }) => id === row.id) === index);
  const there = newest.filter(({ change_type }) => !GONE.has(change_type));
  return ok({ items: there.map(itemOf), complete: !found.value.cut });
}
