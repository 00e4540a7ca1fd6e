import type { Connector } from '../src/ports/connector.js';
import type { Runtime } from '../src/platform/runtime.js';
import type { Database } from '../src/ports/database.js';

/** A worker that has been silent for this long is gone; each reports every few seconds that it is alive. */
const GONE_MS = 15_000;

/** The rank of this worker among the living ones. */
interface Rank {
  readonly rank: number;
  readonly count: number;
}

export interface WorkerShare {
  /** This worker's share of what all of them together may use of a system. */
  of(limits: Connector['limits']): { readonly concurrency: number; readonly perMinute: number | null };
  /** Checks which workers are alive, and reports this one as alive. */
  beat(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `total` divided into whole numbers: the shares of all ranks add up to it, and nobody is left with nothing forever.
 */
export const shareOf = (total: number, { rank, count }: Rank): number =>
  Math.max(1, Math.floor(total / count) + (rank < total % count ? 1 : 0));

/**
 * Divides a system's limits among the live worker processes, by their heartbeat in the store. When a worker comes or
 * goes, the shares follow within seconds; limits are set below the vendor's for that reason.
 */
export function createWorkerShare(parts: { db: Database; runtime: Runtime; workspaceId: string }): WorkerShare {
  const { db, runtime, workspaceId } = parts;
  const id = runtime.newId('wrk');
  let place: Rank = { rank: 0, count: 1 };
  return {
    of: ({ concurrency, perMinute }) => ({
      concurrency: shareOf(concurrency, place),
      perMinute: perMinute === null ? null : shareOf(perMinute, place),
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
