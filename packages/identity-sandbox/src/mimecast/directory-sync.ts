import type { FunctionInput, Prepared } from './function-input.js';
import type { ConnectionRecord } from './model.js';
import type { MimecastState } from './state.js';
import { paginate, success } from './wire.js';

const runs = ({ runsUntil }: ConnectionRecord, now: Date): boolean =>
  runsUntil !== null && Date.parse(runsUntil) > now.getTime();

/** What a synchronisation brings along when it ends: who is disabled in the directory, and who is not. */
function end(state: MimecastState, connection: ConnectionRecord): void {
  connection.lastSync = connection.runsUntil;
  connection.runsUntil = null;
  if (!connection.acknowledgeDisabledAccounts) return;
  for (const [email, enabled] of state.inDirectory) {
    const user = state.find(email);
    if (user === undefined || user.accountDisabled === !enabled) continue;
    user.accountDisabled = !enabled;
    state.took(enabled ? 'enable_account' : 'disable_account', user.emailAddress, 'synchronisation');
  }
}

/** Ends what has run long enough. */
export function settle(state: MimecastState): void {
  const now = state.now();
  for (const connection of state.connections)
    if (connection.runsUntil !== null && !runs(connection, now)) end(state, connection);
}

/** `2021-12-29T07:43:30+0000` */
const instant = (iso: string): string => `${iso.slice(0, 19)}+0000`;

export function getConnections({ state, now, paging }: FunctionInput): Prepared {
  const { page, pagination } = paginate(state.connections, paging);
  const rows = page.map((connection) => ({
    id: connection.id,
    description: connection.description,
    serverType: connection.serverType,
    enabled: true,
    status: 'ok',
    syncRunning: runs(connection, now),
    acknowledgeDisabledAccounts: connection.acknowledgeDisabledAccounts,
    domains: '',
    ...(connection.lastSync === null ? {} : { lastSync: instant(connection.lastSync) }),
  }));
  return { commit: () => success(rows, pagination) };
}

/** Starts one over all connections, which ends by itself after `syncMs`. */
export function executeSync({ state, now }: FunctionInput): Prepared {
  return {
    commit: () => {
      const until = new Date(now.getTime() + state.syncMs).toISOString();
      for (const connection of state.connections) connection.runsUntil ??= until;
      state.took('start_sync', '');
      return success(
        state.connections.map(({ serverType }) => ({ type: serverType.toUpperCase(), syncStatus: 'started' })),
      );
    },
  };
}
