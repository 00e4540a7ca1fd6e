import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { CallContext } from '../src/ports/connector.js';
import type { Runtime } from '../src/platform/runtime.js';
import type { Database } from '../src/ports/database.js';
import { backoffMs } from './backoff.js';
import {
  claimWork,
  type Commit,
  commitWith,
  extendLease,
  finishWork,
  type Lease,
  LeaseLostError,
  repeatWork,
  type WorkName,
  type WorkRow,
} from '../src/outbox/outbox.js';
import type { JobQueue, QueuedJob } from '../src/ports/queue.js';

/** How a run ended: done, ended by the handler itself in a transaction of its own, or to be repeated after a while. */
export type Outcome = 'completed' | 'already_finished' | { readonly againInMs: number };

export interface Run {
  readonly work: WorkRow;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Called whenever the run makes progress: a run without any for long counts as stuck, and its claim is released. */
  readonly progress: () => void;
  readonly startedAt: Date;
  /** The only way for a handler to store its results. */
  readonly commit: Commit;
}

/** What a call to an identity system knows about its run. */
export const callOf = ({ signal, work, progress }: Run): CallContext => ({
  signal,
  correlationId: work.correlation_id,
  progress,
});

export type Handlers = Readonly<Record<WorkName, (run: Run) => Promise<Outcome>>>;

interface Parts {
  readonly db: Database;
  readonly queue: JobQueue;
  readonly runtime: Runtime;
  readonly log: Logger;
  readonly handlers: Handlers;
  /** How long a claim lasts without a sign of life, ms. */
  readonly leaseMs: number;
  /** How long a run may go without progress before its claim is released, ms; longer than any one call may take. */
  readonly stuckMs: number;
  readonly concurrency: number;
  /** Work was requested or has to be repeated. */
  dispatch(): void;
}

/** Takes jobs from the queue, claims their work in the store, runs it and stores how it ended. */
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
  await runClaimed(parts, work, lease, stop);
}

async function runClaimed(parts: Parts, work: WorkRow, lease: Lease, stop: AbortSignal): Promise<void> {
  const heart = beat(parts, lease, stop);
  try {
    const { signal, progress } = heart;
    const commit = commitWith(parts.db, lease);
    const run = { work, lease, signal, progress, startedAt: parts.runtime.now(), commit };
    const outcome = await Promise.race([handle(parts, run), heart.stuck]);
    if (outcome === 'already_finished') return;
    if (outcome === 'completed') {
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
    if (error instanceof StuckError) {
      parts.log.error({ work: work.id, correlationId: work.correlation_id }, error.message);
      return;
    }
    if (heart.signal.aborted && !stop.aborted) {
      parts.log.warn({ work: work.id }, new LeaseLostError(work.id).message);
      return;
    }
    if (stop.aborted) parts.log.info({ work: work.id }, 'work was given up because the process stops; it is run again');
    else
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

/** How long work of an unknown kind is put off: a newer process may know it, and takes it then, or the next time. */
const UNKNOWN_PAUSE_MS = 15_000;

/** A process may be older than the database that it works on: what newer ones request there is left to them. */
async function handle({ handlers, log }: Parts, run: Run): Promise<Outcome> {
  const { id, name, correlation_id: correlationId } = run.work;
  if (Object.hasOwn(handlers, name)) return handlers[name](run);
  log.error(
    { work: id, name, correlationId },
    `this version of Notme does not know work of the kind "${name}"; it is put off for ${UNKNOWN_PAUSE_MS / 1000} s and left to a newer process. If there is none, start this process with the version that changed the database`,
  );
  return { againInMs: UNKNOWN_PAUSE_MS };
}

const MOST_CALLS_OF_A_RUN = 200;

/** The claim of a stuck run is left to expire: whoever takes over then finds what the run had stored until then. */
class StuckError extends Error {
  constructor(id: string, ms: number) {
    super(
      `${id} made no progress for ${Math.round(ms / 1000)} s and is left alone; its claim ends and another worker takes over. This is a fault in Notme: report it with the lines before this one`,
    );
    this.name = 'StuckError';
  }
}

interface Heart {
  readonly signal: AbortSignal;
  /** Rejects when the run has made no progress for too long. */
  readonly stuck: Promise<never>;
  readonly progress: () => void;
  stop(): void;
}

/**
 * Renews the claim while the work makes progress, and aborts the work when it does not, when the claim is lost or the
 * process stops.
 */
function beat(parts: Parts, lease: Lease, stop: AbortSignal): Heart {
  const beatMs = parts.leaseMs / 3;
  const lost = new AbortController();
  let idleMs = 0;
  let giveUp: (error: StuckError) => void = () => undefined;
  const stuck = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const timer = setInterval(() => {
    // Counted in beats: a clock set forward, or a process that was asleep, does not make a run stuck.
    idleMs += beatMs;
    if (idleMs > parts.stuckMs) {
      clearInterval(timer);
      const error = new StuckError(lease.id, parts.stuckMs);
      lost.abort(error);
      giveUp(error);
      return;
    }
    const until = new Date(parts.runtime.now().getTime() + parts.leaseMs);
    extendLease(parts.db, lease, until)
      .then((held) => {
        if (!held) lost.abort(new LeaseLostError(lease.id));
      })
      .catch((error: unknown) => parts.log.warn({ err: error, work: lease.id }, 'the claim could not be extended'));
  }, beatMs);
  const signal = AbortSignal.any([stop, lost.signal]);
  // One run may read many systems at once, and each call listens until its end: Node would report that as a leak.
  setMaxListeners(MOST_CALLS_OF_A_RUN, signal);
  const progress = (): void => {
    idleMs = 0;
  };
  return { signal, stuck, progress, stop: () => clearInterval(timer) };
}
