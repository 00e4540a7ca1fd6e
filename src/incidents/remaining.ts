import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { accountsOfIncident } from './accounts.js';
import { type Remaining, remainingOf } from './step-standing.js';
import { stepsOf } from './steps.js';
import { tasksOf } from './tasks.js';

/** What is still open in an incident. */
export async function remainingIn(core: Core, tx: Queryable, incidentId: string): Promise<Remaining> {
  const [steps, accounts, tasks] = await Promise.all([
    stepsOf(tx, core.workspaceId, incidentId),
    accountsOfIncident(tx, core.workspaceId, incidentId),
    tasksOf(tx, core.workspaceId, incidentId),
  ]);
  return remainingOf({ steps, accounts }, tasks);
}
