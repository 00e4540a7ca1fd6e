import { requestWork } from '../outbox/outbox.js';
import { REPORT_KINDS, type ReportKind, type SystemEvent } from '../ports/connector.js';
import type { Within } from '../incidents/posts.js';
import { isWorthTelling, opensFrom } from './decide-report.js';

export type ReportEvent = SystemEvent & { readonly kind: ReportKind };

export const isReportKind = (kind: SystemEvent['kind']): kind is ReportKind =>
  (REPORT_KINDS as readonly string[]).includes(kind);

/** So long after the first, what follows of the same kind about the same account is only counted. */
const TOGETHER_MS = 3_600_000;

interface Kept {
  readonly system: string;
  readonly event: ReportEvent;
  /** It is about what Notme itself did. */
  readonly ours: boolean;
}

/**
 * The report that counts this one: the first within the hour. What an incident has already counts all that follows; what
 * only waits to be seen counts no fresh word when it is an old one. Once its incident was closed, somebody said "not me"
 * or an approver that nothing is wrong, whatever happened after that is news.
 */
async function firstOf({ core, tx }: Within, { system, event, ours }: Kept): Promise<string | null> {
  const now = core.runtime.now();
  const { rows } = await tx.query<{ id: string }>(
    `select n.id from notices n left join incidents i on i.workspace_id = n.workspace_id and i.id = n.incident_id
     where n.workspace_id = $1 and n.system = $2 and n.login = $3 and n.kind = $4 and n.is_ours = $5
       and n.counted_with = n.id and n.noticed_at > $6
       and (n.taken in ('opened', 'joined') or (n.occurred_at >= $8) = ($7::timestamptz >= $8))
       and case when i.id is not null then i.status = 'open' or i.closed_at >= $7
         when n.answer = 'not_me' then n.answered_at >= $7
         else n.settled_at is null or n.settled_at >= $7 end
     order by n.noticed_at desc limit 1`,
    [
      core.workspaceId,
      system,
      event.login.toLowerCase(),
      event.kind,
      ours,
      new Date(now.getTime() - TOGETHER_MS),
      event.occurredAt,
      opensFrom(now),
    ],
  );
  return rows[0]?.id ?? null;
}

/**
 * Stores a report made elsewhere, in the caller's transaction, and requests that somebody looks what becomes of it. A
 * hundred of one kind about one account are looked at together.
 * @returns whether that was requested
 */
export async function keepReport(within: Within, kept: Kept, correlationId: string): Promise<boolean> {
  const { core, tx } = within;
  const { system, event, ours } = kept;
  const now = core.runtime.now();
  const id = core.runtime.newId('ntc');
  const first = (await firstOf(within, kept)) ?? id;
  const { rowCount } = await tx.query(
    `insert into notices (workspace_id, id, system, event_id, kind, login, actor, ip, occurred_at, noticed_at, is_ours,
       asked, level, word, counted_with)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, $12, $13, $14)
     on conflict (workspace_id, system, event_id) do nothing`,
    [
      core.workspaceId,
      id,
      system,
      event.eventId,
      event.kind,
      event.login.toLowerCase(),
      event.actor,
      event.ip,
      event.occurredAt,
      now,
      ours,
      event.level ?? null,
      event.word ?? null,
      first,
    ],
  );
  // That an account is at risk after we said so is no news, not even in the incident where we said it.
  const isEcho = ours && event.kind === 'at_risk';
  if (rowCount === 0 || isEcho || !isWorthTelling(now.getTime() - event.occurredAt.getTime())) return false;
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'take_report', ref: first, correlationId, now });
  return true;
}
