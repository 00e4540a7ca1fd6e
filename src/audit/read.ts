import type { JsonObject } from '../canonical.js';
import type { Queryable } from '../store/database.js';
import type { Entry } from './entry.js';

/** One row as the database holds it, with everything that a change could hide in. */
export interface StoredEntry {
  readonly entry: Entry;
  /** The exact text of the `detail` column. */
  readonly detailText: string;
  /** The newest entry that the head knew when this row was read; `null` when the incident has no head. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

interface Row {
  workspace_id: string;
  incident_id: string;
  seq: number;
  at: string;
  actor_kind: 'person' | 'system';
  actor_id: string;
  actor_name: string | null;
  action: string;
  why: string | null;
  from_surface: string | null;
  from_channel: string | null;
  from_ip: string | null;
  correlation_id: string | null;
  detail: string;
  prev_hash: string;
  hash: string;
  head_seq: number | null;
  head_hash: string | null;
}

const COLUMNS = `e.workspace_id, e.incident_id, e.seq, e.actor_kind, e.actor_id, e.actor_name, e.action, e.why,
  e.from_surface, e.from_channel, e.from_ip, e.correlation_id, e.prev_hash, e.hash, e.detail::text AS detail,
  to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, h.seq AS head_seq, h.hash AS head_hash`;
const FROM = `record_entries e LEFT JOIN record_heads h
  ON h.workspace_id = e.workspace_id AND h.incident_id = e.incident_id`;
const PAGE = 500;

export interface Cursor {
  readonly workspaceId: string;
  readonly incidentId: string;
  readonly seq: number;
}

/** All entries by workspace, incident and seq, a page at a time: memory stays bounded whatever the size of the record. */
export async function* streamEntries(db: Queryable, scope: { workspaceId?: string }): AsyncGenerator<StoredEntry> {
  let after: Cursor = { workspaceId: scope.workspaceId ?? '', incidentId: '', seq: 0 };
  for (;;) {
    const page = await db.query<Row>(
      `SELECT ${COLUMNS} FROM ${FROM}
       WHERE (e.workspace_id, e.incident_id, e.seq) > ($1, $2, $3) AND ($4::text IS NULL OR e.workspace_id = $4)
       ORDER BY e.workspace_id, e.incident_id, e.seq LIMIT ${PAGE}`,
      [after.workspaceId, after.incidentId, after.seq, scope.workspaceId ?? null],
    );
    const stored = page.rows.map(fromRow);
    yield* stored;
    const last = stored.at(-1)?.entry;
    if (last === undefined || stored.length < PAGE) return;
    after = { workspaceId: last.workspace_id, incidentId: last.incident_id, seq: last.seq };
  }
}

/** One incident's entries, oldest first, at most `limit` (the newest ones). */
export async function readEntries(
  db: Queryable,
  where: { workspaceId: string; incidentId: string; limit: number },
): Promise<readonly Entry[]> {
  const found = await db.query<Row>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE e.workspace_id = $1 AND e.incident_id = $2 ORDER BY e.seq DESC LIMIT $3`,
    [where.workspaceId, where.incidentId, where.limit],
  );
  return found.rows.map((row) => fromRow(row).entry).reverse();
}

function fromRow(row: Row): StoredEntry {
  const entry: Entry = {
    workspace_id: row.workspace_id,
    incident_id: row.incident_id,
    seq: row.seq,
    // Written with milliseconds: anything finer was not written here and stays visible.
    at: row.at.replace(/000Z$/, 'Z'),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    why: row.why,
    from: { surface: row.from_surface, channel: row.from_channel, ip: row.from_ip },
    correlation_id: row.correlation_id,
    detail: readDetail(row.detail),
    prev_hash: row.prev_hash,
    hash: row.hash,
  };
  const head = row.head_seq === null || row.head_hash === null ? null : { seq: row.head_seq, hash: row.head_hash };
  return { entry, detailText: row.detail, head };
}

/** A detail that is no object was not written here; the comparison of its text reports it. */
function readDetail(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  return isJsonObject(parsed) ? parsed : {};
}

/** For what JSON.parse gives. Not by zod: it drops a key named `__proto__`, and the hash covers every key. */
function isJsonObject(parsed: unknown): parsed is JsonObject {
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
}
