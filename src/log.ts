import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** Names whose values never reach a log line, wherever they stand. */
const SECRET_KEYS = [
  'password',
  'token',
  'secret',
  'authorization',
  'client_secret',
  'api_key',
  'code',
  'seed',
  'unicodePwd',
  'cookie',
];
const paths = SECRET_KEYS.filter((key) => key !== 'code').flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export interface LogOptions {
  readonly level: string;
  /** People read a terminal, machines read JSON lines. */
  readonly pretty: boolean;
  readonly destination?: DestinationStream;
}

/** JSON lines with redaction; readable in a terminal. */
export function createLog({ level, pretty: forPeople, destination }: LogOptions): Logger {
  const options = {
    level,
    base: {},
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  if (destination) return pino(options, destination);
  return forPeople ? pino(options, pretty({ colorize: true, translateTime: 'HH:MM:ss', sync: true })) : pino(options);
}
