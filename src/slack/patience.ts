import { setTimeout as pause } from 'node:timers/promises';
import { classifySlackError, slackErrorOf } from './failures.js';

/** Others may have used up a workspace's calls for the minute; after this many waits something else is wrong. */
const MOST_WAITS = 20;
/** A gateway that is briefly away: after these pauses the failure is reported. */
const PAUSES_MS = [1_000, 2_000, 4_000];
/** Slack's limit for a page. Source: docs.slack.dev, users.conversations and users.list. */
export const LARGEST_PAGE = 1000;

/**
 * Retries when Slack says that it is called too often, after the time it gives, and a few times when it does not
 * answer. For starts and commands, where nobody waits for an acknowledgement.
 */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  let failures = 0;
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask();
    } catch (error) {
      const failure = classifySlackError(error);
      const isThrottled = failure.kind === 'throttled';
      // An answer from Slack itself says what is wrong; retrying would not change it.
      const pauseMs = isThrottled
        ? failure.retryAfterMs
        : slackErrorOf(error) === null
          ? PAUSES_MS[failures]
          : undefined;
      if (pauseMs === undefined || waits === MOST_WAITS) throw error;
      if (!isThrottled) failures += 1;
      await pause(pauseMs);
    }
  }
}
