import { type Phrase, phrase } from '../../src/texts/phrase.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger, MessengerFailure, Placed } from '../../src/ports/messenger.js';
import { addPost, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { type IncidentView, incidentView } from '../../src/incidents/view.js';
import { err, ok, type Result } from '../../src/platform/result.js';
import type { Commit } from '../../src/outbox/outbox.js';
import { backoffMs } from '../backoff.js';
import type { Outcome, Run } from '../worker.js';
import { deliverPost, type Delivery, openPosts, type Post, unsent } from './deliver-post.js';
import type { Draw } from './draw.js';
import { PostStatusWriter } from './post-status-writer.js';
import { isUnheard } from './tell-directly.js';

/** Slack takes about one message a second in a channel; it accepts a burst and then throttles. */
const THROTTLED_MIN_MS = 1_000;

export interface SyncParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly draw: Draw;
}

type Sent = Result<null, MessengerFailure>;

/** One run's work on one incident. */
interface SyncRun extends Delivery {
  readonly draw: Draw;
  readonly view: IncidentView;
  readonly signal: AbortSignal;
  readonly progress: () => void;
  readonly commit: Commit;
}

/**
 * Brings Slack up to date with the store: posts what waits, in order, and redraws what changed. One run at a time per
 * incident (its work is claimed), so lines never overtake each other. The thread and the direct messages do not wait
 * for one another.
 */
export async function syncIncident(parts: SyncParts, run: Run): Promise<Outcome> {
  const { core } = parts;
  // Posts first: reads are answered in the order in which they are sent, so that posts are never newer than what they
  // are drawn from.
  const [posts, view] = await Promise.all([openPosts(core, run.work.ref), incidentView(core, run.work.ref)]);
  if (!view) return 'completed';
  const isDirect = (post: Post): boolean => post.body.kind === 'status' || post.body.kind === 'tell';
  const statuses = new PostStatusWriter(core, run.lease);
  const sync: SyncRun = { ...parts, statuses, view, signal: run.signal, progress: run.progress, commit: run.commit };
  const both = Promise.all([
    sendDirect(sync, posts.filter(isDirect)),
    sendThread(
      sync,
      posts.filter((post) => !isDirect(post)),
    ),
  ]);
  const [direct, thread] = await both.catch(async (error: unknown) => {
    await statuses.write();
    throw error;
  });
  const growingMs = backoffMs(run.work.attempt, core.runtime);
  const waits = [thread, direct].flatMap((sent) => (sent.ok ? [] : [waitFor(sent.error, growingMs)]));
  if (waits.length === 0 && !run.signal.aborted) {
    if ((await statuses.end()) === 'pending') core.dispatch();
    return 'already_finished';
  }
  await statuses.write();
  if (!thread.ok && mustBeTold(view, thread.error)) await tellApprovers(core, view, run, thread.error);
  return { againInMs: run.signal.aborted ? 0 : Math.min(...waits) };
}

/** With growing pauses of at most a minute, also while the channel waits for a person to fix it. */
const waitFor = (failure: MessengerFailure, growingMs: number): number =>
  failure.kind === 'throttled' ? Math.max(THROTTLED_MIN_MS, failure.retryAfterMs) : growingMs;

/** Whether the incident would go unseen in its channel; a posted card is seen while the channel can be reached. */
function mustBeTold({ incident, now }: IncidentView, failure: MessengerFailure): boolean {
  if (failure.kind === 'unreachable') return true;
  if (incident.card_ts !== null || incident.status === 'closed') return false;
  return isUnheard(failure, incident.opened_at, now);
}

/**
 * The card first (it is the thread's root), then the lines in order, then the redraws. All of it in the configured
 * channel alone: that one is examined, and whoever writes rows has the thread posted nowhere else.
 */
async function sendThread(sync: SyncRun, posts: readonly Post[]): Promise<Sent> {
  const { core, view, signal } = sync;
  const { securityChannel: channel } = core.policy;
  const standing = view.incident.channel === channel ? view.incident.card_ts : null;
  let threadTs = standing ?? (await threadOfCard(sync, posts));
  let picture: Sent = ok(null);
  for (const post of posts) {
    if (signal.aborted) return ok(null);
    sync.progress();
    const drawn = await sync.draw(view, post.body);
    if (!drawn) continue;
    const to = { channel, threadTs: post.body.kind === 'card' ? null : threadTs };
    const delivered = await deliverPost(sync, post, { to, drawn });
    if (!delivered.ok) {
      // The picture is only an aid: no line of the thread waits for it.
      if (post.body.kind !== 'sign_ins') return err(delivered.error);
      picture = err(delivered.error);
      continue;
    }
    if (post.body.kind === 'card' && delivered.value) threadTs = await saveThread(sync, delivered.value);
  }
  return picture;
}

