import { ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { AccountRef, CallContext, Command, Connector } from '../port.js';
import { createGraphApi } from './api.js';
import { capabilities } from './capabilities.js';
import { consoleSteps } from './console-steps.js';
import { createDomains } from './domains.js';
import { createEventSource, type UnreadableRows } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { plain } from './failures.js';
import { find, SYSTEM } from './find.js';
import { handlerOf } from './handlers.js';
import { health } from './health.js';
import { createBlockedAddresses } from './locations.js';
import type { Handler, Reader } from './reader.js';
import type { EntraIdSettings } from './settings.js';
import { readAccount } from './state.js';
import { survivors } from './survivors.js';

/** What the connector tells its log about; never a body, a token or a row's contents. */
export interface EntraIdLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

/**
 * Outlook takes four calls at once of one application and mailbox, and one action is up to ten calls. Graph names no
 * number of calls a minute for directory objects. A lockdown is about forty of these, and as many again where changes
 * are seen late: a second account must not wait for the next minute.
 */
const LIMITS = { concurrency: 3, perMinute: 180 } as const;

/**
 * Microsoft Entra ID through Graph, with an application's own rights. An account's id is its object id.
 * Throws when the settings' base URLs cannot be used.
 */
export function createEntraIdConnector(settings: EntraIdSettings, runtime: Runtime, log: EntraIdLog = {}): Connector {
  const api = createGraphApi(settings, runtime, log.request);
  const reader: Reader = { api, domains: createDomains(api, runtime), settings, runtime };
  const blocked = createBlockedAddresses(reader);
  const routes = capabilities(settings);
  const handler = (command: Command): Handler => handlerOf(reader, blocked, command);

  const readBack = async (command: Command, account: AccountRef, since: Date, call: CallContext) => {
    const reading = await readAccount(reader, { account, call });
    if (!reading.ok) return reading;
    const { state } = reading.value;
    const verdict = await handler(command).judge({ account, call }, state, since);
    return verdict.ok ? ok({ ...verdict.value, state, survives: survivors(command, state) }) : verdict;
  };

  return {
    system: SYSTEM,
    title: 'Microsoft Entra ID',
    capabilities: routes,
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: LIMITS,
    find: async (person, call) => plain(await find(reader, person, call)),
    async readState(account, call) {
      const reading = await readAccount(reader, { account, call });
      return reading.ok ? ok(reading.value.state) : plain(reading);
    },
    perform: async (command, account, call) => plain(await handler(command).perform({ account, call })),
    readBack: async (command, account, since, call) => plain(await readBack(command, account, since, call)),
    capture: async (command, account, call) => plain(await handler(command).capture({ account, call })),
    restore: async (command, account, before, call) => plain(await handler(command).restore({ account, call }, before)),
    evidence: (account, call) => evidence(reader, { account, call }),
    examine: (account, call) => examine(reader, routes, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(reader, call),
    events: createEventSource(reader, (report) => log.unreadableRows?.(report)),
    close: () => Promise.resolve(),
  };
}
