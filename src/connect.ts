import type { Logger } from 'pino';
import type { Config } from './config.js';
import { createActiveDirectoryConnector } from './connectors/active-directory/connector.js';
import { activeDirectorySettings } from './connectors/active-directory/settings.js';
import { createEntraIdConnector } from './connectors/entra-id/connector.js';
import { createGoogleWorkspaceConnector } from './connectors/google-workspace/connector.js';
import type { HttpLogEntry } from './connectors/http/client.js';
import { createKeycloakConnector } from './connectors/keycloak/connector.js';
import { createMimecastConnector } from './connectors/mimecast/connector.js';
import { mimecastSettings } from './connectors/mimecast/settings.js';
import { createOktaConnector } from './connectors/okta/connector.js';
import type { Connector } from './connectors/port.js';
import { createScimConnector } from './connectors/scim/connector.js';
import { createSlackWorkspaceConnector } from './connectors/slack-workspace/connector.js';
import type { Runtime } from './runtime.js';

/** The connectors that are configured, by system. */
export function connectSystems(config: Config, runtime: Runtime, log: Logger): ReadonlyMap<string, Connector> {
  const connectors: Connector[] = [];
  if (config.activeDirectory)
    connectors.push(createActiveDirectoryConnector(activeDirectorySettings.parse(config.activeDirectory), runtime));
  if (config.mimecast) {
    connectors.push(
      createMimecastConnector(mimecastSettings.parse(config.mimecast), runtime, {
        request: (entry) => log.debug({ part: 'mimecast', ...entry }, 'a request to Mimecast ended'),
        unreadableRows: (report) =>
          log.warn({ part: 'mimecast', ...report }, 'audit rows could not be read and were left out'),
      }),
    );
  }
  connectors.push(...connectIdentitySystems(config, runtime, log));
  return new Map(connectors.map((connector) => [connector.system, connector]));
}

/** What a connector tells its log about: requests without bodies, and rows that it could not read. */
const logOf = (log: Logger, part: string) => ({
  request: (entry: HttpLogEntry) => log.debug({ part, ...entry }, 'a request to an identity system ended'),
  unreadableRows: (report: object) => log.warn({ part, ...report }, 'rows could not be read and were left out'),
  skippedRows: (report: object) => log.warn({ part, ...report }, 'rows were left out'),
});

function connectIdentitySystems(config: Config, runtime: Runtime, log: Logger): Connector[] {
  const { entraId, okta, googleWorkspace, keycloak, slackWorkspace } = config;
  const found = [
    entraId && createEntraIdConnector(entraId, runtime, logOf(log, 'entra_id')),
    okta && createOktaConnector(okta, runtime, logOf(log, 'okta')),
    googleWorkspace && createGoogleWorkspaceConnector(googleWorkspace, runtime, logOf(log, 'google_workspace')),
    keycloak && createKeycloakConnector(keycloak, runtime, logOf(log, 'keycloak')),
    slackWorkspace && createSlackWorkspaceConnector(slackWorkspace, runtime, logOf(log, 'slack')),
    ...config.scim.map((settings) => createScimConnector(settings, runtime, logOf(log, `scim_${settings.id}`))),
  ];
  return found.filter((connector) => connector !== null);
}
