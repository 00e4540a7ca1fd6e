import type { JobQueue, QueuedJob } from '../../src/ports/queue.js';

/** A queue in memory. It hands a job out when it is told to; what it is given may be refused or lost. */
export class MemoryQueue implements JobQueue {
  readonly kind = 'pglite';
  readonly jobs: (QueuedJob & { readonly delayMs: number })[] = [];
  refuses: Error | null = null;
  #handle: ((job: QueuedJob, signal: AbortSignal) => Promise<void>) | null = null;
  readonly stop = new AbortController();

  add(job: QueuedJob, { delayMs = 0 }: { delayMs?: number } = {}): Promise<void> {
    if (this.refuses) return Promise.reject(this.refuses);
    if (!this.jobs.some(({ jobId }) => jobId === job.jobId)) this.jobs.push({ ...job, delayMs });
    return Promise.resolve();
  }

  async addMany(jobs: readonly QueuedJob[]): Promise<void> {
    for (const job of jobs) await this.add(job);
  }

  has(jobId: string): Promise<boolean> {
    return Promise.resolve(this.jobs.some((job) => job.jobId === jobId));
  }

  work(handle: (job: QueuedJob, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#handle = handle;
    return Promise.resolve();
  }

  /** Hands a job to the worker; resolves when it is done with it. */
  deliver(job: Omit<QueuedJob, 'jobId'>): Promise<void> {
    if (!this.#handle) return Promise.reject(new Error('nobody works'));
    return this.#handle({ jobId: 'job', ...job }, this.stop.signal);
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  counts(): Promise<{ waiting: number; delayed: number; active: number }> {
    return Promise.resolve({ waiting: this.jobs.length, delayed: 0, active: 0 });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
