import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Within } from '../incidents/posts.js';
import type { Queryable, Row } from '../ports/database.js';
import type { DB } from '../ports/schema.js';
import type { MailProblem } from './notice-mailer.js';
import { requestTelling } from './unanswered.js';

/**
 * What keeps notices from being mailed. `passing` may resolve itself; the others last until somebody fixes the cause.
 */
export const MAIL_TROUBLES = [
  'unconfigured',
  'auth',
  'rejected',
  'passing',
] as const satisfies readonly DB['notices']['mail_kind'][];
export type MailTroubleKind = (typeof MAIL_TROUBLES)[number];

const troubleOf = ({ kind }: MailProblem): MailTroubleKind =>
  kind === 'unconfigured' || kind === 'auth' || kind === 'rejected' ? kind : 'passing';

/** How long mailing a notice is retried. */
const TRIED_FOR_MS = 7 * 24 * 60 * 60 * 1000;
/** A passing failure that the next try resolves is not reported: that try comes within 30 s. */
const PATIENCE_MS = 45_000;

const FAILING = 'mail_kind is not null and answer is null and settled_at is null';

/** Whether a mail is still useful: nobody has answered or dealt with it, and the event is not older than a week. */
export async function awaitsMail(core: Core, noticeId: string): Promise<boolean> {
  const { rows } = await core.db.query(
    `select 1 as waits from notices
     where workspace_id = $1 and id = $2 and answer is null and settled_at is null and noticed_at > $3`,
    [core.workspaceId, noticeId, new Date(core.runtime.now().getTime() - TRIED_FOR_MS)],
  );
  return rows.length > 0;
}

/**
 * Stores that a notice could not be mailed, in the caller's transaction. Where waiting does not help, nobody can reach
 * the person: the notice is due at once. The first failure of a kind is reported in the channel.
 */
export async function saveRefused(
  { core, tx }: Within,
  noticeId: string,
  problem: MailProblem,
  correlationId: string,
): Promise<void> {
  const now = core.runtime.now();
  const kind = troubleOf(problem);
  const { rows } = await tx.query<{ due_now: boolean | null }>(
    `update notices set mail_kind = $3, mail_problem = $4, mail_failed_at = $5,
       due_at = case when $6 and due_at > $5 then $5 else due_at end
     where workspace_id = $1 and id = $2 returning coalesce(due_at = $5, false) as due_now`,
    [core.workspaceId, noticeId, kind, problem.message, now, kind !== 'passing'],
  );
  if (rows[0]?.due_now === true) await requestTelling({ core, tx }, correlationId);
  await endTroubles(core, tx);
  const { rowCount } = await tx.query(
    'insert into mail_troubles (workspace_id, kind, id, began_at) values ($1, $2, $3, $4) on conflict do nothing',
    [core.workspaceId, kind, core.runtime.newId('mtr'), now],
  );
  if (rowCount === 0) return;
  await requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'tell_mail_trouble',
    ref: kind,
    correlationId,
    now,
    delayMs: kind === 'passing' ? PATIENCE_MS : 0,
  });
}

/**
 * Nothing holds this notice back any more: it was mailed, answered, dealt with, or is too old to be worth a question.
 */
export async function clearRefused({ core, tx }: Within, noticeId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `update notices set mail_kind = null, mail_problem = null, mail_failed_at = null
     where workspace_id = $1 and id = $2 and mail_kind is not null`,
    [core.workspaceId, noticeId],
  );
  if (rowCount > 0) await endTroubles(core, tx);
}

/** A failure ends when no notice waits because of it; the next one of its kind is reported again. */
async function endTroubles(core: Core, tx: Queryable): Promise<void> {
  await tx.query(
    `delete from mail_troubles t where workspace_id = $1 and not exists (
       select 1 from notices where workspace_id = $1 and mail_kind = t.kind and ${FAILING})`,
    [core.workspaceId],
  );
}

export interface MailTrouble {
  readonly kind: MailTroubleKind;
  /** How many notices wait because of it. */
  readonly notices: number;
  /** What the newest try said: what is wrong and how to fix it. It may contain an address. */
  readonly problem: string;
}

/** What currently keeps notices from being mailed. */
export async function mailTroubles(core: Pick<Core, 'db' | 'workspaceId'>): Promise<readonly MailTrouble[]> {
  const { rows } = await core.db.query<MailTrouble>(
    `select mail_kind as kind, count(*)::int as notices, (array_agg(mail_problem order by mail_failed_at desc))[1] as problem
     from notices where workspace_id = $1 and ${FAILING} group by mail_kind order by mail_kind`,
    [core.workspaceId],
  );
  return rows;
}

export type UntoldTrouble = Row<'mail_troubles', 'id' | 'began_at'>;

export async function untoldTrouble(core: Core, kind: string): Promise<UntoldTrouble | null> {
  const { rows } = await core.db.query<UntoldTrouble>(
    'select id, began_at from mail_troubles where workspace_id = $1 and kind = $2 and told_at is null',
    [core.workspaceId, kind],
  );
  return rows[0] ?? null;
}

export async function saveTold({ core, tx }: Within, id: string): Promise<void> {
  await tx.query('update mail_troubles set told_at = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    id,
    core.runtime.now(),
  ]);
}
