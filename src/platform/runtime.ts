import { randomBytes, randomUUID } from 'node:crypto';

/**
 * Moments of the flow that an outsider may want to see: metrics count them, tests stop the process at them.
 * An observer must not throw and cannot change the flow.
 */
export type Moment =
  | 'decision.committed'
  | 'job.claimed'
  | 'connector.before_call'
  | 'connector.after_call'
  | 'connector.recorded'
  | 'post.before_call'
  | 'post.after_call'
  | 'post.recorded'
  | 'outbox.enqueued';

/** Clock, ids and randomness are passed in, so that tests and drills control the time. */
export interface Runtime {
  /** The present instant. */
  now(): Date;
  /** A new unique id, `<prefix>_<32 hex digits>`: opaque, without `:` (BullMQ refuses it in job ids). */
  newId(prefix: string): string;
  /** `size` bytes of cryptographic randomness. */
  randomBytes(size: number): Buffer;
  /** Reports a moment of the flow. */
  observe(moment: Moment, id: string): void;
}

/** The machine's own clock and randomness. */
export function systemRuntime(observe: Runtime['observe'] = () => undefined): Runtime {
  return {
    // eslint-disable-next-line no-restricted-syntax -- this is the one clock that is handed in everywhere else
    now: () => new Date(),
    newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
    randomBytes: (size) => randomBytes(size),
    observe,
  };
}
