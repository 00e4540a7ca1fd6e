import type { Logger } from 'pino';

/** Something that is ended when the process stops. */
export interface Closer {
  readonly name: string;
  /** How long the others wait for it, ms. */
  readonly withinMs: number;
  readonly close: () => Promise<void>;
}

/**
 * Ends one after the other; what fails, or exceeds its time (a server that does not answer), is logged and left, so
 * that everything after it is ended too. Supervisors kill after ten seconds: all times given here add up to less.
 */
export async function closeAll(closers: readonly Closer[], log: Pick<Logger, 'warn'>): Promise<void> {
  for (const { name, withinMs, close } of closers) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log.warn({ part: name, ms: withinMs }, 'did not close in time and is left; what it held is taken up again');
        resolve();
      }, withinMs);
    });
    const closed = close().catch((error: unknown) => log.warn({ err: error, part: name }, 'did not close cleanly'));
    await Promise.race([closed, late]);
    clearTimeout(timer);
  }
}
