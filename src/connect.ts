import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createActiveDirectoryConnector } from './connectors/active-directory/connector.js';
import { activeDirectorySettings } from './connectors/active-directory/settings.js';
import { createMimecastConnector } from './connectors/mimecast/connector.js';
import { mimecastSettings } from './connectors/mimecast/settings.js';
import type { Connector } from './connectors/port.js';
import type { Runtime } from './runtime.js';

/** Password changes, and sign-ins with their addresses. */
const MIMECAST_CATEGORIES = ['user_account_and_role_logs', 'authentication_logs'];

/** The connectors that are configured, by system. */
export function connectSystems(config: Config, runtime: Runtime, log: Logger): ReadonlyMap<string, Connector> {
  const connectors: Connector[] = [];
  if (config.activeDirectory)
    connectors.push(createActiveDirectoryConnector(activeDirectorySettings.parse(config.activeDirectory), runtime));
  if (config.mimecast) {
    connectors.push(
      createMimecastConnector(
        mimecastSettings.parse({ ...config.mimecast, audit_categories: MIMECAST_CATEGORIES }),
        runtime,
        {
          request: (entry) => log.debug({ part: 'mimecast', ...entry }, 'a request to Mimecast ended'),
          unreadableRows: (report) =>
            log.warn({ part: 'mimecast', ...report }, 'audit rows could not be read and were left out'),
        },
      ),
    );
  }
  return new Map(connectors.map((connector) => [connector.system, connector]));
}
