import { REPORT_KINDS, type ReportKind, RISK_LEVELS, type RiskLevel, type SystemEvent } from '../ports/connector.js';
import type { Queryable, Row } from '../ports/database.js';

/** Reports of one kind about one account that were made at an identity system within an hour. */
export interface ReportElsewhere extends Row<
  'notices',
  'id' | 'system' | 'event_id' | 'login' | 'actor' | 'word' | 'is_ours'
> {
  readonly kind: ReportKind;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
  /** The highest that the system named. */
  readonly level: RiskLevel | null;
  /** Where the newest came from. */
  readonly ip: string | null;
}

const MOST = 20;

/** Those that an incident holds, the earliest first. */
export async function reportsElsewhere(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
): Promise<readonly ReportElsewhere[]> {
  const { rows } = await tx.query<
    Omit<ReportElsewhere, 'level' | 'kind'> & { readonly kind: SystemEvent['kind']; readonly rank: number | null }
  >(
    `select n.id, n.system, n.event_id, n.kind, n.login, n.actor, n.word, n.is_ours, count(*)::int as count,
       coalesce(min(m.occurred_at), n.occurred_at) as first, coalesce(max(m.occurred_at), n.occurred_at) as last,
       max(array_position(array['low', 'medium', 'high'], m.level))::int as rank,
       (array_agg(m.ip order by m.occurred_at desc))[1] as ip
     from notices n join notices m on m.workspace_id = n.workspace_id and m.counted_with = n.id
     where n.workspace_id = $1 and n.incident_id = $2 and n.taken is not null
     group by n.id, n.system, n.event_id, n.kind, n.login, n.actor, n.word, n.is_ours, n.occurred_at
     order by min(m.occurred_at) limit ${MOST}`,
    [workspaceId, incidentId],
  );
  return rows.flatMap(({ rank, kind: stored, ...row }) => {
    const kind = REPORT_KINDS.find((one) => one === stored);
    const level = rank === null ? null : (RISK_LEVELS[rank - 1] ?? null);
    return kind === undefined ? [] : [{ ...row, kind, level }];
  });
}
