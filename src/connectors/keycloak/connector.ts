import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createKeycloakApi } from './api.js';
import { createEventSource } from './events.js';
import { createReportSource } from './reports.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import type { KeycloakSettings } from './settings.js';
import { partsOf, readAccount } from './state.js';
import { explain, findUser } from './user.js';

/**
 * One realm of Keycloak (24.0.2 or newer) behind the connector's port. An account's id is the user's UUID.
 * Throws when the settings' base URL cannot be used.
 */
export function createKeycloakConnector(
  settings: KeycloakSettings,
  runtime: Runtime,
  log: ConnectorLog = {},
): Connector {
  const api = createKeycloakApi(settings, runtime, log.request);
  const parts = partsOf(api, settings, runtime);
  const actions = actionsOf(parts);
  return defineConnector({
    system: 'keycloak',
    title: 'Keycloak',
    knownRangeSets: null,
    // Keycloak documents no limit; one account needs up to nine concurrent reads.
    limits: { concurrency: 4, perMinute: null },
    find: (person, call) => findUser(api, settings, person, call),
    read: (target) => readAccount(parts, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    explain: (failure, target) => explain(failure, api, target),
    evidence: (target) => evidence(parts, target),
    examination: examinationOf(parts, actions),
    events: createEventSource(parts, log),
    reports: [createReportSource(parts, log)],
  });
}
