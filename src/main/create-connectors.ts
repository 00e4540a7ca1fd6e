import type { Logger } from 'pino';
import type { ConnectorLog } from '../connectors/kit/log.js';
import type { Connector } from '../ports/connector.js';
import type { Runtime } from '../platform/runtime.js';
import type { Config } from './config.js';

/** What a connector logs: requests without bodies, and rows that it could not read. */
const logOf = (log: Logger, part: string): ConnectorLog => ({
  request: (entry) => log.debug({ part, ...entry }, 'a request to an identity system ended'),
  unreadableRows: (report) => log.warn({ part, ...report }, 'rows could not be read and were left out'),
});

/** The connectors that are configured, by system. */
export const createConnectors = (
  { systems }: Pick<Config, 'systems'>,
  runtime: Runtime,
  log: Logger,
): ReadonlyMap<string, Connector> =>
  new Map(systems.map((one) => [one.system, one.connect(runtime, logOf(log, one.system))]));
