import { z } from 'zod';
import type { CallContext, ConnectorFailure } from '../../ports/connector.js';
import { utc, type Target } from '../kit/action.js';
import type { MimecastApi } from './api.js';
import { parseAuditTime } from './audit-row.js';
import { PATH } from './permissions.js';
import type { MimecastSettings } from './settings.js';

/** A row of `get-connection`: `lastSync` is "the date of the last successful sync". */
export const connection = z.object({
  lastSync: z.string().catch('').transform(parseAuditTime),
  syncRunning: z.boolean().nullable().catch(null).default(null),
  /** Whether it brings along that an account is disabled. */
  acknowledgeDisabledAccounts: z.boolean().nullable().catch(null).default(null),
});
type Connection = z.output<typeof connection>;

const LISTING = { item: connection, size: 100, mostPages: 1 };

/**
 * The synchronisation of Mimecast with the company's directories, which brings along who is disabled there
 * (`userAccountControl`; no password is copied). By itself it runs three times a day (Mimecast, "Directory
 * Synchronization - Frequently Asked Questions").
 */
export interface DirectorySync {
  /** Asks for one, after an account was disabled. A refusal fails nothing: what it was asked after is done. */
  start(target: Target): Promise<void>;
  /** One sentence on whether one ran since, for the thread of this account. What it shows is to be read after it. */
  tell(since: Date, target: Target): Promise<string>;
  /** Why connections cannot be read; `null`: they can. */
  missing(call: CallContext): Promise<ConnectorFailure | null>;
}

/** Which connection has the person is not told, so all that bring disabled accounts along count. */
function said(found: readonly Connection[], since: Date): string {
  const relevant = found.filter(({ acknowledgeDisabledAccounts: brings }) => brings !== false);
  if (relevant.length === 0)
    return 'No directory connection of Mimecast brings along that an account is disabled (Acknowledge Disabled Accounts is off, or there is none).';
  const [oldest, ...others] = relevant.map(({ lastSync }) => lastSync);
  const last = others.reduce<Date | null>((first, at) => (at && first && at > first ? first : at), oldest ?? null);
  if (last !== null && relevant.every(({ lastSync }) => lastSync !== null && lastSync >= since))
    return `Mimecast has synchronised with its directories since, the last time at ${utc(last)}, and this is what it shows after it.`;
  if (relevant.some(({ syncRunning }) => syncRunning === true))
    return 'A synchronisation with the directories is under way, and may change this once more.';
  return 'Mimecast shows no synchronisation with its directories that has ended since.';
}

/** `null`: people are not copied here, or nobody wants it started. */
export function createDirectorySync(
  api: MimecastApi,
  { synced_from, start_directory_sync }: MimecastSettings,
): DirectorySync | null {
  if (synced_from === null || !start_directory_sync) return null;
  /** By the account that it was asked for. */
  const refused = new Map<string, ConnectorFailure>();
  const read = (call: CallContext) => api.list({ path: PATH.connections, data: null, call }, LISTING);
  return {
    async start({ account, call }) {
      const answer = await api.change(PATH.executeSync, null, call);
      if (answer.ok) refused.delete(account.accountId);
      else refused.set(account.accountId, answer.error);
    },
    async tell(since, { account, call }) {
      const found = await read(call);
      const shown = !found.ok
        ? `Whether Mimecast has synchronised with its directories since is not told: ${found.error.message}`
        : found.value.complete
          ? said(found.value.items, since)
          : 'Whether Mimecast has synchronised with its directories since cannot be read whole.';
      const why = refused.get(account.accountId);
      return why === undefined ? shown : `${shown} It could not be started: ${why.message}`;
    },
    async missing(call) {
      const found = await read(call);
      return found.ok ? null : found.error;
    },
  };
}
