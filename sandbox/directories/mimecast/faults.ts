/** What may go wrong; each fault is used up after `times` calls. */
export interface MimecastFault {
  readonly type:
    | 'throttle'
    | 'http_500'
    /** The answer never comes; the connection stays open. */
    | 'timeout_after_effect'
    | 'timeout_before_effect'
    /** The connection breaks instead of an answer. */
    | 'drop_after_effect'
    | 'drop_before_effect'
    | 'slow'
    /** A page of a proxy instead of JSON, HTTP 200. */
    | 'nonsense'
    | 'fail_envelope'
    /** HTTP 200 whose `meta.status` says otherwise, with an empty `fail`. */
    | 'meta_status'
    | 'unauthorized';
  /** Only calls of this path. Left out: every `/api/` call (the token endpoint has to be named). */
  readonly path?: string;
  /** Only calls that change something, or only those that do not. */
  readonly only?: 'writes' | 'reads';
  readonly times: number;
  /** So many matching calls go well first. */
  readonly skip?: number;
  /** `throttle`: the wait that is told. `slow`: the delay. Milliseconds. */
  readonly ms?: number;
  /** `meta_status`: the status in the envelope. */
  readonly status?: number;
  /** `fail_envelope`: the code of the failure. */
  readonly code?: string;
}

export interface Faults {
  add(fault: MimecastFault): void;
  clear(): void;
}

export interface FaultQueue extends Faults {
  take(path: string, write: boolean): MimecastFault | null;
}

export function createFaults(): FaultQueue {
  const queue: { fault: MimecastFault; left: number; skip: number }[] = [];
  return {
    add: (fault) => void queue.push({ fault, left: fault.times, skip: fault.skip ?? 0 }),
    clear: () => void queue.splice(0),
    take(path, write) {
      const matching = queue.filter(({ fault }) => {
        const here = fault.path === undefined ? path.startsWith('/api/') : fault.path === path;
        return here && (fault.only === undefined || (fault.only === 'writes') === write);
      });
      const found = matching.find(({ skip }) => skip === 0);
      for (const waiting of matching) if (waiting.skip > 0) waiting.skip -= 1;
      if (found === undefined) return null;
      found.left -= 1;
      if (found.left <= 0) queue.splice(queue.indexOf(found), 1);
      return found.fault;
    },
  };
}
