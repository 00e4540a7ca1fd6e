import type { Logger } from 'pino';

/** Resolves at the first Ctrl-C or SIGTERM. A second one ends the process at once. */
export function untilSignal(log: Pick<Logger, 'info'>): Promise<void> {
  return new Promise((resolve) => {
    const first = (signal: NodeJS.Signals): void => {
      log.info({ signal }, 'stopping: what runs is finished or handed back');
      for (const name of ['SIGINT', 'SIGTERM'] as const) {
        process.off(name, first);
        process.once(name, () => process.exit(130));
      }
      resolve();
    };
    process.on('SIGINT', first);
    process.on('SIGTERM', first);
  });
}
