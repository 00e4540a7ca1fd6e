/** How the app answered one delivery. */
export type Outcome =
  | { readonly acked: true; readonly body: unknown }
  | {
      readonly acked: false;
      readonly reason: 'timeout' | 'http_timeout' | 'http_error' | 'connection_failed' | 'not_connected';
      readonly detail: string;
      /** The app asked not to be sent this again (`X-Slack-No-Retry: 1`). */
      readonly noRetry: boolean;
    };

export interface Attempt {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Record<string, unknown>;
  readonly acceptsResponse: boolean;
  /** 0 at first; 1 to 3 when an event is sent again, with the reason of the last failure. */
  readonly retry: number;
  readonly retryReason: string;
  readonly ackTimeoutMs: number;
}

export const refused = (
  reason: Exclude<Outcome, { acked: true }>['reason'],
  detail: string,
  noRetry = false,
): Outcome => ({
  acked: false,
  reason,
  detail,
  noRetry,
});
