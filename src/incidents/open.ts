import { requestWork } from '../outbox/outbox.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable, Transaction } from '../ports/database.js';
import { type Incident, INCIDENT_COLUMNS, openIncidentOf } from './incident.js';
import { one, type Person } from './people.js';
import { phrase } from '../texts/phrase.js';
import { endCorrections } from './end-corrections.js';
import { sayCorrections } from './links.js';
import { addLine, addPost } from './posts.js';
import { type Actor, appendAuditEvent } from './audit-event.js';

/**
 * From a sequence: a counter row would stay locked until the end of the transaction, and every other report would wait
 * for it.
 */
async function nextReference(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ value: string | number }>("select nextval('incident_references') as value");
  return `N-${one(rows).value}`;
}

async function insertIncident(core: Core, tx: Queryable, person: Person, openedAt: Date): Promise<Incident | null> {
  const reference = await nextReference(tx);
  const { rows } = await tx.query<Incident>(
    `insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
     values ($1, $2, $3, $4, 'open', $5, $6) on conflict (workspace_id, person_id) where status = 'open' do nothing
     returning ${INCIDENT_COLUMNS}`,
    [core.workspaceId, core.runtime.newId('inc'), reference, person.id, openedAt, core.policy.securityChannel],
  );
  return rows[0] ?? null;
}

/**
 * The person's open incident, opened now if there is none. Opening requests the thread and a first look at the linked
 * accounts. Two concurrent calls end with one incident: a person has at most one open (a unique index).
 */
export async function openIncident(
  core: Core,
  tx: Transaction,
  opening: {
    readonly person: Person;
    readonly actor: Actor;
    readonly origin: Origin;
    /** When it was reported, if that was not just now. */
    readonly openedAt?: Date | null;
  },
): Promise<{ incident: Incident; opened: boolean }> {
  const { person, actor, origin } = opening;
  const existing = await openIncidentOf(tx, core.workspaceId, person.id);
  if (existing) return { incident: existing, opened: false };
  const inserted = await insertIncident(core, tx, person, opening.openedAt ?? core.runtime.now());
  if (!inserted)
    return {
      incident: one([await openIncidentOf(tx, core.workspaceId, person.id)].filter((it) => it !== null)),
      opened: false,
    };
  const ended = await endCorrections(core, tx, person.id);
  const forgotten = sayCorrections(core, ended);
  await Promise.all([
    appendAuditEvent(core, tx, inserted.id, {
      actor,
      action: 'incident.opened',
      origin,
      detail: {
        reference: inserted.reference,
        person: person.email,
        ...(ended.length === 0
          ? {}
          : { corrections_ended: ended.map(({ system, login, by }) => ({ system, login, by })) }),
      },
    }),
    addPost({ core, tx }, inserted.id, 'card', { kind: 'card' }),
    forgotten === null
      ? null
      : addLine({ core, tx }, inserted.id, 'links_ended', phrase('timeline.links_ended', { links: forgotten })),
    requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'read_accounts',
      ref: inserted.id,
      correlationId: origin.correlationId,
      now: core.runtime.now(),
    }),
    requestWork(tx, {
      workspaceId: core.workspaceId,
      name: 'call_again',
      ref: inserted.id,
      correlationId: origin.correlationId,
      now: core.runtime.now(),
      delayMs: core.policy.onCall.againMs,
    }),
  ]);
  core.meter.incidentOpened();
  return { incident: inserted, opened: true };
}
