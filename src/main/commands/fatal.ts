import { createLog } from '../../platform/log.js';

/**
 * What nobody caught ends the process through the log, and so without what must not stand there: Node itself prints an
 * error with every field, such as the request that failed and its headers. Rejections that nobody handles come here too.
 */
export function endOnFatal(): void {
  process.on('uncaughtException', (error: unknown) => {
    createLog({ level: 'fatal', pretty: process.stdout.isTTY }).fatal(
      { err: error },
      'ended by an error that nobody expected',
    );
    process.exit(1);
  });
}
