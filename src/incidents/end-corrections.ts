import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { retireAccount, saveAccount } from './accounts.js';
import { type Correction, endedCorrectionsOf } from './links.js';

/** Forgets a correction, and the account that it led to: it is looked up again. */
export async function unlink(
  core: Core,
  tx: Queryable,
  place: { readonly personId: string; readonly system: string },
): Promise<void> {
  await tx.query('delete from account_links where workspace_id = $1 and person_id = $2 and system = $3', [
    core.workspaceId,
    place.personId,
    place.system,
  ]);
  await retireAccount(core, tx, place);
  const unknown = { accountId: null, login: null, state: null, problem: 'being looked up again' };
  await saveAccount(core, tx, { ...place, ...unknown });
}

/**
 * Before a person's next incident: what was corrected in an earlier one and confirmed by nobody counts no more, and
 * nothing may be planned on the account that it led to. @returns what was forgotten
 */
export async function endCorrections(core: Core, tx: Queryable, personId: string): Promise<readonly Correction[]> {
  const ended = await endedCorrectionsOf(core, tx, personId);
  for (const { system } of ended) await unlink(core, tx, { personId, system });
  return ended;
}
