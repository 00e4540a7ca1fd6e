import { ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { Connector } from '../port.js';
import { createKeycloakApi } from './api.js';
import { capabilities } from './capabilities.js';
import { perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { createEventSource, type SkippedRows } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { capture, restore } from './facts.js';
import { health } from './health.js';
import { createPeople } from './people.js';
import { readBack } from './read-back.js';
import { createRoles } from './roles.js';
import type { KeycloakSettings } from './settings.js';
import { readAccount, type Reader } from './state.js';
import { createTurns } from './turns.js';
import { findUser } from './user.js';

/** What the connector tells its log about; neither holds a body or a token. */
export interface KeycloakLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly skippedRows?: (report: SkippedRows) => void;
}

/**
 * One realm of Keycloak (24.0.2 or newer) behind the connector's port. An account's id is the user's UUID.
 * Throws when the settings' base URL cannot be used.
 */
export function createKeycloakConnector(
  settings: KeycloakSettings,
  runtime: Runtime,
  log: KeycloakLog = {},
): Connector {
  const api = createKeycloakApi(settings, runtime, log.request);
  const reader: Reader = { api, roles: createRoles(api, settings), settings, runtime };
  const inTurn = createTurns();
  return {
    system: 'keycloak',
    title: 'Keycloak',
    capabilities: capabilities(settings),
    knownRangeSets: null,
    // Keycloak names no limit; one account needs up to nine reads at once.
    limits: { concurrency: 4, perMinute: null },
    find: (person, call) => findUser(api, settings, person, call),
    async readState(account, call) {
      const reading = await readAccount(reader, account, call);
      return reading.ok ? ok(reading.value.state) : reading;
    },
    perform: (command, account, call) => inTurn(account, () => perform(reader, command, account, call)),
    readBack: (command, account, since, call) => readBack(reader, command, account, { since, call }),
    capture: (command, account, call) => capture(reader, command, account, call),
    restore: (command, account, before, call) =>
      inTurn(account, () => restore(reader, command, account, { before, call })),
    evidence: (account, call) => evidence(reader, account, call),
    examine: (account, call) => examine(reader, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(reader, call),
    events: createEventSource({
      api,
      settings,
      runtime,
      people: createPeople(api),
      onSkipped: (report) => log.skippedRows?.(report),
    }),
    close: () => Promise.resolve(),
  };
}
