import type { Translator } from '../../blocks/parts.js';
import { isToBeTold, isUnanswered, unansweredCard } from '../../blocks/unanswered.js';
import type { Core } from '../../src/ports/core.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../../src/ports/messenger.js';
import { onCallFor } from '../../src/incidents/on-call.js';
import type { Within } from '../../src/incidents/posts.js';
import {
  type AskedNotice,
  gapLeftMs,
  noticesOfPost,
  postToSend,
  requestRedraw,
  unansweredPost,
  type UnansweredPost,
  whatIsNext,
} from '../../src/notices/unanswered.js';
import type { Outcome, Run } from '../worker.js';
import { retryMs, sayOnce } from './say-once.js';
import { tellDirectly } from './tell-directly.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
}

/**
 * Posts in the security channel the notices whose time to be answered is over, or that an approver or a claim has
 * ended: all in one post. Those answered meanwhile are left out; a post that was begun before the process died is
 * searched for before it is sent again.
 */
export async function tellUnanswered(parts: Parts, run: Run): Promise<Outcome> {
  const { core } = parts;
  const asOf = core.runtime.now();
  const sending = await run.commit(async (tx) => {
    return postToSend({ core, tx });
  });
  if (sending) {
    const failure = await tell(parts, { ...sending, asOf }, run);
    if (failure) return { againInMs: retryMs(core, failure, run.work.attempt) };
  }
  const { due, last } = await whatIsNext(core, core.db);
  if (due === null) return 'completed';
  const now = core.runtime.now();
  return { againInMs: Math.max(due.getTime() - now.getTime(), gapLeftMs(last, now), 0) };
}

interface Sending {
  readonly post: UnansweredPost;
  readonly maybeSent: boolean;
  /** Taken before the post was filled: whatever comes due from then on is news. */
  readonly asOf: Date;
}

async function tell(parts: Parts, { post, maybeSent, asOf }: Sending, run: Run): Promise<MessengerFailure | null> {
  const { core, messenger } = parts;
  const notices = await noticesOfPost(core, post.id);
  const channel = core.policy.securityChannel;
  const placed = !notices.some(isToBeTold)
    ? await messenger.find({ channel, threadTs: null }, post.id, post.created_at)
    : await sayOnce(parts, channel, draw(parts, notices), { id: post.id, since: post.created_at, maybeSent });
  if (placed.ok) {
    await run.commit((tx) => savePlace({ core, tx }, post, placed.value));
    // The posted version may be an earlier run's, or older than an approver's look.
    if (placed.value && (maybeSent || (await hasChanged(core, post, notices))))
      await run.commit((tx) =>
        requestRedraw(
          { core, tx },
          notices.map(({ id }) => id),
          run.work.correlation_id,
        ),
      );
    return null;
  }
  core.log.warn({ post: post.id, failure: placed.error }, 'unanswered notices could not be told to the channel yet');
  await tellDirectly(parts, run.commit, {
    id: post.id,
    failure: placed.error,
    asOf,
    draw: (user, told) => drawFresh(parts, user, told, notices),
  });
  return placed.error;
}

const hasChanged = async (core: Core, post: UnansweredPost, drawn: readonly AskedNotice[]): Promise<boolean> =>
  JSON.stringify(await noticesOfPost(core, post.id)) !== JSON.stringify(drawn);

/** Everybody answered before it was sent: then nothing of it needs to be kept. */
async function savePlace({ core, tx }: Within, { id }: UnansweredPost, placed: Placed | null): Promise<void> {
  if (placed === null) {
    await tx.query('delete from unanswered_posts where workspace_id = $1 and id = $2', [core.workspaceId, id]);
    return;
  }
  await tx.query('update unanswered_posts set channel = $3, ts = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    id,
    placed.channel,
    placed.ts,
  ]);
  core.runtime.observe('post.recorded', id);
}

function draw({ core, translator }: Parts, notices: readonly AskedNotice[]): Drawn {
  const title = (system: string): string => core.connectors.get(system)?.title ?? system;
  return unansweredCard(translator, notices, { title, onCall: onCallFor(core.policy.onCall, null) });
}

/** When the channel was due to be told; `null`: from before notices had a due time. */
const tellableAt = (notice: AskedNotice): Date | null =>
  isUnanswered(notice) ? notice.due_at : (notice.settled_at ?? notice.answered_at);

/**
 * What is new for an approver since their last message, but nothing about themselves: the attacker may have their
 * Slack.
 */
function drawFresh(parts: Parts, user: string, told: Date | null, notices: readonly AskedNotice[]): Drawn | null {
  const isFresh = (notice: AskedNotice): boolean =>
    told === null || (tellableAt(notice)?.getTime() ?? 0) > told.getTime();
  const fresh = notices.filter((one) => isToBeTold(one) && one.slack_user_id !== user && isFresh(one));
  return fresh.length === 0 ? null : draw(parts, fresh);
}

/** Redraws the post: somebody answered late, or an approver dealt with it. */
export async function redrawUnanswered(parts: Parts, run: Run): Promise<Outcome> {
  const { core, messenger } = parts;
  const post = await unansweredPost(core, run.work.ref);
  // In the configured channel only: whoever writes rows does not have it drawn over a message elsewhere.
  if (!post || post.channel !== core.policy.securityChannel || post.ts === null) return 'completed';
  const { channel, ts } = post;
  const updated = await messenger.update({ channel, ts }, draw(parts, await noticesOfPost(core, post.id)));
  if (updated.ok) return 'completed';
  if (updated.error.kind !== 'refused') return { againInMs: retryMs(core, updated.error, run.work.attempt) };
  core.log.error({ post: post.id, failure: updated.error }, 'Slack refused to redraw a message; it stays as it is');
  return 'completed';
}
