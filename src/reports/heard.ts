import type { Core } from '../ports/core.js';

/**
 * Reading starts again this long before the mark up to which everything was heard: Slack redelivers for about six
 * minutes.
 */
const AGAIN_MS = 10 * 60_000;
/** How far back the very first read goes. */
const FIRST_MS = 24 * 60 * 60_000;

/** The position of a direct message in Slack. */
interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Whether this message was already taken in and answered, delivered or read. */
export async function isHeard(core: Core, { channel, ts }: Place): Promise<boolean> {
  const { rows } = await core.db.query(
    'select 1 from heard_messages where workspace_id = $1 and channel = $2 and ts = $3',
    [core.workspaceId, channel, ts],
  );
  return rows.length > 0;
}

export async function noteHeard(core: Core, { channel, ts }: Place): Promise<void> {
  await core.db.query(
    `insert into heard_messages (workspace_id, channel, ts, heard_at) values ($1, $2, $3, $4) on conflict do nothing`,
    [core.workspaceId, channel, ts, core.runtime.now()],
  );
}

/** Clocks differ; a mark further ahead than this was made by a wrong clock. */
const AHEAD_MS = 60_000;

/**
 * The time from which direct messages have to be read. A workspace that was never listened to is read for a day; one
 * that an earlier version listened to, from its last report on. So is one whose mark lies in the future: then it is
 * unknown since when nobody listened.
 */
export async function unheardSince(core: Core): Promise<Date> {
  const { rows } = await core.db.query<{ heard_until: Date | null; last_report: Date | null }>(
    `select (select heard_until from hearing where workspace_id = $1) as heard_until,
       (select max(reported_at) from reports where workspace_id = $1) as last_report`,
    [core.workspaceId],
  );
  const now = core.runtime.now().getTime();
  const mark = rows[0]?.heard_until?.getTime() ?? null;
  if (mark !== null && mark <= now + AHEAD_MS) return new Date(Math.min(mark, now) - AGAIN_MS);
  const lastReport = Math.min(rows[0]?.last_report?.getTime() ?? 0, now);
  return new Date(Math.max(now - FIRST_MS, mark === null ? lastReport : lastReport - AGAIN_MS));
}

/**
 * Everything written until then was heard; never later than now, even where a fast clock said so. Message ids no longer
 * needed to avoid hearing anything twice are deleted.
 */
export async function noteHeardUntil(core: Core, until: Date): Promise<void> {
  await core.db.query(
    `insert into hearing (workspace_id, heard_until) values ($1, $2)
     on conflict (workspace_id) do update set heard_until =
       least(greatest(hearing.heard_until, excluded.heard_until), $3)`,
    [core.workspaceId, until, core.runtime.now()],
  );
  await core.db.query('delete from heard_messages where workspace_id = $1 and heard_at < $2', [
    core.workspaceId,
    new Date(until.getTime() - 2 * AGAIN_MS),
  ]);
}
