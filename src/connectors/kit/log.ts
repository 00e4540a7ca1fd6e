import type { CallContext } from '../../ports/connector.js';
import type { HttpLogEntry } from '../http/client.js';

/** Called when rows that may have been events could not be read, so that none is lost silently. */
export interface UnreadableRows {
  readonly system: string;
  readonly count: number;
  /** Distinct reasons, without the rows' contents. */
  readonly reasons: readonly string[];
  readonly correlationId: string;
}

/** What a connector logs; neither contains a body, a token or a row's contents. */
export interface ConnectorLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

/** Logs the rows that could not be read, by reason: one reason for each row. Silent when there are none. */
export function tellUnreadable(
  log: ConnectorLog,
  { system, unreadable }: { readonly system: string; readonly unreadable: readonly string[] },
  { correlationId }: CallContext,
): void {
  if (unreadable.length === 0) return;
  log.unreadableRows?.({ system, count: unreadable.length, reasons: [...new Set(unreadable)], correlationId });
}
