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
    /** A firewall's page in HTML with HTTP 403. */
    | 'walled'
    /** The same with HTTP 404: a proxy that leads nowhere. */
    | 'misled'
    /** The text of an ingress with HTTP 404. */
    | 'unrouted'
    /** HTTP 423: somebody else is at it; `ms` is the wait that is told. */
    | 'locked'
    /** HTTP 503 before anything was done; `ms` is the wait that is told. */
    | 'unavailable'
    | 'unauthorized';
  /** Only calls whose path begins so. Left out: every call but the sign-in of the application. */
  readonly path?: string;
  /** Only calls that change something, or only those that do not. */
  readonly only?: 'writes' | 'reads';
  readonly times: number;
  /** So many matching calls go well first. */
  readonly skip?: number;
  /** The wait that is told; `slow`: the delay. Milliseconds. */
  readonly ms?: number;
  /** `throttle`: so many calls go well in each stretch of `ms`, the others are told to wait for its end. Left out: none does. */
  readonly perStretch?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
}

export interface FaultQueue extends Faults {
  take(call: { readonly path: string; readonly write: boolean; readonly signIn: boolean }): Fault | null;
}

interface Waiting {
  readonly fault: Fault;
  left: number;
  skip: number;
  /** Of a fault with `perStretch`: when the stretch ends (ms since 1970), and how many went well in it. */
  stretchEnds: number;
  passed: number;
}

/** `null`: the call goes well; else the throttle with the rest of the stretch as its wait. */
function inStretch(waiting: Waiting, now: number): Fault | null {
  const { fault } = waiting;
  if (now >= waiting.stretchEnds) Object.assign(waiting, { stretchEnds: now + (fault.ms ?? 1000), passed: 0 });
  waiting.passed += 1;
  return waiting.passed <= (fault.perStretch ?? 0) ? null : { ...fault, ms: waiting.stretchEnds - now };
}

export function createFaults(clock: () => Date = () => new Date()): FaultQueue {
  const queue: Waiting[] = [];
  return {
    add: (fault) => void queue.push({ fault, left: fault.times, skip: fault.skip ?? 0, stretchEnds: 0, passed: 0 }),
    clear: () => void queue.splice(0),
    take({ path, write, signIn }) {
      const matching = queue.filter(({ fault }) => {
        const here = fault.path === undefined ? !signIn : path.startsWith(fault.path);
        return here && (fault.only === undefined || (fault.only === 'writes') === write);
      });
      const found = matching.find(({ skip }) => skip === 0);
      for (const waiting of matching) if (waiting.skip > 0) waiting.skip -= 1;
      if (found === undefined) return null;
      const fault = found.fault.perStretch === undefined ? found.fault : inStretch(found, clock().getTime());
      if (fault === null) return null;
      found.left -= 1;
      if (found.left <= 0) queue.splice(queue.indexOf(found), 1);
      return fault;
    },
  };
}
