import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import type { Session } from './transaction.js';

const much = z.object({ much: z.literal(true) });

/** The least that is written to the log between two cleanups; the folder holds about twice that beside its tables. */
const WRITTEN_MB = 32;

/** PGlite keeps at most this much of its log for reuse; by default it grows to 1 GB. */
export const START_PARAMS = [
  ...PGlite.defaultStartParams,
  '-c',
  `min_wal_size=${WRITTEN_MB}MB`,
  '-c',
  `max_wal_size=${2 * WRITTEN_MB}MB`,
];

/**
 * What a server's background processes do and an embedded Postgres, a single process, does not: it frees the space of
 * deleted rows, updates statistics, and cuts the log. Only after much was written; otherwise one cheap query.
 */
export async function tidy(session: Session): Promise<void> {
  const { rows } = await session.query(
    'select pg_current_wal_lsn() - redo_lsn > $1 as much from pg_control_checkpoint()',
    [WRITTEN_MB * 1024 * 1024],
  );
  if (!much.safeParse(rows[0]).success) return;
  await session.query('vacuum (analyze)');
  await session.query('checkpoint');
}
