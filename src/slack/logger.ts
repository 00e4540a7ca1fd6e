import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/**
 * Bolt's log lines go into ours, so that they are redacted and formatted like all others. Its debug lines are dropped:
 * they contain whole deliveries, with people's words and the one-time codes that they enter.
 */
export function boltLogger(log: Logger): BoltLogger {
  const child = log.child({ part: 'bolt' });
  const say =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const error = parts.find((part): part is Error => part instanceof Error);
      child[level](error ? { err: error } : {}, parts.filter((part) => typeof part === 'string').join(' '));
    };
  let level = LogLevel.INFO;
  return {
    debug: () => undefined,
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
    setLevel: (next) => {
      level = next;
    },
    getLevel: () => level,
    setName: () => undefined,
  };
}
