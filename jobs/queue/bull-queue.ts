import { WaitingError } from 'bullmq';
import { z } from 'zod';
import type { StoreLog } from '../../src/store/connection.js';
import { reasonOf, type ConnectionWatch } from './connection-watch.js';
import { withDeadline } from './deadline.js';
import type { JobQueue, QueuedJob } from '../../src/ports/queue.js';
import type { Consumer, JobOptions, Producer, RawJob, Transport } from './transport.js';

/** How long an aborted handler may still take to end, and closing after that, ms. */
const LAST_WORDS_MS = 1_000;
const CLOSING_MS = 3_000;

const jobSchema = z.object({ id: z.string(), name: z.string(), data: z.record(z.string(), z.string()) });

export interface BullQueueParts {
  readonly name: string;
  readonly transport: Transport;
  readonly watch: ConnectionWatch;
  readonly log: StoreLog;
  readonly lockMs: number;
}

type Handle = Parameters<JobQueue['work']>[0];

/** The queue port on BullMQ, over any of its backends. */
export class BullQueue implements JobQueue {
  readonly kind: JobQueue['kind'];
  readonly #parts: BullQueueParts;
  readonly #producer: Producer;
  readonly #running = new Set<AbortController>();
  #consumer: Consumer | null = null;
  #closing: Promise<void> | null = null;

  constructor(parts: BullQueueParts) {
    this.#parts = parts;
    this.kind = parts.transport.kind;
    this.#producer = parts.transport.producer(parts.name);
    this.#producer.on('error', (error) => parts.watch.failed(error));
  }

  /** Rejects with a sentence when the server does not answer. */
  async ready(): Promise<void> {
    await this.#ask('start', () => this.#producer.waitUntilReady());
  }

  async add(job: QueuedJob, options: { delayMs?: number } = {}): Promise<void> {
    await this.#ask('add a job', () => this.#producer.add(job.name, job.data, jobOptions(job, options)));
  }

  async addMany(jobs: readonly QueuedJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const bulk = jobs.map((job) => ({ name: job.name, data: job.data, opts: jobOptions(job, {}) }));
    await this.#ask('add jobs', () => this.#producer.addBulk(bulk));
  }

  async has(jobId: string): Promise<boolean> {
    const state = await this.#ask('look for a job', () => this.#producer.getJobState(jobId));
    return !['unknown', 'completed', 'failed'].includes(state);
  }

  async counts(): Promise<{ waiting: number; delayed: number; active: number }> {
    const found = await this.#ask('count jobs', () =>
      this.#producer.getJobCounts('wait', 'prioritized', 'delayed', 'active'),
    );
    const waiting = (found['wait'] ?? found['waiting'] ?? 0) + (found['prioritized'] ?? 0);
    return { waiting, delayed: found['delayed'] ?? 0, active: found['active'] ?? 0 };
  }

  async ping(): Promise<void> {
    await this.#ask('be asked', () => this.#parts.transport.ping());
  }

  async work(handle: Handle, { concurrency }: { concurrency: number }): Promise<void> {
    if (this.#consumer !== null)
      throw new Error('This queue works already. Call work() once, with the concurrency wanted.');
    const { transport, name, lockMs, watch } = this.#parts;
    const consumer = transport.consumer(name, (job, token = '') => this.#process(handle, job, token), {
      concurrency,
      lockMs,
    });
    this.#consumer = consumer;
    consumer.on('error', (error) => watch.failed(error));
    await this.#ask('start working', () => consumer.waitUntilReady());
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const { transport, watch } = this.#parts;
    const stopped = this.#consumer?.close() ?? Promise.resolve();
    const grace = setTimeout(() => this.#abortAll(), graceMs);
    // A server that is down right now must not block the exit: the jobs it still holds come back when their locks
    // expire.
    const within = (work: Promise<void>, ms: number): Promise<void> =>
      withDeadline(work, ms, 'The queue did not close in time.').catch((error: unknown) => watch.failed(error));
    await within(stopped, graceMs + LAST_WORDS_MS + CLOSING_MS);
    clearTimeout(grace);
    watch.hush();
    await within(this.#producer.close(), CLOSING_MS);
    await within(transport.close(), CLOSING_MS);
  }

  #abortAll(): void {
    for (const controller of this.#running)
      controller.abort(new Error('The process is stopping; the job is handed back.'));
  }

  /** Ends in one of three ways: done, dropped with a log line, or handed back to the queue because of a stop. */
  async #process(handle: Handle, raw: RawJob, token: string): Promise<void> {
    const { log, watch } = this.#parts;
    watch.works();
    const job = jobSchema.safeParse({ id: raw.id, name: raw.name, data: raw.data });
    if (!job.success) {
      log.error(
        { jobId: raw.id, job: raw.name },
        'a job in the queue is not one of ours and was dropped: look who else writes to this queue',
      );
      return;
    }
    const { id: jobId, name, data } = job.data;
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      await orAborted(handle({ jobId, name, data }, controller.signal), controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) {
        log.error(
          { jobId, job: name, reason: reasonOf(error) },
          'a job failed in a way that its handler did not expect and was dropped',
        );
      }
    } finally {
      this.#running.delete(controller);
    }
    if (controller.signal.aborted) {
      await raw.moveToWait(token);
      throw new WaitingError();
    }
  }

  async #ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { transport, watch } = this.#parts;
    if (this.#closing !== null) throw new Error(`The queue is closed and cannot ${what}.`);
    const sentence = `${transport.target} does not answer within ${String(transport.deadlineMs / 1000)} s, so the queue cannot ${what}. ${transport.fix}.`;
    try {
      const answer = await withDeadline(work(), transport.deadlineMs, sentence);
      watch.works();
      return answer;
    } catch (error) {
      watch.failed(error);
      if (error instanceof Error && error.message === sentence) throw error;
      throw new Error(`The queue cannot ${what} on ${transport.target}: ${reasonOf(error)}. ${transport.fix}.`, {
        cause: error,
      });
    }
  }
}

/** Settles with the work, or a moment after the abort when the work ignores it. */
function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(resolve, LAST_WORDS_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}

function jobOptions({ jobId }: QueuedJob, { delayMs }: { delayMs?: number }): JobOptions {
  if (jobId === '' || jobId.includes(':') || /^\d+$/.test(jobId)) {
    throw new Error(
      `"${jobId}" cannot be a job id: BullMQ refuses an empty one, one with ":" and one of digits only. Use runtime.newId().`,
    );
  }
  return {
    jobId,
    ...(delayMs === undefined ? {} : { delay: Math.max(0, Math.round(delayMs)) }),
  };
}
