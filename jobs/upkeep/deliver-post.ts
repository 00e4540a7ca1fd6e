import { createHash } from 'node:crypto';
import type { Core } from '../../src/core.js';
import type { Drawn, Messenger, MessengerFailure, Placed } from '../../src/incidents/messenger.js';
import { postBody, type PostBody } from '../../src/incidents/posts.js';
import { ok, type Result } from '../../src/result.js';

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

async function save(
  core: Core,
  post: Post,
  values: { status: Post['status']; placed: Placed | null; drawn: string | null },
): Promise<void> {
  await core.db.query(
    'update posts set status = $3, channel = $4, ts = $5, drawn = $6 where workspace_id = $1 and id = $2',
    [
      core.workspaceId,
      post.id,
      values.status,
      values.placed?.channel ?? post.channel,
      values.placed?.ts ?? post.ts,
      values.drawn,
    ],
  );
}

type Delivered = Result<Placed | null, MessengerFailure>;

/**
 * Posts a post once. A post that was being sent when the process died is looked for in the thread before it is sent
 * again. A refused message is noted and left: the same message would be refused again.
 */
export async function deliverPost(
  core: Core,
  messenger: Messenger,
  post: Post,
  { to, drawn }: { to: { channel: string; threadTs: string | null }; drawn: Drawn },
): Promise<Delivered> {
  if (post.status === 'posted') return redraw(core, messenger, post, drawn);
  if (post.status === 'sending') {
    const found = await messenger.find(to, post.id, post.created_at);
    if (!found.ok) return found;
    if (found.value) {
      await save(core, post, { status: 'posted', placed: found.value, drawn: null });
      // It was drawn before the process died: what has changed since is drawn now.
      const redrawn = await redraw(core, messenger, { ...post, status: 'posted', ...found.value }, drawn);
      return redrawn.ok ? found : redrawn;
    }
  }
  await save(core, post, { status: 'sending', placed: null, drawn: null });
  core.runtime.observe('post.before_call', post.id);
  const posted = drawn.picture
    ? await messenger.attach(to, { ...drawn.picture, alt: drawn.text }, post.id)
    : await messenger.post(to, drawn, post.id);
  core.runtime.observe('post.after_call', post.id);
  core.meter.posted(posted.ok ? 'posted' : posted.error.kind);
  if (!posted.ok) return afterFailure(core, post, posted.error);
  await save(core, post, { status: 'posted', placed: posted.value, drawn: hashOf(drawn) });
  core.runtime.observe('post.recorded', post.id);
  return posted;
}

async function afterFailure(core: Core, post: Post, failure: MessengerFailure): Promise<Delivered> {
  if (failure.kind === 'refused') {
    await save(core, post, { status: 'refused', placed: null, drawn: null });
    core.log.error({ post: post.id, detail: failure.detail }, 'Slack refused a message; it is left out');
    return ok(null);
  }
  // Throttled and unreachable are answers: the message does not stand there.
  if (failure.kind !== 'transient') await save(core, post, { status: 'pending', placed: null, drawn: null });
  return { ok: false, error: failure };
}

async function redraw(core: Core, messenger: Messenger, post: Post, drawn: Drawn): Promise<Delivered> {
  const hash = hashOf(drawn);
  if (post.drawn === hash || post.channel === null || post.ts === null) return ok(null);
  const updated = await messenger.update({ channel: post.channel, ts: post.ts }, drawn);
  if (!updated.ok) {
    if (updated.error.kind !== 'refused') return updated;
    core.log.error(
      { post: post.id, detail: updated.error.detail },
      'Slack refused to redraw a message; it stays as it is',
    );
  }
  await save(core, post, { status: 'posted', placed: null, drawn: hash });
  return ok(null);
}
