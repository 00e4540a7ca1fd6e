import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Limited } from '../ports/limits.js';

const HOUR_MS = 3_600_000;
/** What was used longer ago is forgotten. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** The clocks of two processes differ: what is withheld in the last moment of an hour still counts. */
const AFTER_MS = 60_000;

interface Within {
  readonly core: Core;
  readonly tx: Queryable;
}

/** Where somebody stands in this hour, once this one is counted. */
export interface Use {
  /** `first_over`: the one that is answered with a word about the limit; what follows is `over`. */
  readonly is: 'within' | 'first_over' | 'over';
  /** When the next hour begins. */
  readonly until: Date;
}

const hourOf = (now: Date): Date => new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);

/** Counts one more, in the store: a restart forgets nothing, and two processes count together. */
export async function use({ core, tx }: Within, actor: string, what: Limited): Promise<Use> {
  const now = core.runtime.now();
  const hour = hourOf(now);
  const { rows } = await tx.query<Row<'used_limits', 'used'>>(
    `insert into used_limits (workspace_id, actor, what, hour, used) values ($1, $2, $3, $4, 1)
     on conflict (actor, what, hour, workspace_id) do update set used = used_limits.used + 1 returning used`,
    [core.workspaceId, actor, what, hour],
  );
  const used = rows[0]?.used ?? 1;
  if (used === 1)
    await tx.query('delete from used_limits where workspace_id = $1 and actor = $2 and what = $3 and hour < $4', [
      core.workspaceId,
      actor,
      what,
      new Date(now.getTime() - KEPT_MS),
    ]);
  const over = used - core.policy.limits[what];
  const until = new Date(hour.getTime() + HOUR_MS);
  return { is: over <= 0 ? 'within' : over === 1 ? 'first_over' : 'over', until };
}

type Counted = Extract<Limited, 'messages' | 'refusals'>;

export interface Withheld {
  /** `null`: it belongs to no incident. */
  readonly incidentId: string | null;
  readonly actor: string;
  readonly what: Counted;
  readonly correlationId: string;
}

/** Counts what is neither kept nor shown; after the hour, how many it were is told and recorded, once. */
export async function withhold({ core, tx }: Within, withheld: Withheld): Promise<void> {
  const { incidentId, actor, what, correlationId } = withheld;
  const now = core.runtime.now();
  const hour = hourOf(now);
  const id = [what, incidentId ?? 'workspace', actor, hour.getTime()].join('_');
  const { rows } = await tx.query<Row<'withheld', 'count'>>(
    `insert into withheld (workspace_id, id, incident_id, actor, what, hour, count) values ($1, $2, $3, $4, $5, $6, 1)
     on conflict (id, workspace_id) do update set count = withheld.count + 1 returning count`,
    [core.workspaceId, id, incidentId, actor, what, hour],
  );
  if (rows[0]?.count !== 1) return;
  const delayMs = hour.getTime() + HOUR_MS + AFTER_MS - now.getTime();
  const work = { workspaceId: core.workspaceId, name: 'tell_withheld', ref: id } as const;
  await requestWork(tx, { ...work, correlationId, now, delayMs });
}

export interface WithheldRow extends Row<'withheld', 'id' | 'incident_id' | 'actor' | 'hour' | 'count'> {
  readonly what: Counted;
}

export async function withheldById(tx: Queryable, workspaceId: string, id: string): Promise<WithheldRow | null> {
  const { rows } = await tx.query<WithheldRow>(
    'select id, incident_id, actor, what, hour, count from withheld where workspace_id = $1 and id = $2',
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** It has been told. */
export const forgetWithheld = async (tx: Queryable, workspaceId: string, id: string): Promise<void> => {
  await tx.query('delete from withheld where workspace_id = $1 and id = $2', [workspaceId, id]);
};
