/** What goes wrong with the next `times` requests. */
export interface MailFault {
  /**
   * `http_500` and `http_429`: the mail is not taken. `http_401`: as with a revoked key. `http_400`: the address is refused. `drop_after_accept`: the mail is taken and the connection cut
   * before the answer. `drop_before_accept`: the connection is cut and nothing is taken. `slow`: the answer waits `ms`.
   */
  readonly type:
    'http_500' | 'http_429' | 'http_401' | 'http_400' | 'drop_after_accept' | 'drop_before_accept' | 'slow';
  readonly times: number;
  /** For `slow`: milliseconds. */
  readonly ms?: number;
}

export interface MailFaults {
  add(fault: MailFault): void;
  clear(): void;
  list(): readonly MailFault[];
  /** Uses one up. */
  take(): MailFault | null;
}

export function createFaults(): MailFaults {
  let waiting: MailFault[] = [];
  return {
    add: (fault) => waiting.push(fault),
    clear: () => (waiting = []),
    list: () => [...waiting],
    take() {
      const [next, ...rest] = waiting;
      if (next === undefined) return null;
      waiting = next.times > 1 ? [{ ...next, times: next.times - 1 }, ...rest] : rest;
      return next;
    },
  };
}
