import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';

/** How long an incident may be open without its card before it counts as unseen. */
export const CARD_LATE_MS = 2 * 60_000;
/** Beyond this number, only the count is given. */
const AT_MOST = 100;

/** `channel` is where its card should be. */
export type Cardless = Row<'incidents', 'id' | 'reference' | 'channel'>;

/** Open incidents whose card is overdue in their channel, the oldest first. */
export async function cardlessIncidents(
  core: Pick<Core, 'db' | 'workspaceId' | 'runtime'>,
): Promise<readonly Cardless[]> {
  const late = new Date(core.runtime.now().getTime() - CARD_LATE_MS);
  const { rows } = await core.db.query<Cardless>(
    `select id, reference, channel from incidents
     where workspace_id = $1 and status = 'open' and card_ts is null and opened_at < $2
     order by opened_at limit $3`,
    [core.workspaceId, late, AT_MOST],
  );
  return rows;
}
