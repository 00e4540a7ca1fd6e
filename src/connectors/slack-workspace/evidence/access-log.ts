import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CallContext, EvidenceItem } from '../../../ports/connector.js';
import type { Pages } from '../../http/pages.js';
import type { Answer } from '../../kit/action.js';
import { mapped } from '../../kit/answers.js';
import { filled, joined } from '../../kit/evidence.js';
import { readList } from '../api.js';
import { METHOD } from '../permissions.js';
import type { Reader } from '../reader.js';

/** What Slack leaves empty is unknown. */
const text = z
  .string()
  .transform((value) => (value.trim() === '' ? null : value))
  .nullable()
  .catch(null);
const instant = z.number().int().min(0).max(8_640_000_000_000);
export const login = z.object({
  user_id: z.string(),
  date_first: instant,
  date_last: instant,
  count: z.number().int().catch(1),
  ip: text,
  user_agent: text,
  country: text,
  region: text,
});
export type Login = z.output<typeof login>;

/** The person's rows of the access log. Slack cannot filter by person, so pages are read and sifted. */
export function readAccessLog(
  { api, settings }: Reader,
  { userId, teamId }: { readonly userId: string; readonly teamId: string },
  call: CallContext,
): Answer<Pages<Login>> {
  const listing = {
    key: 'logins',
    item: login,
    what: 'an access log',
    mostPages: settings.access_log_pages,
    size: 1000,
  };
  const read = readList(listing, (page) => api.web(METHOD.accessLog, { team_id: teamId, ...page }, call));
  return mapped(read, (rows) => ({ ...rows, items: rows.items.filter(({ user_id }) => user_id === userId) }));
}

export const placeOf = ({ country, region }: Pick<Login, 'country' | 'region'>): string =>
  country === null ? '' : joined([country, region]);

/** A row stands for many sign-ins; its first and its last are known to the second. */
export function signInsOf(row: Login): readonly EvidenceItem[] {
  const { ip, user_agent: device, date_first: first, date_last: last, count } = row;
  const id = createHash('sha256')
    .update(`${ip ?? ''} ${device ?? ''} ${first}`)
    .digest('hex')
    .slice(0, 16);
  const item = (when: 'first' | 'last', at: number): EvidenceItem => ({
    id: `${id}-${when}`,
    title: first === last ? 'Sign-in' : `Sign-in (${when} of ${count} from this address and client)`,
    at: new Date(at * 1000),
    ...filled({ ip, place: placeOf(row), device }),
    succeeded: true,
  });
  return first === last ? [item('first', first)] : [item('last', last), item('first', first)];
}
