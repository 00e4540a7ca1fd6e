import type { Logger } from 'pino';
import type { Runtime } from '../src/platform/runtime.js';
import type { Database } from '../src/ports/database.js';
import type { WorkRow } from '../src/outbox/outbox.js';
import type { JobQueue } from '../src/ports/queue.js';

const BATCH = 200;
/** Work due later than this is not enqueued yet: often it is requested for at once in the meantime. */
const SOON_MS = 1_000;
/** How long enqueued work may stay unclaimed before the dispatcher checks whether the queue still has it. */
const FORGOTTEN_MS = 10_000;

export interface Dispatcher {
  /** Committed work is waiting: enqueue it now. Never throws; what fails is picked up by the next round. */
  nudge(): void;
  /** Looks for work that a crash, a lost lease or an emptied queue left behind. */
  reconcile(): Promise<void>;
  /** When the last such pass ended; before the first one, when this was created. */
  lastRound(): Date;
  /** Why the queue refused the last job it was given; `null` when it accepted it. */
  refusal(): string | null;
  /** Reacts to nothing any more; resolves when nothing is being enqueued. */
  stop(): Promise<void>;
}

interface Parts {
  readonly db: Database;
  readonly queue: JobQueue;
  readonly runtime: Runtime;
  readonly log: Logger;
}

/** The job id changes with each request and attempt, so that a job still in the queue never hides a newer one. */
const jobOf = (row: WorkRow) => ({
  jobId: `${row.id}_${row.wanted}_${row.attempt}`,
  name: row.name,
  data: { workspace_id: row.workspace_id, id: row.id },
});

const COLUMNS = 'workspace_id, id, name, ref, wanted, attempt, run_after, correlation_id';

/** Feeds the queue from the store's committed work (the outbox). */
export function createDispatcher({ db, queue, runtime, log }: Parts): Dispatcher {
  let running: Promise<void> | null = null;
  /** The number of nudges so far, and how many of them the passes have covered. */
  let wanted = 0;
  let done = 0;
  let alarm: NodeJS.Timeout | null = null;
  let stopped = false;
  let lastRound = runtime.now();
  let refusal: string | null = null;

  /**
   * One statement for all. What another transaction has locked at this moment is already changing: waiting for it could
   * deadlock.
   */
  async function noteEnqueued(rows: readonly WorkRow[], now: Date): Promise<void> {
    const sent = rows.map(({ workspace_id, id, wanted, attempt }) => ({ workspace_id, id, wanted, attempt }));
    await db.query(
      `update work set status = 'enqueued', changed_at = $2
       from (select held.workspace_id, held.id from work held
             join jsonb_to_recordset($1::jsonb) as sent (workspace_id text, id text, wanted integer, attempt integer)
               on held.workspace_id = sent.workspace_id and held.id = sent.id and held.wanted = sent.wanted and held.attempt = sent.attempt
             where held.status = 'pending' for update of held skip locked) as free
       where work.workspace_id = free.workspace_id and work.id = free.id`,
      [JSON.stringify(sent), now],
    );
  }

  /** Runs again when the next due time comes. Should the process die, another one's `reconcile` takes over. */
  function wakeAt(inMs: number): void {
    if (stopped || alarm !== null) return;
    alarm = setTimeout(() => {
      alarm = null;
      nudge();
    }, inMs);
  }

  async function put(due: readonly WorkRow[], later: readonly { row: WorkRow; delayMs: number }[]): Promise<void> {
    if (due.length + later.length === 0) return;
    try {
      if (due.length > 0) await queue.addMany(due.map(jobOf));
      for (const { row, delayMs } of later) await queue.add(jobOf(row), { delayMs });
      refusal = null;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** @returns how many were put into the queue */
  async function enqueue(rows: readonly WorkRow[]): Promise<number> {
    const now = runtime.now();
    const waits = (row: WorkRow): number => row.run_after.getTime() - now.getTime();
    const due = rows.filter((row) => waits(row) <= 0);
    const later = rows.filter((row) => waits(row) > SOON_MS);
    const soon = rows.find((row) => waits(row) > 0 && waits(row) <= SOON_MS);
    if (soon) wakeAt(waits(soon));
    await put(
      due,
      later.map((row) => ({ row, delayMs: waits(row) })),
    );
    const enqueued = [...due, ...later];
    if (enqueued.length > 0) await noteEnqueued(enqueued, now);
    for (const row of enqueued) runtime.observe('outbox.enqueued', row.id);
    return enqueued.length;
  }

  /** One pass over waiting work; `true` when there may be more. */
  async function pass(): Promise<boolean> {
    const { rows } = await db.query<WorkRow>(
      `select ${COLUMNS} from work where status = 'pending' order by run_after limit $1`,
      [BATCH],
    );
    return (await enqueue(rows)) > 0 && rows.length === BATCH;
  }

  async function drain(): Promise<void> {
    while (wanted > done) {
      const upTo = wanted;
      while (await pass());
      done = upTo;
    }
  }

  function start(): void {
    running ??= drain()
      .catch((error: unknown) => {
        done = wanted;
        log.warn({ err: error }, 'committed work could not be enqueued; the next round tries again');
      })
      .finally(() => {
        running = null;
        // A nudge may have come since the last pass.
        if (wanted > done) start();
      });
  }

  function nudge(): void {
    wanted += 1;
    start();
  }

  async function reconcile(): Promise<void> {
    const now = runtime.now();
    await db.query(
      `update work set status = 'pending', lease_token = null, lease_until = null, changed_at = $1
       where status = 'running' and lease_until < $1`,
      [now],
    );
    const { rows } = await db.query<WorkRow>(
      `select ${COLUMNS} from work where status = 'enqueued' and run_after < $1 and changed_at < $1 limit ${BATCH}`,
      [new Date(now.getTime() - FORGOTTEN_MS)],
    );
    for (const row of rows) {
      if (await queue.has(jobOf(row).jobId)) continue;
      await db.query(
        `update work set status = 'pending', changed_at = $3 where workspace_id = $1 and id = $2 and status = 'enqueued'`,
        [row.workspace_id, row.id, now],
      );
      log.info({ work: row.id }, 'the queue had lost this work; it is enqueued again');
    }
    lastRound = runtime.now();
    nudge();
  }

  return {
    nudge,
    reconcile,
    lastRound: () => lastRound,
    refusal: () => refusal,
    stop: async () => {
      stopped = true;
      if (alarm !== null) clearTimeout(alarm);
      while (running) await running;
    },
  };
}
