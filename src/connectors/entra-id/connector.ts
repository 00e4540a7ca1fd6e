import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { judgeGuest } from './account.js';
import { actionsOf } from './actions.js';
import { createGraphApi } from './api.js';
import { createDomains } from './domains.js';
import { eventsOf } from './events.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { find, SYSTEM } from './find.js';
import type { Reader } from './reader.js';
import { reportsOf } from './reports.js';
import type { EntraIdSettings } from './settings.js';
import { readAccount } from './state.js';

/**
 * Outlook accepts four concurrent calls of one application and mailbox, and one action is up to ten calls. Graph gives
 * no number of calls a minute for directory objects. A lockdown is about forty of these, and as many again where
 * changes appear late: a second account must not wait for the next minute.
 */
const LIMITS = { concurrency: 3, perMinute: 180 } as const;

/**
 * Microsoft Entra ID through Graph, with an application's own rights. An account's id is its object id.
 * Throws when the settings' base URLs cannot be used.
 */
export function createEntraIdConnector(settings: EntraIdSettings, runtime: Runtime, log: ConnectorLog = {}): Connector {
  const api = createGraphApi(settings, runtime, log.request);
  const reader: Reader = { api, domains: createDomains(api, runtime), settings, runtime };
  const actions = actionsOf(reader);
  return defineConnector({
    system: SYSTEM,
    title: 'Microsoft Entra ID',
    limits: LIMITS,
    knownRangeSets: settings.login_ranges === 'rule' ? null : settings.login_range_groups.map(({ ranges }) => ranges),
    find: (person, call) => find(reader, person, call),
    read: (target) => readAccount(reader, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    overruled: judgeGuest,
    evidence: (target) => evidence(reader, target),
    examination: examinationOf(reader, actions),
    events: eventsOf(reader, log),
    reports: reportsOf(reader, log),
  });
}
