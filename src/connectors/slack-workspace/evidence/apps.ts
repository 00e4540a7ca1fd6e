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
/** Seconds since 1970, as a number or a text; `null`: it cannot be read. */
const instant = z
  .union([z.number(), z.string().min(1).transform(Number)])
  .pipe(z.number().int().min(0).max(8_640_000_000_000))
  .nullable()
  .catch(null);
const appId = z.union([z.string(), z.number()]).transform(String).nullable().catch(null);
export const log = z
  .object({
    date: instant,
    change_type: text,
    app_id: appId,
    app_type: text,
    service_id: appId,
    service_type: text,
    scope: text,
  })
  .transform((row) => ({ ...row, id: row.app_id || row.service_id || '' }))
  // Of which app it tells is what a row is about.
  .refine(({ id }) => id !== '');
type Log = z.output<typeof log>;

const page = z.object({ logs: z.array(z.unknown()), paging: z.unknown().optional() });
const paging = z.object({ pages: z.number().int().nullish() }).nullish();

const GONE = new Set(['removed', 'disabled']);
const PAGES = 5;

const itemOf = ({ id, app_type, service_type, date, scope }: Log): EvidenceItem => ({
  id,
  title: `App ${app_type ?? service_type ?? id}`,
  at: date === null ? null : new Date(date * 1000),
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
    const { logs, paging: told } = answer.value;
    const rows = readRows(logs, log);
    const more = paging.safeParse(told);
    // How many pages there are cannot be read: there may be more.
    if (!more.success) return ok({ ...rows, unreadable: rows.unreadable + 1, next: null });
    return ok({ ...rows, next: number < (more.data?.pages ?? 1) ? String(number + 1) : null });
  });
  if (!found.ok) return found;
  // Whatever has no time says nothing against a row that has one.
  const newestFirst = found.value.items.toSorted((one, other) => (other.date ?? -1) - (one.date ?? -1));
  const newest = newestFirst.filter((row, index) => newestFirst.findIndex(({ id }) => id === row.id) === index);
  const there = newest.filter(({ change_type }) => change_type === null || !GONE.has(change_type));
  const isTold = newestFirst.every(({ date, change_type }) => date !== null && change_type !== null);
  return ok({ items: there.map(itemOf), complete: found.value.complete && isTold });
}
