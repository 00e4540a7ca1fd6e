import type { Core } from '../../src/ports/core.js';
import { type Cardless, cardlessIncidents } from '../../src/incidents/cardless.js';
import { touchIncident } from '../../src/incidents/posts.js';
import { isWaiting } from '../../src/outbox/outbox.js';

/**
 * Finds open incidents without their card and has it posted, in another channel if one has been configured meanwhile.
 * Posts already in progress keep their own retry pauses. @returns how many there are
 */
export async function repairCards(core: Core): Promise<number> {
  const found = await cardlessIncidents(core);
  for (const incident of found) await repair(core, incident);
  if (found.length === 0) return 0;
  core.dispatch();
  const references = found.map(({ reference }) => reference);
  core.log.warn({ references }, 'open incidents have no card in their channel; it is tried again');
  return found.length;
}

async function repair(core: Core, { id, channel }: Cardless): Promise<void> {
  const { securityChannel } = core.policy;
  await core.db.transaction(async (tx) => {
    if (channel !== securityChannel) {
      await tx.query(
        'update incidents set channel = $3 where workspace_id = $1 and id = $2 and card_ts is null and status = $4',
        [core.workspaceId, id, securityChannel, 'open'],
      );
    } else if (await isWaiting(tx, { workspaceId: core.workspaceId, name: 'sync_incident', ref: id })) return;
    await touchIncident(core, tx, id, core.runtime.newId('scheduler'));
  });
}
