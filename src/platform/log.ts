import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { presentable, presentableFields, withoutSecrets } from './presentable.js';
import { withoutControls } from './untrusted.js';

export interface LogOptions {
  readonly level: string;
  /** People read a terminal, machines read JSON lines. */
  readonly pretty: boolean;
  readonly destination?: DestinationStream;
  /** For a command whose standard output is its answer. */
  readonly beside?: true;
}

const STDERR = 2;

/** JSON lines with redaction; readable in a terminal. */
export function createLog({ level, pretty: forPeople, destination, beside }: LogOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: {},
    // Before pino's own serialiser, which copies every field of an error.
    formatters: { log: (fields) => presentableFields(fields) },
    serializers: { err: presentable },
    hooks: { streamWrite: (line) => withoutControls(withoutSecrets(line)) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  if (destination) return pino(options, destination);
  const to = beside === true ? { destination: STDERR } : {};
  if (forPeople) return pino(options, pretty({ colorize: true, translateTime: 'HH:MM:ss', sync: true, ...to }));
  return beside === true ? pino(options, pino.destination({ fd: STDERR, sync: true })) : pino(options);
}
