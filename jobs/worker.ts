import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Runtime } from '../src/runtime.js';
import type { Database } from '../src/store/database.js';
import { backoffMs } from './backoff.js';
import {
  claimWork,
  extendLease,
  finishWork,
  type Lease,
  LeaseLostError,
  repeatWork,
  type WorkName,
  type WorkRow,
} from './outbox.js';
import type { JobQueue, QueuedJob } from './queue/port.js';

/** How a run ended: done, ended by the handler itself in a transaction of its own, or once more after a while. */
export type Outcome = 'done' | 'ended' | { readonly againInMs: number };

export interface Run {
  readonly work: WorkRow;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
}

export type Handlers = Readonly<Record<WorkName, (run: Run) => Promise<Outcome>>>;

interface Parts {
  readonly db: Database;
  readonly queue: JobQueue;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly handlers: Handlers;
  /** How long a claim holds without a sign of life, ms. */
  readonly leaseMs: number;
  readonly concurrency: number;
  /** Work was requested or is to be repeated. */
  dispatch(): void;
}

/** Takes jobs from the queue, claims their work in the store, runs it and writes how it ended. */
export async function startWorker(parts: Parts): Promise<void> {
  await parts.queue.work((job, signal) => runJob(parts, job, signal), { concurrency: parts.concurrency });
}

async function runJob(parts: Parts, job: QueuedJob, stop: AbortSignal): Promise<void> {
  const { workspace_id: workspaceId, id } = job.data;
  if (workspaceId === undefined || id === undefined) {
    parts.log.error({ job: job.jobId }, 'a job without references was dropped');
    return;
  }
  const token = parts.runtime.newId('lease');
  const work = await claimWork(
    parts.db,
    { workspaceId, id },
    { now: parts.runtime.now(), token, leaseMs: parts.leaseMs },
  );
  if (!work) return;
  parts.runtime.observe('job.claimed', work.id);
  const lease: Lease = { workspaceId, id, token, wanted: work.wanted };
  await settle(parts, work, lease, stop);
}

async function settle(parts: Parts, work: WorkRow, lease: Lease, stop: AbortSignal): Promise<void> {
  const heart = beat(parts, lease, stop);
  try {
    const outcome = await parts.handlers[work.name]({
      work,
      lease,
      signal: heart.signal,
      startedAt: parts.runtime.now(),
    });
    if (outcome === 'ended') return;
    if (outcome === 'done') {
      if ((await finishWork(parts.db, lease, parts.runtime.now())) === 'pending') parts.dispatch();
      return;
    }
    await repeatWork(parts.db, lease, parts.runtime.now(), outcome.againInMs);
    parts.dispatch();
  } catch (error) {
    if (error instanceof LeaseLostError) {
      parts.log.warn({ work: work.id }, error.message);
      return;
    }
    parts.log.error(
      { err: error, work: work.id, correlationId: work.correlation_id },
      'work failed unexpectedly; it is tried again',
    );
    await repeatWork(parts.db, lease, parts.runtime.now(), backoffMs(work.attempt, parts.runtime));
    parts.dispatch();
  } finally {
    heart.stop();
  }
}

const MOST_CALLS_OF_A_RUN = 200;

/** Keeps the claim while the work runs, and aborts the work when the claim is lost or the process stops. */
function beat(parts: Parts, lease: Lease, stop: AbortSignal): { signal: AbortSignal; stop(): void } {
  const lost = new AbortController();
  const timer = setInterval(() => {
    const until = new Date(parts.runtime.now().getTime() + parts.leaseMs);
    extendLease(parts.db, lease, until)
      .then((held) => {
        if (!held) lost.abort(new LeaseLostError(lease.id));
      })
      .catch((error: unknown) => parts.log.warn({ err: error, work: lease.id }, 'the claim could not be extended'));
  }, parts.leaseMs / 3);
  const signal = AbortSignal.any([stop, lost.signal]);
  // One run may read many systems at once, and each call listens until its end: Node would take that for a leak.
  setMaxListeners(MOST_CALLS_OF_A_RUN, signal);
  return { signal, stop: () => clearInterval(timer) };
}
