import type { JsonObject } from '../platform/canonical.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Entry } from './entry.js';

/** One row as stored, with everything in which a change could hide. */
export interface StoredEntry {
  readonly entry: Entry;
  /** The exact text of the `detail` column. */
  readonly detailText: string;
  /** The newest entry that the head knew when this row was read; `null` when the incident has no head. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
}

type EntryRow = Row<
  'record_entries',
  | 'workspace_id'
  | 'incident_id'
  | 'seq'
  | 'actor_kind'
  | 'actor_id'
  | 'actor_name'
  | 'action'
  | 'why'
  | 'from_surface'
  | 'from_channel'
  | 'from_ip'
  | 'correlation_id'
  | 'prev_hash'
  | 'hash'
> & {
  /** With the microseconds, which a Date lacks. */
  readonly at: string;
  /** Its exact text. */
  readonly detail: string;
  readonly head_seq: number | null;
  readonly head_hash: string | null;
};

const COLUMNS = `e.workspace_id, e.incident_id, e.seq, e.actor_kind, e.actor_id, e.actor_name, e.action, e.why,
  e.from_surface, e.from_channel, e.from_ip, e.correlation_id, e.prev_hash, e.hash, e.detail::text AS detail,
  to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, h.seq AS head_seq, h.hash AS head_hash`;
const FROM = `record_entries e left join record_heads h
  on h.workspace_id = e.workspace_id and h.incident_id = e.incident_id`;
const PAGE = 500;

export interface Cursor {
  readonly workspaceId: string;
  readonly incidentId: string;
  readonly seq: number;
}

/** All entries by workspace, incident and seq, a page at a time: memory stays bounded for a record of any size. */
export async function* streamEntries(db: Queryable, scope: { workspaceId?: string }): AsyncGenerator<StoredEntry> {
  let after: Cursor = { workspaceId: scope.workspaceId ?? '', incidentId: '', seq: 0 };
  for (;;) {
    const page = await db.query<EntryRow>(
      `select ${COLUMNS} from ${FROM}
       where (e.workspace_id, e.incident_id, e.seq) > ($1, $2, $3) and ($4::text is null or e.workspace_id = $4)
       order by e.workspace_id, e.incident_id, e.seq limit ${PAGE}`,
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
  const found = await db.query<EntryRow>(
    `select ${COLUMNS} from ${FROM} where e.workspace_id = $1 and e.incident_id = $2 order by e.seq desc limit $3`,
    [where.workspaceId, where.incidentId, where.limit],
  );
  return found.rows.map((row) => fromRow(row).entry).reverse();
}

function fromRow(row: EntryRow): StoredEntry {
  const entry: Entry = {
    workspace_id: row.workspace_id,
    incident_id: row.incident_id,
    seq: row.seq,
    // With milliseconds: anything finer was not written here and stays visible.
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

/** A detail that is not an object was not written here; the comparison of its text reports it. */
function readDetail(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  return isJsonObject(parsed) ? parsed : {};
}

/** For the result of JSON.parse. Not by zod: it drops a key named `__proto__`, and the hash covers every key. */
function isJsonObject(parsed: unknown): parsed is JsonObject {
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
}
