import type { Queryable } from '../src/ports/database.js';

/** Work that waits longer than this is late: an idle machine takes it within milliseconds. */
export const LATE_MS = 5_000;

export interface Overdue {
  /** The number of jobs that have been due for longer than `LATE_MS` and that nobody is working on. */
  readonly late: number;
  /** How long the oldest due work has been waiting, ms; 0 when nothing waits. */
  readonly oldestMs: number;
}

/** What is due and not taken: waiting, in the queue, or claimed by a worker that has sent no sign of life since. */
export async function overdueWork(db: Queryable, now: Date): Promise<Overdue> {
  const { rows } = await db.query<{ late: number; oldest: Date | null }>(
    `select count(*) filter (where since < $2)::int as late, min(since) as oldest from (
       select run_after as since from work where status in ('pending', 'enqueued') and run_after < $1
       union all select lease_until from work where status = 'running' and lease_until < $1) as due`,
    [now, new Date(now.getTime() - LATE_MS)],
  );
  const oldest = rows[0]?.oldest ?? null;
  return { late: rows[0]?.late ?? 0, oldestMs: oldest === null ? 0 : now.getTime() - oldest.getTime() };
}
