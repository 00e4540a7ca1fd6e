import type { CallContext } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Commit } from '../outbox/outbox.js';
import { hasEvidence, saveEvidence } from './evidence.js';

/**
 * Stores what an account looks like before the first change; calls nothing when that is stored already. The snapshot
 * itself never fails (a section says why it is missing), so it blocks no containment; only a run that is abandoned
 * half-way throws.
 */
export async function preserveEvidence(
  core: Core,
  incidentId: string,
  account: LinkedAccount,
  { call, commit }: { readonly call: CallContext; readonly commit: Commit },
): Promise<boolean> {
  const connector = core.connectors.get(account.system);
  if (!connector || account.accountId === null || account.login === null) return false;
  if (await hasEvidence(core, incidentId, account.id)) return false;
  const ref = { system: account.system, accountId: account.accountId, login: account.login };
  const evidence = await connector.evidence(ref, call);
  // An abandoned snapshot says nothing about the account, and would be kept for good.
  call.signal.throwIfAborted();
  return commit((tx) => saveEvidence(core, tx, { incidentId, accountRow: account.id, evidence }));
}
