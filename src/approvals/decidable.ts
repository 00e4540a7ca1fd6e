import { accountsOfIncident, type LinkedAccount } from '../incidents/accounts.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Managed } from './managed-by.js';
import { mayDecideOn } from './whose.js';

/** What a decision is about. */
export interface Decidable extends Managed {
  readonly accounts: readonly LinkedAccount[];
}

/** The accounts that this approver may decide about: the same check when a window opens and when it is submitted. */
export async function decidableBy(core: Core, actor: string, managed: Managed): Promise<Result<Decidable, Problem>> {
  const { incident, person } = managed;
  if (incident.status === 'closed') return refuse('incident_closed', phrase('problem.closed'));
  const accounts = await accountsOfIncident(core.db, core.workspaceId, incident.id);
  const touchable = await mayDecideOn(core, { actor, target: person, accounts });
  if (!touchable.ok) return touchable;
  return accounts.length === 0 ? refuse('not_ready', phrase('problem.no_accounts')) : ok({ ...managed, accounts });
}
