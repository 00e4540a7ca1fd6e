import type { Queryable, Row } from '../ports/database.js';
import { MerkleTree } from './merkle.js';

/** The end of one incident's chain at the time of a checkpoint: a leaf of the tree over all incidents. */
export interface Leaf {
  readonly incidentId: string;
  readonly seq: number;
  readonly hash: string;
}

/** The tree's head: what a checkpoint says. */
export interface TreeHead {
  readonly workspaceId: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** What is hashed for a leaf. */
export const leafText = ({ incidentId, seq, hash }: Leaf): string => `${incidentId} ${seq} ${hash}`;

/** The log's name, in the first line of each checkpoint and in its signature. */
export const originOf = (workspaceId: string): string => `notme/${workspaceId}`;

/** The text that is signed. Source: c2sp.org/tlog-checkpoint, note text. */
export const checkpointText = ({ workspaceId, size, root }: TreeHead): string =>
  `${originOf(workspaceId)}\n${size}\n${root}\n`;

/** The roots over the first 0 … `leaves.length` leaves, for the requested sizes. */
export function rootsAt(leaves: readonly Leaf[], sizes: ReadonlySet<number>): ReadonlyMap<number, string> {
  const tree = new MerkleTree();
  const roots = new Map<number, string>();
  if (sizes.has(0)) roots.set(0, tree.root());
  for (const leaf of leaves) {
    tree.append(Buffer.from(leafText(leaf), 'utf8'));
    if (sizes.has(tree.size)) roots.set(tree.size, tree.root());
  }
  return roots;
}

export const rootOf = (leaves: readonly Leaf[]): string =>
  rootsAt(leaves, new Set([leaves.length])).get(leaves.length) ?? '';

/** The leaves as the database has them, in order. A removed one leaves a gap: nothing after it is reached. */
export async function readLeaves(db: Queryable, workspaceId: string): Promise<readonly Leaf[]> {
  const { rows } = await db.query<Row<'record_leaves', 'position' | 'incident_id' | 'seq' | 'hash'>>(
    'select position, incident_id, seq, hash from record_leaves where workspace_id = $1 order by position',
    [workspaceId],
  );
  const end = rows.findIndex(({ position }, index) => position !== index + 1);
  return (end < 0 ? rows : rows.slice(0, end)).map((row) => ({
    incidentId: row.incident_id,
    seq: row.seq,
    hash: row.hash,
  }));
}

/** The workspaces that have a record, or had one at a checkpoint. */
export async function recordedWorkspaces(db: Queryable): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select workspace_id as id from record_heads where seq > 0 union select workspace_id from record_entries
     union select workspace_id from record_leaves order by 1`,
  );
  return rows.map(({ id }) => id);
}

/** The record no longer fits an earlier checkpoint: nothing further may be signed. */
export class RecordChangedError extends Error {
  constructor(readonly what: string) {
    super(
      `The record does not fit its last checkpoint: ${what}. Nothing was signed. Run: notme audit verify --checkpoints FILE, with a file of checkpoints that was kept elsewhere.`,
    );
    this.name = 'RecordChangedError';
  }
}

/**
 * Adds the chains that grew since the last checkpoint as leaves, and returns the head over all of them. Every returned
 * head is stored, and each is a prefix of all later ones: this throws rather than sign a contradiction.
 * @throws RecordChangedError
 */
export async function takeCheckpoint(tx: Queryable, workspaceId: string, now: Date): Promise<TreeHead> {
  // One at a time: two would give the same positions to different leaves.
  await tx.query("select pg_advisory_xact_lock(hashtext('notme checkpoint'))");
  const leaves = await readLeaves(tx, workspaceId);
  await refuseChanged(tx, workspaceId, leaves);
  const { rows } = await tx.query<Row<'record_leaves', 'position' | 'incident_id' | 'seq' | 'hash'>>(
    `insert into record_leaves (workspace_id, position, incident_id, seq, hash)
     select h.workspace_id, $2 + row_number() over (order by h.incident_id), h.incident_id, h.seq, h.hash
     from record_heads h where h.workspace_id = $1 and h.seq > 0 and not exists (select 1 from record_leaves l
       where l.workspace_id = h.workspace_id and l.incident_id = h.incident_id and l.seq >= h.seq)
     returning position, incident_id, seq, hash`,
    [workspaceId, leaves.length],
  );
  const added = rows.toSorted((a, b) => a.position - b.position);
  const all = [...leaves, ...added.map((row) => ({ incidentId: row.incident_id, seq: row.seq, hash: row.hash }))];
  const head = { workspaceId, size: all.length, root: rootOf(all) };
  if (head.size === 0) return head;
  await tx.query(
    `insert into record_checkpoints (workspace_id, size, root, made_at) values ($1, $2, $3, $4)
     on conflict (workspace_id, size) do update set made_at = excluded.made_at`,
    [workspaceId, head.size, head.root, now],
  );
  return head;
}

async function refuseChanged(tx: Queryable, workspaceId: string, leaves: readonly Leaf[]): Promise<void> {
  const last = await tx.query<Row<'record_checkpoints', 'size' | 'root'>>(
    'select size, root from record_checkpoints where workspace_id = $1 order by size desc limit 1',
    [workspaceId],
  );
  const [known] = last.rows;
  const gap = await tx.query(
    'select 1 from record_leaves where workspace_id = $1 having count(*) <> coalesce(max(position), 0)',
    [workspaceId],
  );
  if (gap.rows.length > 0) throw new RecordChangedError('ends of chains that it was made of were removed');
  if (known && rootsAt(leaves, new Set([known.size])).get(known.size) !== known.root)
    throw new RecordChangedError('the ends of chains that it was made of were changed');
  const gone = await tx.query<Row<'record_leaves', 'incident_id'>>(
    `select l.incident_id from record_leaves l left join record_entries e
       on e.workspace_id = l.workspace_id and e.incident_id = l.incident_id and e.seq = l.seq
     where l.workspace_id = $1 and e.hash is distinct from l.hash order by l.incident_id limit 5`,
    [workspaceId],
  );
  const names = [...new Set(gone.rows.map((row) => row.incident_id))];
  if (names.length > 0) throw new RecordChangedError(`entries of ${names.join(', ')} were changed or removed`);
}
