import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { AccountRef, CallContext, Command, Connector, ConnectorFailure } from '../port.js';
import type { Action } from './action.js';
import { actionOf } from './actions.js';
import { createOktaApi } from './api.js';
import { capabilities } from './capabilities.js';
import { consoleSteps } from './console-steps.js';
import { createEventSource, type UnreadableRows } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { find } from './find.js';
import { createGroups } from './groups.js';
import { health } from './health.js';
import { createSelf, protectedBecause } from './self.js';
import type { OktaSettings } from './settings.js';
import { readAccount, type Parts } from './state.js';
import { createZoneQueue } from './zone.js';

/** What the connector tells its log about; neither holds a body, a token or a row's contents. */
export interface OktaLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

/** Okta's management limits count by endpoint, mostly 600 a minute, the log 120; at most 75 calls at the same time. */
const LIMITS = { concurrency: 5, perMinute: 60 } as const;

/** An API token dies with the account that made it: that account is never touched. A service app has no account. */
async function notOurselves(
  { settings, self }: Parts,
  account: AccountRef,
  call: CallContext,
): Promise<ConnectorFailure | null> {
  if (settings.api_token === null) return null;
  const identity = await self.identity(call);
  if (!identity.ok) return identity.error;
  const because = protectedBecause({ ...identity.value, roles: null }, { id: account.accountId, roles: null });
  return because === null ? null : { kind: 'protected_account', message: because };
}

/**
 * Okta's management API behind the connector's port. An account's id is Okta's own, `00u…`.
 * Throws when the settings hold no credentials or their base URL cannot be used.
 */
export function createOktaConnector(settings: OktaSettings, runtime: Runtime, log: OktaLog = {}): Connector {
  const api = createOktaApi(settings, runtime, log.request);
  const parts: Parts = { api, groups: createGroups(api), self: createSelf(api, settings, runtime), settings, runtime };
  const queue = createZoneQueue();
  const abilities = capabilities(settings);

  const undoOf = (command: Command): Result<NonNullable<Action['undo']>, ConnectorFailure> => {
    const { undo } = actionOf(parts, queue, command);
    if (undo !== null && abilities[command.kind].undo !== null) return ok(undo);
    return err({ kind: 'unsupported', message: 'Okta cannot undo this; there is nothing to put back.' });
  };

  return {
    system: 'okta',
    title: 'Okta',
    capabilities: abilities,
    knownRangeSets: settings.login_range_groups.map(({ ranges }) => ranges),
    limits: LIMITS,
    find: (person, call) => find(api, person, call),
    async readState(account, call) {
      const reading = await readAccount(parts, account, call);
      return reading.ok ? ok(reading.value.state) : reading;
    },
    async perform(command, account, call) {
      const refused = await notOurselves(parts, account, call);
      if (refused !== null && command.kind !== 'enable_account') return err(refused);
      return actionOf(parts, queue, command).perform({ account, call });
    },
    async readBack(command, account, since, call) {
      const action = actionOf(parts, queue, command);
      const reading = await readAccount(parts, account, call);
      if (!reading.ok) return reading;
      const verdict = await action.judge({ account, call }, { reading: reading.value, since });
      if (!verdict.ok) return verdict;
      return ok({ ...verdict.value, state: reading.value.state, survives: action.survives });
    },
    async capture(command, account, call) {
      const undo = undoOf(command);
      return undo.ok ? undo.value.capture({ account, call }) : Promise.resolve(ok({}));
    },
    async restore(command, account, before, call) {
      const undo = undoOf(command);
      return undo.ok ? undo.value.restore({ account, call }, before) : undo;
    },
    evidence: (account, call) => evidence(parts, account, call),
    examine: (account, call) => examine(parts, abilities, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(parts, call),
    events: createEventSource(parts, (report) => log.unreadableRows?.(report)),
    close: () => Promise.resolve(),
  };
}
