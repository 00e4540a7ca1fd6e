import { type Incident, incidentById } from '../incidents/incident.js';
import { type Person, personById } from '../incidents/people.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { mayManage } from './policy.js';
import type { Right } from './rights.js';
import { type Attempt, recordRefusal } from './refusals.js';

/** The incident as it was when the command came in, and whom it is about. */
export interface Managed {
  readonly incident: Incident;
  readonly person: Person;
}

/** The incident, when the actor has this right in it; a refused attempt is recorded. Also called before a window is opened. */
export async function managedBy(core: Core, right: Right, attempt: Attempt): Promise<Result<Managed, Problem>> {
  const incident = await incidentById(core.db, core.workspaceId, attempt.incidentId);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  // Nothing can be recorded for an incident that does not exist.
  if (!incident || !person) return refuse('unknown_incident', phrase('problem.unknown_incident'));
  const allowed = await mayManage(core, { right, actor: attempt.actor, target: person });
  if (allowed.ok) return ok({ incident, person });
  await recordRefusal(core, attempt, allowed.error);
  return allowed;
}
