import type { JobQueue } from '../../src/ports/queue.js';

/** What the processor receives of a BullMQ job. */
export interface RawJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  moveToWait(token: string): Promise<unknown>;
}

interface EmitsErrors {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of BullMQ's Queue that is used; the same on Redis and on Postgres. */
export interface Producer extends EmitsErrors {
  add(name: string, data: unknown, options: JobOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: JobOptions }[]): Promise<unknown>;
  getJobState(jobId: string): Promise<string>;
  getJobCounts(...states: ('wait' | 'prioritized' | 'delayed' | 'active')[]): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

/** The part of BullMQ's Worker that is used. */
export interface Consumer extends EmitsErrors {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

export interface JobOptions {
  readonly jobId: string;
  readonly delay?: number;
}

export type Process = (job: RawJob, token?: string) => Promise<void>;

export interface ConsumerOptions {
  readonly concurrency: number;
  /** How long a job stays with a worker that no longer answers, ms; renewed at half of it. */
  readonly lockMs: number;
}

/** BullMQ's backend. */
export interface Transport {
  readonly kind: JobQueue['kind'];
  /** The server for people, e.g. `Redis at 127.0.0.1:6379`; never a password. */
  readonly target: string;
  /** What to do when it does not answer. */
  readonly fix: string;
  /** How long one operation of a producer may take, in ms. */
  readonly deadlineMs: number;
  producer(name: string): Producer;
  consumer(name: string, process: Process, options: ConsumerOptions): Consumer;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Pause before a lost connection is retried, ms; BullMQ's own 15 s would leave jobs lying. */
const RUN_RETRY_MS = 1_000;
/** A job whose worker died this often in a row is dropped; the store's reconciler decides what follows. */
const MAX_STALLED = 100;

/** The store decides about retries and keeps the history, so BullMQ tries once and keeps nothing. */
export const PRODUCER_DEFAULTS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export const consumerOptions = ({ concurrency, lockMs }: ConsumerOptions) => ({
  concurrency,
  lockDuration: lockMs,
  // On Redis the first check marks the dead worker's jobs, and the next one after the lock's end hands them on.
  stalledInterval: lockMs / 2,
  maxStalledCount: MAX_STALLED,
  runRetryDelay: RUN_RETRY_MS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
});
