import type { Core } from '../ports/core.js';
import { isInside } from './ranges.js';

const RECENT_MS = 30 * 24 * 60 * 60 * 1000;

/** Where somebody signed in from, and when last. */
export interface SeenAddress {
  readonly ip: string;
  readonly at: Date;
}

/** The addresses that one of these logins signed in from in the last 30 days, the newest first. */
export async function recentAddresses(core: Core, logins: readonly string[]): Promise<readonly SeenAddress[]> {
  const { rows } = await core.db.query<{ ip: string; occurred_at: Date }>(
    `select ip, max(occurred_at) as occurred_at from sign_ins where workspace_id = $1 and login = any($2) and occurred_at > $3
     group by ip order by max(occurred_at) desc limit 20`,
    [core.workspaceId, logins.map((login) => login.toLowerCase()), new Date(core.runtime.now().getTime() - RECENT_MS)],
  );
  return rows.map((row) => ({ ip: row.ip, at: row.occurred_at }));
}

/** The newest of them that lies outside the ranges. */
export async function recentAddressOutside(
  core: Core,
  logins: readonly string[],
  ranges: readonly string[],
): Promise<SeenAddress | null> {
  return (await recentAddresses(core, logins)).find(({ ip }) => !isInside(ip, ranges)) ?? null;
}
