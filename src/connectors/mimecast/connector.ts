import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createMimecastApi } from './api.js';
import { createDirectorySync } from './directory-sync.js';
import { eventsOf } from './events.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { findAccount } from './find.js';
import { createGroups } from './groups.js';
import { readAccount, type Reader } from './reading.js';
import { createRoles } from './roles.js';
import type { MimecastSettings } from './settings.js';

/**
 * Mimecast API 2.0 or 1.0 behind the connector's port. An account's id is its address in lower case: Mimecast's
 * functions accept no other. Throws when the settings' base URL cannot be used.
 */
export function createMimecastConnector(
  settings: MimecastSettings,
  runtime: Runtime,
  log: ConnectorLog = {},
): Connector {
  const api = createMimecastApi(settings, runtime, log);
  const reader: Reader = {
    api,
    groups: createGroups(api),
    roles: createRoles(api, runtime),
    sync: createDirectorySync(api, settings),
    settings,
    runtime,
  };
  return defineConnector({
    system: 'mimecast',
    title: 'Mimecast',
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    // Mimecast publishes no numbers and reports the rest of the quota in headers; one read of a person is about six
    // calls.
    limits: { concurrency: 4, perMinute: null },
    find: (person, call) => findAccount(api, person, call),
    read: (target) => readAccount(reader, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions: actionsOf(reader),
    evidence: (target) => evidence(reader, target),
    examination: examinationOf(reader),
    events: eventsOf(reader, log),
  });
}