/** The process may have died between storing the card as posted and storing the thread: the card's own row knows. */
async function threadOfCard(sync: SyncRun, posts: readonly Post[]): Promise<string | null> {
  const card = posts.find((post) => post.body.kind === 'card');
  if (!card || card.channel !== sync.core.policy.securityChannel || card.ts === null) return null;
  return saveThread(sync, { channel: card.channel, ts: card.ts });
}

async function saveThread({ core, view, commit }: SyncRun, placed: Placed): Promise<string> {
  await commit((tx) =>
    tx.query('update incidents set card_ts = $3, channel = $4 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      view.incident.id,
      placed.ts,
      placed.channel,
    ]),
  );
  return placed.ts;
}

/** Each person separately: one whom Slack cannot reach right now does not delay the others. */
async function sendDirect(sync: SyncRun, posts: readonly Post[]): Promise<Sent> {
  const held = new Map<string, MessengerFailure>();
  for (const post of posts) {
    if (sync.signal.aborted) return ok(null);
    sync.progress();
    const to = post.body.kind === 'tell' ? post.body.user : sync.view.person.slack_user_id;
    if (to === null || held.has(to)) continue;
    const delivered = await deliverOneDirect(sync, post, to);
    if (delivered.ok) continue;
    if (delivered.error.kind === 'throttled') return delivered;
    held.set(to, delivered.error);
  }
  const [failure] = held.values();
  return failure === undefined ? ok(null) : err(failure);
}

async function deliverOneDirect(sync: SyncRun, post: Post, to: string): Promise<Sent> {
  const drawn = await sync.draw(sync.view, post.body);
  if (!drawn) return ok(null);
  // Asked each time: where a row says that it stands is no address to send to.
  const dm = await sync.messenger.openDm(to);
  if (!dm.ok && dm.error.kind !== 'refused') return dm;
  if (!dm.ok) {
    sync.statuses.note(unsent(post, 'refused'));
    sync.core.log.error({ post: post.id, failure: dm.error }, 'Slack opens no direct message with this person');
    return ok(null);
  }
  const delivered = await deliverPost(sync, post, { to: { channel: dm.value, threadTs: null }, drawn });
  return delivered.ok ? ok(null) : delivered;
}

/** What the approvers are sent when the incident's channel cannot show it. */
function unseen(
  core: Core,
  { incident, person }: IncidentView,
  failure: MessengerFailure,
): { key: string; said: Phrase } {
  const { reference } = incident;
  const { securityChannel: channel } = core.policy;
  const why = failure.kind === 'throttled' ? 'ratelimited' : failure.detail;
  return failure.kind === 'unreachable'
    ? { key: 'unreachable', said: phrase('tell.unreachable', { reference, name: person.name, channel, why }) }
    : { key: 'no_card', said: phrase('tell.no_card', { reference, name: person.name, channel, why }) };
}

/** Nobody can read a thread that does not exist: the approvers get a direct message, once, and the record says so. */
async function tellApprovers(core: Core, view: IncidentView, run: Run, failure: MessengerFailure): Promise<void> {
  const { id } = view.incident;
  const { securityChannel: channel } = core.policy;
  const { key, said } = unseen(core, view, failure);
  const { rows } = await core.db.query(
    `select 1 as told from posts where workspace_id = $1 and incident_id = $2 and post_key like $3 limit 1`,
    [core.workspaceId, id, `${id}_${key}_%`],
  );
  if (rows.length > 0) return;
  // Never the person it is about: the attacker may have their Slack account.
  const approvers = (await core.roles.all(['approver'])).filter((user) => user !== view.person.slack_user_id);
  if (approvers.length === 0) {
    core.log.error({ channel, failure }, 'the security channel cannot be reached, and there are no approvers to tell');
    return;
  }
  await run.commit(async (tx) => {
    await appendAuditEvent(core, tx, id, {
      actor: notme('slack'),
      action: 'channel.unreachable',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: { channel, why: failure.kind === 'throttled' ? 'ratelimited' : failure.detail },
    });
    for (const user of approvers)
      await addPost({ core, tx }, id, `${key}_${user}`, { kind: 'tell', user, phrase: said });
    await touchIncident(core, tx, id, run.work.correlation_id);
  });
}
