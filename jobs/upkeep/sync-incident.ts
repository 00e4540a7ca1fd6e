import { phrase } from '../../blocks/texts/phrase.js';
import type { Core } from '../../src/core.js';
import type { Messenger, MessengerFailure, Placed } from '../../src/incidents/messenger.js';
import { addPost } from '../../src/incidents/posts.js';
import { notme, recordDeed } from '../../src/incidents/record.js';
import { type IncidentView, incidentView } from '../../src/incidents/view.js';
import { err, ok, type Result } from '../../src/result.js';
import type { Outcome, Run } from '../worker.js';
import { deliverPost, type Desk, openPosts, type Post, unsent } from './deliver-post.js';
import type { Draw } from './draw.js';
import { PostLedger } from './post-ledger.js';

const UNREACHABLE_RETRY_MS = 30_000;
const TRANSIENT_RETRY_MS = 2_000;
/** Slack takes about one message a second in a channel; a burst is taken and then throttled. */
const THROTTLED_MIN_MS = 1_000;

export interface SyncParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly draw: Draw;
}

type Lane = Result<null, MessengerFailure>;

/** One run's work on one incident. */
interface Sitting extends Desk {
  readonly draw: Draw;
  readonly view: IncidentView;
  readonly signal: AbortSignal;
}

/**
 * Brings Slack up to the store: posts what waits, in order, and redraws what changed. One run at a time per incident
 * (its work is claimed), so lines never overtake each other. The thread and the direct messages do not wait for one another.
 */
export async function syncIncident(parts: SyncParts, run: Run): Promise<Outcome> {
  const { core } = parts;
  // Posts first: reads are answered in the order in which they are asked, so that what posts say is never newer than
  // what they are drawn from.
  const [posts, view] = await Promise.all([openPosts(core, run.work.ref), incidentView(core, run.work.ref)]);
  if (!view) return 'done';
  const isDirect = (post: Post): boolean => post.body.kind === 'status' || post.body.kind === 'tell';
  const ledger = new PostLedger(core, run.lease);
  const sitting: Sitting = { ...parts, ledger, view, signal: run.signal };
  const lanes = Promise.all([
    directLane(sitting, posts.filter(isDirect)),
    threadLane(
      sitting,
      posts.filter((post) => !isDirect(post)),
    ),
  ]);
  const [direct, thread] = await lanes.catch(async (error: unknown) => {
    await ledger.write();
    throw error;
  });
  if (!thread.ok && thread.error.kind === 'unreachable') await tellUnreachable(core, view, run, thread.error.detail);
  const waits = [thread, direct].flatMap((lane) => (lane.ok ? [] : [waitFor(lane.error)]));
  if (waits.length === 0 && !run.signal.aborted) {
    if ((await ledger.end()) === 'pending') core.dispatch();
    return 'ended';
  }
  await ledger.write();
  return { againInMs: run.signal.aborted ? 0 : Math.min(...waits) };
}

function waitFor(failure: MessengerFailure): number {
  if (failure.kind === 'throttled') return Math.max(THROTTLED_MIN_MS, failure.retryAfterMs);
  return failure.kind === 'unreachable' ? UNREACHABLE_RETRY_MS : TRANSIENT_RETRY_MS;
}

/** The card first (it is the thread's root), then the lines in order, then what is redrawn. */
async function threadLane(sitting: Sitting, posts: readonly Post[]): Promise<Lane> {
  const { core, view, signal } = sitting;
  let threadTs = view.incident.card_ts ?? (await threadOfCard(core, view, posts));
  const { channel } = view.incident;
  for (const post of posts) {
    if (signal.aborted) return ok(null);
    const drawn = await sitting.draw(view, post.body);
    if (!drawn) continue;
    const to = { channel, threadTs: post.body.kind === 'card' ? null : threadTs };
    const delivered = await deliverPost(sitting, post, { to, drawn });
    if (!delivered.ok) return err(delivered.error);
    if (post.body.kind === 'card' && delivered.value) threadTs = await saveThread(core, view, delivered.value);
  }
  return ok(null);
}

/** The process may have died between noting the card as posted and noting the thread: the card's own row tells. */
async function threadOfCard(core: Core, view: IncidentView, posts: readonly Post[]): Promise<string | null> {
  const card = posts.find((post) => post.body.kind === 'card');
  if (!card || card.channel === null || card.ts === null) return null;
  return saveThread(core, view, { channel: card.channel, ts: card.ts });
}

async function saveThread(core: Core, view: IncidentView, placed: Placed): Promise<string> {
  await core.db.query('update incidents set card_ts = $3, channel = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    view.incident.id,
    placed.ts,
    placed.channel,
  ]);
  return placed.ts;
}

async function directLane(sitting: Sitting, posts: readonly Post[]): Promise<Lane> {
  const { messenger, view, signal } = sitting;
  for (const post of posts) {
    if (signal.aborted) return ok(null);
    const to = post.body.kind === 'tell' ? post.body.user : view.person.slack_user_id;
    const drawn = await sitting.draw(view, post.body);
    if (to === null || !drawn) continue;
    const dm = post.channel === null ? await messenger.openDm(to) : ok(post.channel);
    if (!dm.ok && dm.error.kind !== 'refused') return err(dm.error);
    if (!dm.ok) {
      sitting.ledger.note(unsent(post, 'refused'));
      sitting.core.log.error({ post: post.id, failure: dm.error }, 'Slack opens no direct message with this person');
      continue;
    }
    const delivered = await deliverPost(sitting, post, { to: { channel: dm.value, threadTs: null }, drawn });
    if (!delivered.ok) return err(delivered.error);
  }
  return ok(null);
}

/** Nobody reads a thread that cannot be opened: the approvers are told directly, once, and the record says so. */
async function tellUnreachable(core: Core, view: IncidentView, run: Run, why: string): Promise<void> {
  const { id, channel, reference } = view.incident;
  const { rows } = await core.db.query(
    `select 1 as told from posts where workspace_id = $1 and post_key like $2 limit 1`,
    [core.workspaceId, `${id}_unreachable_%`],
  );
  if (rows.length > 0) return;
  const approvers = await core.approvers.all();
  if (approvers.length === 0) {
    core.log.error({ channel, why }, 'the security channel cannot be reached, and there are no approvers to tell');
    return;
  }
  await core.db.transaction(async (tx) => {
    await recordDeed(core, tx, id, {
      actor: notme('slack'),
      action: 'channel.unreachable',
      origin: { surface: 'job', correlationId: run.work.correlation_id },
      detail: { channel, why },
    });
    const said = phrase('tell.unreachable', { reference, name: view.person.name, channel, why });
    for (const user of approvers)
      await addPost({ core, tx }, id, `unreachable_${user}`, { kind: 'tell', user, phrase: said });
  });
}
