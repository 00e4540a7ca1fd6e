import { provenWith } from './proven.js';
import { requestWork } from '../outbox/outbox.js';
import type { AskedKind, SystemEvent } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { Within } from '../incidents/posts.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Notices } from '../ports/schema.js';

/** A notice as seen by those who wait for its answer. */
export interface AskedNotice extends Row<
  'notices',
  | 'id'
  | 'system'
  | 'login'
  | 'actor'
  | 'ip'
  | 'occurred_at'
  | 'person_id'
  | 'answer'
  | 'answered_at'
  | 'proven_with'
  | 'proven_tag'
  | 'word'
  | 'taken'
  | 'settled_by'
  | 'settled_at'
> {
  readonly kind: SystemEvent['kind'];
  /** The person's, or the login while no person is known for it. */
  readonly name: string;
  readonly slack_user_id: string | null;
  /** When Slack or mail accepted the question; `null`: not yet, or before this was stored. */
  readonly asked_at: Notices['asked_at'];
  /** When the security channel is told; `null`: from before notices had a due time. */
  readonly due_at: Notices['due_at'];
  /** It no longer waits, but whoever said so may be an attacker: the channel is informed. */
  readonly tells: Notices['tells'];
  /** Of the incident that was opened from it. */
  readonly opened: string | null;
  /** Of the person's open incident. */
  readonly open_incident: string | null;
}

const NOTICES = `select n.id, n.system, n.kind, n.login, n.actor, n.ip, n.occurred_at, n.person_id, coalesce(p.name, n.login) as name,
    p.slack_user_id, n.asked_at, n.due_at, n.answer, n.answered_at, n.proven_with, n.proven_tag, n.word, n.taken, n.settled_by, n.settled_at, n.tells,
    opened.reference as opened, open.reference as open_incident
  from notices n
  left join people p on p.id = n.person_id and p.workspace_id = n.workspace_id
  left join incidents opened on opened.id = n.incident_id and opened.workspace_id = n.workspace_id
  left join incidents open on open.person_id = n.person_id and open.workspace_id = n.workspace_id and open.status = 'open'
  where n.workspace_id = $1`;

const WAITS = 'asked and answer is null and settled_at is null';

/** What is in no post and the channel should know, due or dealt with. */
const UNTOLD = `told_in is null and ((${WAITS} and (due_at is null or due_at <= $3)) or tells)`;

const MOST_LISTED = 500;

/** Every notice that waits for an answer, the earliest due first; those without a due time before them. */
export async function unansweredNotices(core: Core): Promise<readonly AskedNotice[]> {
  const { rows } = await core.db.query<AskedNotice>(
    `${NOTICES} and n.asked and n.answer is null and n.settled_at is null
     order by n.due_at nulls first, n.occurred_at limit ${MOST_LISTED}`,
    [core.workspaceId],
  );
  return rows;
}

/** The notices of one post, including those answered since. */
export async function noticesOfPost(core: Core, postId: string): Promise<readonly AskedNotice[]> {
  const { rows } = await core.db.query<AskedNotice>(
    `${NOTICES} and n.told_in = $2 order by n.due_at nulls first, n.occurred_at`,
    [core.workspaceId, postId],
  );
  return rows.map((notice) => ({ ...notice, proven_with: provenWith(core, notice) }));
}

export const dueAt = (core: Core, kind: AskedKind, now: Date): Date =>
  new Date(now.getTime() + core.policy.unansweredMinutes[kind] * 60_000);

/** Requests the check for due notices; the check itself finds out when the next one is due. */
export const requestTelling = ({ core, tx }: Within, correlationId: string): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'tell_unanswered',
    ref: 'notices',
    correlationId,
    now: core.runtime.now(),
  });

/** The same, when a due notice is in no post. */
export async function requestWhatIsDue({ core, tx }: Within, correlationId: string): Promise<boolean> {
  const { due } = await whatIsNext(core, tx);
  const late = due !== null && due.getTime() <= core.runtime.now().getTime();
  if (late) await requestTelling({ core, tx }, correlationId);
  return late;
}

