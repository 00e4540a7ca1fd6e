import { createHash } from 'node:crypto';
import type { Core } from '../../src/ports/core.js';
import type { Row } from '../../src/ports/database.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../../src/ports/messenger.js';
import type { PostBody } from '../../src/incidents/post-body.js';
import { openBody } from '../../src/incidents/sealed-posts.js';
import { ok, type Result } from '../../src/platform/result.js';
import type { PostChange, PostStatusWriter } from './post-status-writer.js';

/** `drawn` is the hash of what was drawn last. */
export interface Post extends Row<'posts', 'id' | 'status' | 'channel' | 'ts' | 'drawn' | 'created_at'> {
  readonly body: PostBody;
}

/**
 * The incident's posts in order: those waiting, and those to redraw. A card also waits when an earlier version gave it
 * up.
 */
export async function openPosts(core: Core, incidentId: string): Promise<Post[]> {
  const { rows } = await core.db.query<Omit<Post, 'body'> & Row<'posts', 'body' | 'incident_id'>>(
    `select id, incident_id, body, status, channel, ts, drawn, created_at from posts
     where workspace_id = $1 and incident_id = $2
       and (status in ('pending', 'sending') or (status = 'refused' and body ->> 'kind' = 'card')
         or (status = 'posted' and body ->> 'kind' in ('card', 'status', 'progress', 'residual', 'step_line', 'offer', 'tasks', 'waiting', 'review', 'elsewhere')))
     order by position`,
    [core.workspaceId, incidentId],
  );
  return rows.flatMap(({ incident_id, body: stored, ...row }) => {
    const body = readBody(core, { id: row.id, incident_id, body: stored });
    return body === null ? [] : [{ ...row, body }];
  });
}

/** `null` for what is no post, also when it is nested so deeply that reading it ends the stack: the others are shown. */
function readBody(core: Core, row: Row<'posts', 'id' | 'incident_id' | 'body'>): PostBody | null {
  try {
    const body = openBody(core, row);
    if (body.success) return body.data;
    core.log.error({ post: row.id, err: body.error }, 'a post cannot be read; the others of its incident are shown');
  } catch (error) {
    core.log.error({ post: row.id, err: error }, 'a post cannot be read; the others of its incident are shown');
  }
  return null;
}

const hashOf = ({ text, blocks }: Drawn): string =>
  createHash('sha256').update(JSON.stringify({ text, blocks })).digest('hex');

type Delivered = Result<Placed | null, MessengerFailure>;

/** What delivery works with, and where it stores the fate of a post. */
export interface Delivery {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly statuses: PostStatusWriter;
}

interface Target {
  readonly to: { readonly channel: string; readonly threadTs: string | null };
  readonly drawn: Drawn;
}

export const unsent = ({ id, channel, ts }: Post, status: 'pending' | 'sending' | 'refused'): PostChange => ({
  id,
  status,
  channel,
  ts,
  drawn: null,
});

/**
 * Posts a post once. It is marked before it is sent, as long as the claim on the work holds; one that was being sent
 * when the process died is searched for in the thread before it is sent again. A refused message is noted and left: the
 * same message would be refused again. Only the card is never given up: without it nobody sees the incident. One that
 * stands elsewhere than it belongs is posted anew: another channel was configured, or somebody else wrote its row.
 * @throws LeaseLostError when another worker took over: then nothing was sent
 */
export async function deliverPost(delivery: Delivery, post: Post, target: Target): Promise<Delivered> {
  const { core, messenger, statuses } = delivery;
  const { to, drawn } = target;
  if (post.status === 'posted' && post.channel === to.channel) return redraw(delivery, post, target);
  if (post.status === 'sending') {
    const found = await messenger.find(to, post.id, post.created_at);
    if (!found.ok) return found;
    if (found.value) {
      statuses.note({ id: post.id, status: 'posted', ...found.value, drawn: null });
      // It was drawn before the process died: redraw it with what has changed since.
      const redrawn = await redraw(delivery, { ...post, status: 'posted', ...found.value }, target);
      return redrawn.ok ? found : redrawn;
    }
  }
  await statuses.write(unsent(post, 'sending'));
  core.runtime.observe('post.before_call', post.id);
  const posted = drawn.picture
    ? await messenger.attach(to, { ...drawn.picture, alt: drawn.text }, post.id)
    : await postOrSay(delivery, to, drawn, post.id);
  core.runtime.observe('post.after_call', post.id);
  core.meter.posted(posted.ok ? 'posted' : posted.error.kind);
  if (!posted.ok) return afterFailure(delivery, post, posted.error);
  const { channel, ts } = posted.value ?? { channel: to.channel, ts: null };
  statuses.note({ id: post.id, status: 'posted', channel, ts, drawn: hashOf(drawn), fresh: true });
  return posted;
}

/**
 * Blocks that Slack refuses must not cost the words, nor the thread its root: the text is then posted without the
 * blocks.
 */
async function postOrSay(
  { core, messenger }: Delivery,
  to: Target['to'],
  drawn: Drawn,
  postId: string,
): Promise<Result<Placed, MessengerFailure>> {
  const posted = await messenger.post(to, drawn, postId);
  if (posted.ok || posted.error.kind !== 'refused' || drawn.blocks.length === 0) return posted;
  core.log.error(
    { post: postId, detail: posted.error.detail },
    'Slack refused the blocks of a message; its text is sent',
  );
  return messenger.post(to, { text: drawn.text, blocks: [] }, postId);
}

function afterFailure({ core, statuses }: Delivery, post: Post, failure: MessengerFailure): Delivered {
  if (failure.kind === 'refused' && post.body.kind !== 'card') {
    statuses.note(unsent(post, 'refused'));
    core.log.error({ post: post.id, detail: failure.detail }, 'Slack refused a message; it is left out');
    return ok(null);
  }
  // Throttled, unreachable and refused are answers: the message was not posted.
  if (failure.kind !== 'transient') statuses.note(unsent(post, 'pending'));
  return { ok: false, error: failure };
}

/** Slack's code for a message that somebody deleted. A card is then posted anew, and the thread continues under it. */
const GONE = 'message_not_found';

async function redraw(delivery: Delivery, post: Post, target: Target): Promise<Delivered> {
  const { core, messenger, statuses } = delivery;
  const { drawn } = target;
  const hash = hashOf(drawn);
  const { channel, ts } = post;
  if (post.drawn === hash || channel === null || ts === null) return ok(null);
  const updated = await messenger.update({ channel, ts }, drawn);
  if (!updated.ok) {
    if (updated.error.kind !== 'refused') return updated;
    if (post.body.kind === 'card' && updated.error.detail === GONE)
      return deliverPost(delivery, { ...post, status: 'pending', channel: null, ts: null, drawn: null }, target);
    core.log.error(
      { post: post.id, detail: updated.error.detail },
      'Slack refused to redraw a message; it stays as it is',
    );
  }
  statuses.note({ id: post.id, status: 'posted', channel, ts, drawn: hash });
  return ok(null);
}
