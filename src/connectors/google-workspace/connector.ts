import type { Runtime } from '../../platform/runtime.js';
import type { Connector } from '../../ports/connector.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createGoogleApi } from './api.js';
import { eventsOf } from './events.js';
import { reportsOf } from './report-sources.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { find, SYSTEM } from './find.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { readAccount } from './state.js';
import type { Tools } from './tools.js';
import { explainRefusal, isOwnAdmin, OWN_ADMIN } from './user.js';

/**
 * Google Workspace behind the connector's port: Admin SDK Directory and Reports, and Gmail settings. An account's id is
 * Google's number for it, which survives a change of address. Throws when a setting cannot be used.
 */
export function createGoogleWorkspaceConnector(
  settings: GoogleWorkspaceSettings,
  runtime: Runtime,
  log: ConnectorLog = {},
): Connector {
  const api = createGoogleApi(settings, runtime, log);
  const tools: Tools = { api, settings, runtime };
  const actions = actionsOf(tools);
  return defineConnector({
    system: SYSTEM,
    title: 'Google Workspace',
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: { concurrency: 8, perMinute: 1200 },
    find: (person, call) => find(tools, person, call),
    read: (target) => readAccount(tools, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    barred: (_kind, { account }) =>
      Promise.resolve(isOwnAdmin(account.login, settings) ? { kind: 'protected_account', message: OWN_ADMIN } : null),
    explain: (failure, target) => explainRefusal(tools, failure, target),
    evidence: (target) => evidence(tools, target),
    examination: examinationOf(tools, actions),
    events: eventsOf(tools, log),
    reports: reportsOf(tools, log),
  });
}
