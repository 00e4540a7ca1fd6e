import type { Runtime } from '../../platform/runtime.js';
import type { Connector, ConnectorFailure } from '../../ports/connector.js';
import type { Target } from '../kit/action.js';
import { defineConnector } from '../kit/define.js';
import type { ConnectorLog } from '../kit/log.js';
import { actionsOf } from './actions.js';
import { createOktaApi } from './api.js';
import { createEventSource } from './events.js';
import { evidence } from './evidence.js';
import { examinationOf } from './examination.js';
import { find } from './find.js';
import { createGroups } from './groups.js';
import { createReportSource } from './reports.js';
import { createSelf, protectedBecause } from './self.js';
import type { OktaSettings } from './settings.js';
import { readAccount, type Parts } from './state.js';

/** An API token dies with the account that created it: that account is never touched. A service app has no account. */
async function notOurselves({ settings, self }: Parts, { account, call }: Target): Promise<ConnectorFailure | null> {
  if (settings.api_token === null) return null;
  const identity = await self.identity(call);
  if (!identity.ok) return identity.error;
  const because = protectedBecause({ ...identity.value, roles: null }, { id: account.accountId, roles: null });
  return because === null ? null : { kind: 'protected_account', message: because };
}

/**
 * Okta's management API behind the connector's port. An account's id is Okta's own, `00u…`. Throws when the settings
 * contain no credentials or their base URL cannot be used.
 */
export function createOktaConnector(settings: OktaSettings, runtime: Runtime, log: ConnectorLog = {}): Connector {
  const api = createOktaApi(settings, runtime, log.request);
  const parts: Parts = { api, groups: createGroups(api), self: createSelf(api, settings, runtime), settings, runtime };
  const actions = actionsOf(parts);
  return defineConnector({
    system: 'okta',
    title: 'Okta',
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    // Okta's management limits count by endpoint, mostly 600 a minute, the log 120; at most 75 concurrent calls.
    limits: { concurrency: 5, perMinute: 60 },
    find: (person, call) => find(api, person, call),
    read: (target) => readAccount(parts, target),
    vendorTime: (own) => api.vendorTime(own),
    ahead: () => api.ahead(),
    actions,
    barred: async (kind, target) => (kind === 'enable_account' ? null : notOurselves(parts, target)),
    evidence: (target) => evidence(parts, target),
    examination: examinationOf(parts, actions),
    events: createEventSource(parts, log),
    reports: [createReportSource(parts, log)],
  });
}
