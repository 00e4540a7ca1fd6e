import type { SystemEvent } from '../connectors/port.js';
import type { Queryable } from '../store/database.js';

export interface Notice {
  readonly id: string;
  readonly system: string;
  readonly kind: SystemEvent['kind'];
  readonly login: string;
  readonly actor: string | null;
  readonly ip: string | null;
  readonly occurred_at: Date;
  readonly person_id: string | null;
  readonly channel: string | null;
  readonly message_ts: string | null;
  readonly mailed_to: string | null;
  readonly answer: 'not_me' | 'me' | null;
}

const COLUMNS = 'id, system, kind, login, actor, ip, occurred_at, person_id, channel, message_ts, mailed_to, answer';

export async function noticeById(tx: Queryable, workspaceId: string, id: string): Promise<Notice | null> {
  const { rows } = await tx.query<Notice>(`select ${COLUMNS} from notices where workspace_id = $1 and id = $2`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Locks the notice until the transaction ends: of two answers at once, one comes first. */
export async function lockNotice(tx: Queryable, workspaceId: string, id: string): Promise<Notice | null> {
  const { rows } = await tx.query<Notice>(
    `select ${COLUMNS} from notices where workspace_id = $1 and id = $2 for update`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}
