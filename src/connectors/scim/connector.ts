import { ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { Connector } from '../port.js';
import { createScimApi } from './api.js';
import { capabilities } from './capabilities.js';
import { perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { evidence } from './evidence.js';
import { examine, health } from './examine.js';
import { capture, restore } from './facts.js';
import { createGroups } from './groups.js';
import { readBack } from './read-back.js';
import { createServiceProvider } from './service-provider.js';
import type { ScimSettings } from './settings.js';
import { readAccount, type Reader } from './state.js';
import { findUser } from './user.js';

/** What the connector tells its log about; neither holds a body or a token. */
export interface ScimLog {
  readonly request?: (entry: HttpLogEntry) => void;
}

/**
 * One application over SCIM 2.0 (RFC 7643, RFC 7644) behind the connector's port: one instance for each configured
 * application, with the system id `scim_<id>`. An account's id is the server's own. Throws when the settings' base URL
 * cannot be used.
 */
export function createScimConnector(settings: ScimSettings, runtime: Runtime, log: ScimLog = {}): Connector {
  const api = createScimApi(settings, runtime, log.request);
  const reader: Reader = {
    api,
    groups: createGroups(api, settings),
    provider: createServiceProvider(api),
    settings,
    runtime,
  };
  return {
    system: `scim_${settings.id}`,
    title: settings.title,
    capabilities: capabilities(settings),
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: { concurrency: settings.concurrency, perMinute: settings.per_minute },
    find: (person, call) => findUser(api, settings, person, call),
    async readState(account, call) {
      const reading = await readAccount(reader, account, call);
      return reading.ok ? ok(reading.value.state) : reading;
    },
    perform: (command, account, call) => perform(reader, command, account, call),
    readBack: (command, account, since, call) => readBack(reader, command, account, { since, call }),
    capture: (command, account, call) => capture(reader, command, account, call),
    restore: (command, account, before, call) => restore(reader, command, account, { before, call }),
    evidence: (account, call) => evidence(reader, account, call),
    examine: (account, call) => examine(reader, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(reader, call),
    events: null,
    close: () => Promise.resolve(),
  };
}
