import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { SlackApi } from './api.js';

const person = z.looseObject({
  user: z
    .looseObject({ id: z.string().min(1), name: z.string().catch(''), email: z.string().catch('') })
    .nullish()
    .catch(null),
});

const text = z.string().nullable().catch(null);

const row = z.looseObject({
  id: z.string().min(1),
  date_create: z.number().int().min(0).max(8_640_000_000_000),
  action: z.string().min(1),
  actor: person.catch({ user: null }),
  entity: person.catch({ user: null }),
  context: z
    .looseObject({ ua: text, ip_address: text, session_id: z.union([z.string(), z.number()]).nullish().catch(null) })
    .catch({ ua: null, ip_address: null, session_id: null }),
});

export interface AuditPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** A row of the audit logs. What Slack does not tell is `null`. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly actor: AuditPerson | null;
  readonly entity: AuditPerson | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly sessionId: string | null;
}

export interface AuditRows {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** How many rows could not be read. */
  readonly unreadable: number;
  /** False when the pages were cut. */
  readonly complete: boolean;
}

const answerBody = z.looseObject({
  entries: z.array(z.unknown()),
  response_metadata: z.looseObject({ next_cursor: z.string().catch('') }).nullish(),
});

const full = (value: string | null): string | null => (value === null || value.trim() === '' ? null : value.trim());

function shown(read: z.output<typeof row>): AuditEntry {
  const { session_id: session } = read.context;
  return {
    id: read.id,
    at: new Date(read.date_create * 1000),
    action: read.action,
    actor: read.actor.user ?? null,
    entity: read.entity.user ?? null,
    ip: full(read.context.ip_address),
    userAgent: full(read.context.ua),
    sessionId: session === null || session === undefined ? null : String(session),
  };
}

export interface AuditQuery {
  readonly actions: readonly string[];
  /** The person it happened to. */
  readonly entity?: string;
  /** Inclusive; Slack keeps whole seconds. */
  readonly from?: Date;
  readonly to?: Date;
}

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));
const PAGE = 500;

/** Rows of the audit logs, newest first, at most `pages` of 500. Needs Enterprise and `auditlogs:read`. */
export async function readAudit(
  api: SlackApi,
  query: AuditQuery,
  pages: number,
  call: CallContext,
): Promise<Result<AuditRows, ConnectorFailure>> {
  const args: Record<string, string> = { action: query.actions.join(','), limit: String(PAGE) };
  if (query.entity !== undefined) args['entity'] = query.entity;
  if (query.from !== undefined) args['oldest'] = seconds(query.from);
  if (query.to !== undefined) args['latest'] = seconds(query.to);
  const entries: AuditEntry[] = [];
  let unreadable = 0;
  for (let page = 0; page < pages; page += 1) {
    const answer = await api.audit(args, call);
    if (!answer.ok) return answer;
    const read = answerBody.safeParse(answer.value.body);
    if (!read.success)
      return err({ kind: 'transient', message: 'Slack answered without audit rows; it is safe to ask again.' });
    for (const raw of read.data.entries) {
      const one = row.safeParse(raw);
      if (one.success) entries.push(shown(one.data));
      else unreadable += 1;
    }
    const next = read.data.response_metadata?.next_cursor ?? '';
    if (next === '') return ok({ entries, unreadable, complete: true });
    args['cursor'] = next;
  }
  return ok({ entries, unreadable, complete: false });
}
