import type { CallContext } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import type { LinkedAccount } from '../../src/incidents/accounts.js';
import { hasEvidence, saveEvidence } from '../../src/incidents/evidence.js';

/**
 * Keeps what an account looks like before the first change; nothing is asked when that was kept already. The snapshot
 * itself never fails (a section says why it is missing), so that it holds up no containment.
 */
export async function keepEvidence(
  core: Core,
  incidentId: string,
  account: LinkedAccount,
  call: CallContext,
): Promise<boolean> {
  const connector = core.connectors.get(account.system);
  if (!connector || account.accountId === null || account.login === null) return false;
  if (await hasEvidence(core, incidentId, account.id)) return false;
  const ref = { system: account.system, accountId: account.accountId, login: account.login };
  const evidence = await connector.evidence(ref, call);
  return saveEvidence(core, core.db, { incidentId, accountRow: account.id, evidence });
}
