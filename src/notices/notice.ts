import type { SystemEvent } from '../ports/connector.js';
import type { Queryable, Row } from '../ports/database.js';

export interface Notice extends Row<
  'notices',
  | 'id'
  | 'system'
  | 'login'
  | 'actor'
  | 'ip'
  | 'occurred_at'
  | 'person_id'
  | 'channel'
  | 'message_ts'
  | 'mailed_to'
  | 'answer'
  | 'proven_with'
  | 'proven_tag'
  | 'word'
> {
  readonly kind: SystemEvent['kind'];
}

const COLUMNS =
  'id, system, kind, login, actor, ip, occurred_at, person_id, channel, message_ts, mailed_to, answer, proven_with, proven_tag, word';

export async function noticeById(tx: Queryable, workspaceId: string, id: string): Promise<Notice | null> {
  const { rows } = await tx.query<Notice>(`select ${COLUMNS} from notices where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Locks the notice until the transaction ends: of two simultaneous answers, one comes first. */
export async function lockNotice(tx: Queryable, workspaceId: string, id: string): Promise<Notice | null> {
  const { rows } = await tx.query<Notice>(
    `select ${COLUMNS} from notices where workspace_id = $1 and id = $2 for update`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}
