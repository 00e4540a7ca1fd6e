import { ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { Connector } from '../port.js';
import { createSlackApi } from './api.js';
import { capabilities } from './capabilities.js';
import { perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { createEventSource, type UnreadableRows } from './events.js';
import { evidence } from './evidence/evidence.js';
import { examine } from './examine.js';
import { find } from './find.js';
import { health } from './health.js';
import { createIdentitySource } from './identity.js';
import { readBack } from './read-back.js';
import type { Reader } from './reader.js';
import type { SlackWorkspaceSettings } from './settings.js';
import { readAccount } from './state.js';
import { capture, restore } from './undo.js';

/** What the connector tells its log about; neither holds a body, a token or a row's contents. */
export interface SlackWorkspaceLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

/**
 * Slack itself as an identity system, behind the connector's port. An account's id is the member's id (`U…`, `W…`).
 * Throws when one of the settings' base URLs cannot be used.
 */
export function createSlackWorkspaceConnector(
  settings: SlackWorkspaceSettings,
  runtime: Runtime,
  log: SlackWorkspaceLog = {},
): Connector {
  const api = createSlackApi(settings, runtime, log.request);
  const reader: Reader = { api, identity: createIdentitySource(api), settings, runtime };
  return {
    system: 'slack',
    title: 'Slack',
    capabilities: capabilities(settings),
    knownRangeSets: null,
    // The administrators' methods are of tier 2: twenty a minute each.
    limits: { concurrency: 2, perMinute: 15 },
    find: (person, call) => find(api, person, call),
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
    events: createEventSource(reader, (report) => log.unreadableRows?.(report)),
    close: () => Promise.resolve(),
  };
}
