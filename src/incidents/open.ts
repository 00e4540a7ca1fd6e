import { requestWork } from '../../jobs/outbox.js';
import type { Core, Origin } from '../core.js';
import type { Queryable, Transaction } from '../store/database.js';
import { type Incident, INCIDENT_COLUMNS, openIncidentOf } from './incident.js';
import { one, type Person } from './people.js';
import { addPost } from './posts.js';
import { type Actor, recordDeed } from './record.js';

/** From a sequence: a counting row would be held until the end of the transaction, and every other report would wait for it. */
async function nextReference(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ value: string | number }>("select nextval('incident_references') as value");
  return `N-${one(rows).value}`;
}

async function insertIncident(core: Core, tx: Queryable, person: Person): Promise<Incident | null> {
  const reference = await nextReference(tx);
  const { rows } = await tx.query<Incident>(
    `insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
     values ($1, $2, $3, $4, 'open', $5, $6) on conflict (workspace_id, person_id) where status = 'open' do nothing
     returning ${INCIDENT_COLUMNS}`,
    [
      core.workspaceId,
      core.runtime.newId('inc'),
      reference,
      person.id,
      core.runtime.now(),
      core.policy.securityChannel,
    ],
  );
  return rows[0] ?? null;
}

/**
 * The person's open incident, opened now if there is none. Opening requests the thread and a first look at the linked
 * accounts. Two at once end with one incident: a person has at most one open (a unique index).
 */
export async function openIncident(
  core: Core,
  tx: Transaction,
  opening: { person: Person; actor: Actor; origin: Origin },
): Promise<{ incident: Incident; opened: boolean }> {
  const { person, actor, origin } = opening;
  const existing = await openIncidentOf(tx, core.workspaceId, person.id);
  if (existing) return { incident: existing, opened: false };
  const inserted = await insertIncident(core, tx, person);
  if (!inserted)
    return {
      incident: one([await openIncidentOf(tx, core.workspaceId, person.id)].filter((it) => it !== null)),
      opened: false,
    };
  await Promise.all([
    recordDeed(core, tx, inserted.id, {
      actor,
      action: 'incident.opened',
      origin,
      detail: { reference: inserted.reference, person: person.email },
    }),
    addPost({ core, tx }, inserted.id, 'card', { kind: 'card' }),
    requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'read_accounts',
      ref: inserted.id,
      correlationId: origin.correlationId,
      now: core.runtime.now(),
    }),
  ]);
  core.meter.incidentOpened();
  return { incident: inserted, opened: true };
}
