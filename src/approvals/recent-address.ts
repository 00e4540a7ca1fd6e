import type { Core } from '../ports/core.js';
import { isInside } from './ranges.js';

const RECENT_MS = 30 * 24 * 60 * 60 * 1000;

/** The newest address that one of these logins signed in from in the last 30 days and that lies outside the ranges. */
export async function recentAddressOutside(
  core: Core,
  logins: readonly string[],
  ranges: readonly string[],
): Promise<{ ip: string; at: Date } | null> {
  const { rows } = await core.db.query<{ ip: string; occurred_at: Date }>(
    `select ip, max(occurred_at) as occurred_at from sign_ins where workspace_id = $1 and login = any($2) and occurred_at > $3
     group by ip order by max(occurred_at) desc limit 20`,
    [core.workspaceId, logins.map((login) => login.toLowerCase()), new Date(core.runtime.now().getTime() - RECENT_MS)],
  );
  const outside = rows.find((row) => !isInside(row.ip, ranges));
  return outside ? { ip: outside.ip, at: outside.occurred_at } : null;
}
