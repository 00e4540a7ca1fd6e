import type { Connector } from '../src/connectors/port.js';
import type { Runtime } from '../src/runtime.js';
import type { Database } from '../src/store/database.js';

/** A worker that has not been heard of for so long is gone; each says every few seconds that it lives. */
const GONE_MS = 15_000;

/** Which of the living workers this one is. */
interface Place {
  readonly rank: number;
  readonly count: number;
}

export interface WorkerShare {
  /** This worker's part of what all of them may take of a system together. */
  of(limits: Connector['limits']): { readonly concurrency: number; readonly perMinute: number | null };
  /** Looks who is alive, and says that this one is. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

/** `total` parted in whole numbers: the parts of all ranks add up to it, and nobody is left with nothing for ever. */
export const partOf = (total: number, { rank, count }: Place): number =>
  Math.max(1, Math.floor(total / count) + (rank < total % count ? 1 : 0));

/**
 * Parts the limits of a system among the worker processes that are alive, by their heartbeat in the store. When a worker
 * comes or goes, the parts follow within some seconds; limits stand below the vendor's for that reason.
 */
export function createWorkerShare(parts: { db: Database; runtime: Runtime; workspaceId: string }): WorkerShare {
  const { db, runtime, workspaceId } = parts;
  const id = runtime.newId('wrk');
  let place: Place = { rank: 0, count: 1 };
  return {
    of: ({ concurrency, perMinute }) => ({
      concurrency: partOf(concurrency, place),
      perMinute: perMinute === null ? null : partOf(perMinute, place),
    }),
    async beat() {
      const now = runtime.now();
      await db.query(
        `insert into workers (workspace_id, id, seen_at) values ($1, $2, $3)
         on conflict (workspace_id, id) do update set seen_at = excluded.seen_at`,
        [workspaceId, id, now],
      );
      await db.query('delete from workers where workspace_id = $1 and seen_at < $2', [
        workspaceId,
        new Date(now.getTime() - GONE_MS),
      ]);
      const { rows } = await db.query<{ id: string }>('select id from workers where workspace_id = $1 order by id', [
        workspaceId,
      ]);
      place = {
        rank: Math.max(
          0,
          rows.findIndex((row) => row.id === id),
        ),
        count: Math.max(1, rows.length),
      };
    },
    async stop() {
      await db.query('delete from workers where workspace_id = $1 and id = $2', [workspaceId, id]);
    },
  };
}
