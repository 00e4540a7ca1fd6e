import type { StoreLog } from '../../src/store/connection.js';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** A logger that keeps its lines. */
export function keepingLog(): { log: StoreLog; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine['level']) =>
    (...args: unknown[]): void => {
      lines.push({ level, text: args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ') });
    };
  return { lines, log: { info: keep('info'), warn: keep('warn'), error: keep('error') } };
}
