import { createHash } from 'node:crypto';
import type { Core } from '../../src/core.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../../src/incidents/messenger.js';
import { postBody, type PostBody } from '../../src/incidents/posts.js';
import { ok, type Result } from '../../src/result.js';
import type { PostChange, PostLedger } from './post-ledger.js';

export interface Post {
  readonly id: string;
  readonly body: PostBody;
  readonly status: 'pending' | 'sending' | 'posted' | 'refused';
  readonly channel: string | null;
  readonly ts: string | null;
  /** Hash of what was drawn last. */
  readonly drawn: string | null;
  readonly created_at: Date;
}

/** The incident's posts in order: what waits, and what is redrawn. */
export async function openPosts(core: Core, incidentId: string): Promise<Post[]> {
  const { rows } = await core.db.query<Omit<Post, 'body'> & { body: unknown }>(
    `select id, body, status, channel, ts, drawn, created_at from posts
     where workspace_id = $1 and incident_id = $2
       and (status in ('pending', 'sending') or (status = 'posted' and body ->> 'kind' in ('card', 'status', 'progress', 'step_line', 'tasks')))
     order by position`,
    [core.workspaceId, incidentId],
  );
  return rows.map((row) => ({ ...row, body: postBody.parse(row.body) }));
}

const hashOf = ({ text, blocks }: Drawn): string =>
  createHash('sha256').update(JSON.stringify({ text, blocks })).digest('hex');

type Delivered = Result<Placed | null, MessengerFailure>;

/** What delivering works with, and where it writes down what became of a post. */
export interface Desk {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly ledger: PostLedger;
}

interface Sheet {
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
 * Posts a post once. It is marked before it is sent, as long as the claim on the work holds; one that was being sent when
 * the process died is looked for in the thread before it is sent again. A refused message is noted and left: the same
 * message would be refused again.
 * @throws LeaseLostError when another worker took over: then nothing was sent
 */
export async function deliverPost(desk: Desk, post: Post, { to, drawn }: Sheet): Promise<Delivered> {
  const { core, messenger, ledger } = desk;
  if (post.status === 'posted') return redraw(desk, post, drawn);
  if (post.status === 'sending') {
    const found = await messenger.find(to, post.id, post.created_at);
    if (!found.ok) return found;
    if (found.value) {
      ledger.note({ id: post.id, status: 'posted', ...found.value, drawn: null });
      // It was drawn before the process died: what has changed since is drawn now.
      const redrawn = await redraw(desk, { ...post, status: 'posted', ...found.value }, drawn);
      return redrawn.ok ? found : redrawn;
    }
  }
  await ledger.write(unsent(post, 'sending'));
  core.runtime.observe('post.before_call', post.id);
  const posted = drawn.picture
    ? await messenger.attach(to, { ...drawn.picture, alt: drawn.text }, post.id)
    : await postOrSay(desk, to, drawn, post.id);
  core.runtime.observe('post.after_call', post.id);
  core.meter.posted(posted.ok ? 'posted' : posted.error.kind);
  if (!posted.ok) return afterFailure(desk, post, posted.error);
  const { channel, ts } = posted.value ?? { channel: to.channel, ts: null };
  ledger.note({ id: post.id, status: 'posted', channel, ts, drawn: hashOf(drawn), fresh: true });
  return posted;
}

/** Blocks that Slack refuses must not cost the words, nor the thread its root: they are then said without the blocks. */
async function postOrSay(
  { core, messenger }: Desk,
  to: Sheet['to'],
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

function afterFailure({ core, ledger }: Desk, post: Post, failure: MessengerFailure): Delivered {
  if (failure.kind === 'refused') {
    ledger.note(unsent(post, 'refused'));
    core.log.error({ post: post.id, detail: failure.detail }, 'Slack refused a message; it is left out');
    return ok(null);
  }
  // Throttled and unreachable are answers: the message does not stand there.
  if (failure.kind !== 'transient') ledger.note(unsent(post, 'pending'));
  return { ok: false, error: failure };
}

async function redraw({ core, messenger, ledger }: Desk, post: Post, drawn: Drawn): Promise<Delivered> {
  const hash = hashOf(drawn);
  const { channel, ts } = post;
  if (post.drawn === hash || channel === null || ts === null) return ok(null);
  const updated = await messenger.update({ channel, ts }, drawn);
  if (!updated.ok) {
    if (updated.error.kind !== 'refused') return updated;
    core.log.error(
      { post: post.id, detail: updated.error.detail },
      'Slack refused to redraw a message; it stays as it is',
    );
  }
  ledger.note({ id: post.id, status: 'posted', channel, ts, drawn: hash });
  return ok(null);
}
