import { createHash } from 'node:crypto';
import { z } from 'zod';
import { err, ok, type Result } from '../../../result.js';
import type { CallContext, ConnectorFailure, EvidenceItem } from '../../port.js';
import { METHOD } from '../permissions.js';
import type { Reader } from '../reader.js';

const text = z.string().nullable().catch(null);
const instant = z.number().int().min(0).max(8_640_000_000_000);
const login = z.looseObject({
  user_id: z.string(),
  date_first: instant,
  date_last: instant,
  count: z.number().int().catch(1),
  ip: text,
  user_agent: text,
  country: text,
  region: text,
});
type Login = z.output<typeof login>;

const page = z.looseObject({
  logins: z.array(login.nullable().catch(null)),
  response_metadata: z.looseObject({ next_cursor: z.string().catch('') }).nullish(),
});

export interface AccessLog {
  readonly rows: readonly Login[];
  readonly complete: boolean;
}

/** The person's rows of the access log. Slack cannot be asked for one person, so pages are read and sifted. */
export async function readAccessLog(
  { api, settings }: Reader,
  { userId, teamId }: { readonly userId: string; readonly teamId: string },
  call: CallContext,
): Promise<Result<AccessLog, ConnectorFailure>> {
  const rows: Login[] = [];
  const args: Record<string, string> = { limit: '1000', team_id: teamId };
  for (let read = 0; read < settings.access_log_pages; read += 1) {
    const answer = await api.web(METHOD.accessLog, args, { write: false, call });
    if (!answer.ok) return answer;
    const parsed = page.safeParse(answer.value.body);
    if (!parsed.success)
      return err({ kind: 'transient', message: 'Slack answered without an access log; it is safe to ask again.' });
    for (const row of parsed.data.logins) if (row?.user_id === userId) rows.push(row);
    const next = parsed.data.response_metadata?.next_cursor ?? '';
    if (next === '') return ok({ rows, complete: true });
    args['cursor'] = next;
  }
  return ok({ rows, complete: false });
}

const full = (value: string | null): value is string => value !== null && value.trim() !== '';

export const placeOf = ({ country, region }: Pick<Login, 'country' | 'region'>): string | undefined =>
  full(country) ? [country, ...(full(region) ? [region] : [])].join(', ') : undefined;

/** A row stands for many sign-ins; its first and its last are known to the second. */
export function signInsOf(row: Login): readonly EvidenceItem[] {
  const { ip, user_agent: agent, date_first: first, date_last: last, count } = row;
  const place = placeOf(row);
  const id = createHash('sha256')
    .update(`${ip ?? ''} ${agent ?? ''} ${first}`)
    .digest('hex')
    .slice(0, 16);
  const item = (when: 'first' | 'last', at: number): EvidenceItem => ({
    id: `${id}-${when}`,
    title: `Sign-in (${when} of ${count} from this address and client)`,
    at: new Date(at * 1000),
    ...(full(ip) ? { ip } : {}),
    ...(place === undefined ? {} : { place }),
    ...(full(agent) ? { device: agent } : {}),
    succeeded: true,
  });
  return first === last ? [{ ...item('first', first), title: 'Sign-in' }] : [item('last', last), item('first', first)];
}
