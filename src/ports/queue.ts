/** A job as the worker sees it. */
export interface QueuedJob {
  readonly jobId: string;
  /** Names the job; the worker looks the rest up in the store. */
  readonly name: string;
  /** Opaque references only; never a secret. */
  readonly data: Readonly<Record<string, string>>;
}

/** Delivers at least once; the store's claim makes effects happen once. */
export interface JobQueue {
  readonly kind: 'redis' | 'redis-cluster' | 'redis-sentinel' | 'postgres' | 'pglite';
  /**
   * Adds a job. A job with the same id that is still waiting, delayed or active is left as it is. `jobId` contains no
   * `:` and is not only digits. Finished jobs leave no trace, so that an id can be added again.
   */
  add(job: QueuedJob, options?: { delayMs?: number }): Promise<void>;
  addMany(jobs: readonly QueuedJob[]): Promise<void>;
  /** Whether a job with this id waits, is delayed or runs. */
  has(jobId: string): Promise<boolean>;
  /** Starts taking jobs. `handle` must not throw for expected failures; what it throws is logged and the job dropped (the store's reconciler re-adds it). */
  work(handle: (job: QueuedJob, signal: AbortSignal) => Promise<void>, options: { concurrency: number }): Promise<void>;
  /** Rejects when the queue's server does not answer, or accepts nothing. */
  ping(): Promise<void>;
  counts(): Promise<{ waiting: number; delayed: number; active: number }>;
  /** Stops taking jobs, waits for running ones up to `graceMs`, then aborts their signals; closes connections. */
  close(graceMs: number): Promise<void>;
}