/** The posts with these notices are redrawn; a notice in no post that should be reported is reported. */
export async function requestRedraw(
  { core, tx }: Within,
  ids: readonly string[],
  correlationId: string,
): Promise<void> {
  const { rows } = await tx.query<Row<'notices', 'told_in'>>(
    `select distinct told_in from notices
     where workspace_id = $1 and $2::jsonb ? id and (told_in is not null or tells) order by told_in`,
    [core.workspaceId, JSON.stringify(ids)],
  );
  for (const { told_in: ref } of rows)
    if (ref === null) await requestTelling({ core, tx }, correlationId);
    else
      await requestWork(tx, {
        workspaceId: core.workspaceId,
        name: 'redraw_unanswered',
        ref,
        correlationId,
        now: core.runtime.now(),
      });
}

/** A post of unanswered notices, stored before it is sent. */
export type UnansweredPost = Row<'unanswered_posts', 'id' | 'created_at' | 'channel' | 'ts'>;

const POST_COLUMNS = 'id, created_at, channel, ts';

/** The post that was begun and is not in the channel yet. */
async function begunPost(core: Core, tx: Queryable): Promise<UnansweredPost | null> {
  const { rows } = await tx.query<UnansweredPost>(
    `select ${POST_COLUMNS} from unanswered_posts where workspace_id = $1 and ts is null order by created_at limit 1`,
    [core.workspaceId],
  );
  return rows[0] ?? null;
}

export async function unansweredPost(core: Core, id: string): Promise<UnansweredPost | null> {
  const { rows } = await core.db.query<UnansweredPost>(
    `select ${POST_COLUMNS} from unanswered_posts where workspace_id = $1 and id = $2`,
    [core.workspaceId, id],
  );
  return rows[0] ?? null;
}

/**
 * Adds all notices that are now due or dealt with, and in no post, to this one, in the caller's transaction. @returns
 * how many
 */
async function fill({ core, tx }: Within, postId: string, now: Date): Promise<number> {
  const { rowCount } = await tx.query(`update notices set told_in = $2 where workspace_id = $1 and ${UNTOLD}`, [
    core.workspaceId,
    postId,
    now,
  ]);
  return rowCount;
}

/** The post to send now: one that was begun, with what came due since, or a new one; `null` when nothing is due. */
export async function postToSend({ core, tx }: Within): Promise<{ post: UnansweredPost; maybeSent: boolean } | null> {
  const now = core.runtime.now();
  const begun = await begunPost(core, tx);
  if (begun) {
    await fill({ core, tx }, begun.id, now);
    return { post: begun, maybeSent: true };
  }
  const { last } = await whatIsNext(core, tx);
  if (gapLeftMs(last, now) > 0) return null;
  const id = core.runtime.newId('unp');
  if ((await fill({ core, tx }, id, now)) === 0) return null;
  await tx.query('insert into unanswered_posts (workspace_id, id, created_at) values ($1, $2, $3)', [
    core.workspaceId,
    id,
    now,
  ]);
  return { post: { id, created_at: now, channel: null, ts: null }, maybeSent: false };
}

/** What comes due within this time after a post goes into one post together. */
const GAP_MS = 60_000;

export const gapLeftMs = (last: Date | null, now: Date): number =>
  last === null ? 0 : last.getTime() + GAP_MS - now.getTime();

/** When the next unreported notice is due (at once for one dealt with), and when the last post was begun. */
export async function whatIsNext(core: Core, tx: Queryable): Promise<{ due: Date | null; last: Date | null }> {
  const { rows } = await tx.query<{ due: Date | null; last: Date | null }>(
    `select least(
         (select min(coalesce(due_at, $2)) from notices where workspace_id = $1 and ${WAITS} and told_in is null),
         (select min($2::timestamptz) from notices where workspace_id = $1 and tells and told_in is null)) as due,
       (select max(created_at) from unanswered_posts where workspace_id = $1) as last`,
    [core.workspaceId, core.runtime.now()],
  );
  return rows[0] ?? { due: null, last: null };
}
