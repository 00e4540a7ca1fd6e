import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createSlackApi } from './api.js';
import { eventsOf } from './events.js';
import { evidence } from './evidence/evidence.js';
import { examinationOf } from './examination.js';
import { find } from './find.js';
import { createIdentitySource } from './identity.js';
import type { Reader } from './reader.js';
import type { SlackWorkspaceSettings } from './settings.js';
import { readAccount } from './state.js';

/**
 * Slack itself as an identity system, behind the connector's port. An account's id is the member's id (`U…`, `W…`).
 * Throws when one of the settings' base URLs cannot be used.
 */
export function createSlackWorkspaceConnector(
  settings: SlackWorkspaceSettings,
  runtime: Runtime,
  log: ConnectorLog = {},
): Connector {
  const api = createSlackApi(settings, runtime, log);
  const reader: Reader = { api, identity: createIdentitySource(api), settings, runtime };
  const actions = actionsOf(reader);
  return defineConnector({
    system: 'slack',
    title: 'Slack',
    knownRangeSets: null,
    // The administrators' methods are of tier 2: twenty a minute each.
    limits: { concurrency: 2, perMinute: 15 },
    find: (person, call) => find(api, person, call),
    read: (target) => readAccount(reader, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    evidence: (target) => evidence(reader, target),
    examination: examinationOf(reader, actions),
    events: eventsOf(reader, log),
  });
}
