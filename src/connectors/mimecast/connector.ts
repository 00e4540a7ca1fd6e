import { ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { Connector, Limits } from '../port.js';
import { createMimecastApi } from './api.js';
import { capabilities } from './capabilities.js';
import { perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { createEventSource, type UnreadableRows } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { findAccount } from './find.js';
import { createGroups } from './groups.js';
import { health } from './health.js';
import { readBack } from './read-back.js';
import type { MimecastSettings } from './settings.js';
import type { Reader } from './reader.js';
import { readAccount } from './state.js';
import { capture, restore } from './undo.js';

/** What the connector tells its log about; neither holds a body, a token or a row's contents. */
export interface MimecastLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

/** Mimecast publishes no numbers and tells the rest of the quota in headers; one read of a person is about six calls. */
const LIMITS: Limits = { concurrency: 4, perMinute: null };

/**
 * Mimecast API 2.0 or 1.0 behind the connector's port. An account's id is its address in lower case: Mimecast's functions take
 * no other. Throws when the settings' base URL cannot be used.
 */
export function createMimecastConnector(
  settings: MimecastSettings,
  runtime: Runtime,
  log: MimecastLog = {},
): Connector {
  const api = createMimecastApi(settings, runtime, log.request);
  const reader: Reader = { api, groups: createGroups(api), settings, runtime };
  return {
    system: 'mimecast',
    title: 'Mimecast',
    capabilities: capabilities(settings),
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: LIMITS,
    find: (person, call) => findAccount(api, person, call),
    async readState(account, call) {
      const reading = await readAccount(reader, account, call);
      return reading.ok ? ok(reading.value.state) : reading;
    },
    perform: (command, account, call) => perform(reader, command, account, call),
    readBack: (command, account, since, call) => readBack(reader, command, account, { since, call }),
    capture: (command, account, call) => capture(reader, command, account, call),
    restore: (command, account, before, call) => restore(reader, { command, before }, account, call),
    evidence: (account, call) => evidence(reader, account, call),
    examine: (account, call) => examine(reader, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(reader, call),
    events: createEventSource(api, settings, runtime, (report) => log.unreadableRows?.(report)),
    close: () => Promise.resolve(),
  };
}
