import type { Runtime } from '../platform/runtime.js';
import type { Queryable, Row, Transaction } from '../ports/database.js';
import { chainEntry, detailText, GENESIS_HASH, type Entry, type NewEntry } from './entry.js';

/**
 * Adds an entry to its incident's chain, inside the caller's transaction: what happened and its entry commit together.
 * Writers of one incident wait for each other until the transaction ends; writers of different incidents never do. A
 * transaction that writes for several incidents takes them in the order of their ids, otherwise two of them may
 * deadlock.
 */
export async function appendEntry(tx: Transaction, runtime: Pick<Runtime, 'now'>, entry: NewEntry): Promise<Entry> {
  const head = await lockHead(tx, entry);
  const placed = chainEntry(entry, { seq: head.seq + 1, at: runtime.now(), prevHash: head.hash });
  insert(tx, placed);
  return placed;
}

/** Holds a chain until the transaction ends: what is read of it meanwhile stays its end. */
export const holdChain = async (tx: Queryable, chain: Pick<NewEntry, 'workspaceId' | 'incidentId'>): Promise<void> => {
  await lockHead(tx, chain);
};

/** The update that changes nothing takes the row lock, even when another transaction is just creating the row. */
async function lockHead(
  tx: Queryable,
  entry: Pick<NewEntry, 'workspaceId' | 'incidentId'>,
): Promise<Row<'record_heads', 'seq' | 'hash'>> {
  const held = await tx.query<Row<'record_heads', 'seq' | 'hash'>>(
    `insert into record_heads (workspace_id, incident_id, seq, hash) values ($1, $2, 0, $3)
     on conflict (workspace_id, incident_id) do update set seq = record_heads.seq
     returning seq, hash`,
    [entry.workspaceId, entry.incidentId, GENESIS_HASH],
  );
  const head = held.rows[0];
  if (head === undefined) throw new Error(`The record of incident ${entry.incidentId} has no head: run notme migrate.`);
  return head;
}

/** The entry and the head that now points at it, in one statement. */
function insert(tx: Transaction, entry: Entry): void {
  tx.send(
    `with moved as (update record_heads set seq = $3, hash = $16 where workspace_id = $1 and incident_id = $2)
     insert into record_entries (workspace_id, incident_id, seq, at, actor_kind, actor_id, actor_name, action, why,
       from_surface, from_channel, from_ip, correlation_id, detail, prev_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      entry.workspace_id,
      entry.incident_id,
      entry.seq,
      new Date(entry.at),
      entry.actor.kind,
      entry.actor.id,
      entry.actor.name,
      entry.action,
      entry.why,
      entry.from.surface,
      entry.from.channel,
      entry.from.ip,
      entry.correlation_id,
      detailText(entry),
      entry.prev_hash,
      entry.hash,
    ],
  );
}
