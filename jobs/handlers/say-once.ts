import type { Core } from '../../src/ports/core.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../../src/ports/messenger.js';
import type { Result } from '../../src/platform/result.js';
import { backoffMs } from '../backoff.js';

export interface Saying {
  /** Found again by this id. */
  readonly id: string;
  readonly since: Date;
  /** An earlier run may have sent it: look for it first. */
  readonly maybeSent: boolean;
}

/** Posts a message that belongs to no incident, once. Blocks that Slack refuses do not cost the words. */
export async function sayOnce(
  { core, messenger }: { readonly core: Core; readonly messenger: Messenger },
  channel: string,
  drawn: Drawn,
  { id, since, maybeSent }: Saying,
): Promise<Result<Placed, MessengerFailure>> {
  const to = { channel, threadTs: null };
  if (maybeSent) {
    const found = await messenger.find(to, id, since);
    if (!found.ok) return found;
    if (found.value) return { ok: true, value: found.value };
  }
  core.runtime.observe('post.before_call', id);
  const posted = await messenger.post(to, drawn, id);
  core.runtime.observe('post.after_call', id);
  core.meter.posted(posted.ok ? 'posted' : posted.error.kind);
  if (posted.ok || posted.error.kind !== 'refused' || drawn.blocks.length === 0) return posted;
  core.log.error({ post: id, detail: posted.error.detail }, 'Slack refused the blocks of a message; its text is sent');
  return messenger.post(to, { text: drawn.text, blocks: [] }, id);
}

const UNREACHABLE_RETRY_MS = 30_000;

/**
 * When to retry: when Slack says so, every half minute where a person has to fix the channel, else with growing pauses.
 */
export function retryMs(core: Core, failure: MessengerFailure, attempt: number): number {
  if (failure.kind === 'throttled') return Math.max(1_000, failure.retryAfterMs);
  return failure.kind === 'unreachable' ? UNREACHABLE_RETRY_MS : backoffMs(attempt, core.runtime);
}
