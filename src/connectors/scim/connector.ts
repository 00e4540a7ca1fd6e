import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { cannotTell } from '../kit/action.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createScimApi } from './api.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { createGroups } from './groups.js';
import { createServiceProvider } from './service-provider.js';
import type { ScimSettings } from './settings.js';
import { readAccount, stateOf, type Reader } from './state.js';
import { findUser } from './user.js';

/**
 * One application over SCIM 2.0 (RFC 7643, RFC 7644) behind the connector's port: one instance for each configured
 * application, with the system id `scim_<id>`. An account's id is the server's own. Throws when the settings' base URL
 * cannot be used.
 */
export function createScimConnector(settings: ScimSettings, runtime: Runtime, log: ConnectorLog = {}): Connector {
  const { id, title } = settings;
  const api = createScimApi(settings, runtime, log);
  const groups = createGroups(api, settings);
  const reader: Reader = { api, groups, provider: createServiceProvider(api), settings, runtime };
  const actions = actionsOf(reader);
  const nobodyShown = `${title} shows no such account any more, and no other either: check the base URL and the token.`;
  return defineConnector({
    system: `scim_${id}`,
    title,
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: { concurrency: settings.concurrency, perMinute: settings.per_minute },
    find: (person, call) => findUser(api, settings, person, call),
    read: (target) => readAccount(reader, target),
    stateOf: (reading) => stateOf(reader, reading),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    overruled: (_kind, { user }) => (user === 'unseen' ? cannotTell(nobodyShown) : null),
    evidence: (target) => evidence(reader, target),
    examination: examinationOf(reader, actions),
    events: null,
  });
}
