import { slackPerson } from '../incidents/audit-event.js';
import { appendWorkspaceEvent, holdWorkspaceChain, WORKSPACE_CHAIN } from '../incidents/workspace-event.js';
import type { Core, Origin } from '../ports/core.js';

const REFUSED = 'page.refused';

/** A link that was made here: whose it is. */
export interface KnownLink {
  readonly hash: string;
  readonly userId: string;
}

/**
 * Somebody with an authentic link was refused on its page. Each reason stands in the workspace's chain once for each
 * link: without a link nobody can make the chain grow, and with one not by much.
 */
export async function recordPageRefusal(
  core: Core,
  { hash, userId }: KnownLink,
  why: string,
  origin: Origin,
): Promise<void> {
  const link = hash.slice(0, 16);
  await core.db.transaction(async (tx) => {
    await holdWorkspaceChain(core, tx);
    const { rows } = await tx.query(
      `select 1 as known from record_entries where workspace_id = $1 and incident_id = $2 and action = $3
         and detail->>'link' = $4 and detail->>'why' = $5 limit 1`,
      [core.workspaceId, WORKSPACE_CHAIN, REFUSED, link, why],
    );
    if (rows.length > 0) return;
    const detail = { link, why };
    await appendWorkspaceEvent(core, tx, { actor: slackPerson(userId), action: REFUSED, origin, detail });
  });
}
