/** What may go wrong; each fault is used up after `times` calls. */
export interface Fault {
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
    /** A page of a proxy instead of the vendor's answer, HTTP 200. */
    | 'nonsense'
    | 'unauthorized';
  /** Only calls whose path begins so. Left out: every call but the sign-in of the application. */
  readonly path?: string;
  /** Only calls that change something, or only those that do not. */
  readonly only?: 'writes' | 'reads';
  readonly times: number;
  /** So many matching calls go well first. */
  readonly skip?: number;
  /** `throttle`: the wait that is told. `slow`: the delay. Milliseconds. */
  readonly ms?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
}

export interface FaultQueue extends Faults {
  take(call: { readonly path: string; readonly write: boolean; readonly signIn: boolean }): Fault | null;
}

export function createFaults(): FaultQueue {
  const queue: { fault: Fault; left: number; skip: number }[] = [];
  return {
    add: (fault) => void queue.push({ fault, left: fault.times, skip: fault.skip ?? 0 }),
    clear: () => void queue.splice(0),
    take({ path, write, signIn }) {
      const matching = queue.filter(({ fault }) => {
        const here = fault.path === undefined ? !signIn : path.startsWith(fault.path);
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
