import { z } from 'zod';

const APPLIES = {
  api: ['rate_limited', 'http_500', 'error', 'latency', 'lost_request', 'lost_answer', 'nonsense'],
  delivery: ['latency', 'drop_ack'],
  socket: ['disconnect'],
} as const;

/**
 * A fault to inject `times` times. `method` narrows it to one Web API method, to one SCIM or audit call as the journal
 * names it (`scim PATCH Users`), or to one delivered name; `channel` narrows it to the calls about one conversation.
 */
export const FaultInput = z
  .strictObject({
    target: z.enum(['api', 'delivery', 'socket']),
    method: z.string().optional(),
    channel: z.string().optional(),
    type: z.enum([
      'rate_limited',
      'http_500',
      'error',
      'latency',
      // the connection breaks before, or after, the call was carried out
      'lost_request',
      'lost_answer',
      // a proxy's page instead of the answer
      'nonsense',
      'disconnect',
      'drop_ack',
    ]),
    error: z.string().optional(),
    retry_after_s: z.number().min(0).optional(),
    ms: z.number().int().min(0).max(600_000).optional(),
    times: z.number().int().min(1).max(10_000).default(1),
  })
  .refine(({ target, type }) => APPLIES[target].some((one) => one === type), {
    message: `This target has no such fault: ${Object.entries(APPLIES)
      .map(([target, types]) => `${target} takes ${types.join(', ')}`)
      .join('; ')}.`,
    path: ['type'],
  });
export type Fault = z.output<typeof FaultInput>;

/** Faults waiting to happen, first in first out. */
export class Faults {
  #waiting: Fault[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ ...fault });
  }

  /** Uses up one occurrence of the first fault that fits. */
  take(target: Fault['target'], name?: string, channel?: string): Fault | undefined {
    const fault = this.#waiting.find(
      (one) =>
        one.target === target &&
        (!one.method || one.method === name) &&
        (one.channel === undefined || one.channel === channel),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    this.#waiting = this.#waiting.filter((one) => one.times > 0);
    return fault;
  }

  list(): Fault[] {
    return this.#waiting.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#waiting = [];
  }
}
