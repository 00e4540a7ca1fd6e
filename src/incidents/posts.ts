import type { Phrase } from '../texts/phrase.js';
import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import type { PostBody } from './post-body.js';
import { sealBody } from './sealed-posts.js';

/** The caller's open transaction. */
export interface Within {
  readonly core: Core;
  readonly tx: Queryable;
}

/** Stores a post in the caller's transaction, as the incident's last, sealed. The same key is stored only once. */
export async function addPost({ core, tx }: Within, incidentId: string, key: string, body: PostBody): Promise<void> {
  const id = core.runtime.newId('post');
  await tx.query(
    `insert into posts (workspace_id, id, incident_id, post_key, position, body, status, created_at)
     select $1, $3, $2, $4,
       (select coalesce(max(position), 0) from posts where workspace_id = $1 and incident_id = $2) + 1, $5::jsonb, 'pending', $6
     on conflict (workspace_id, post_key) do nothing`,
    [
      core.workspaceId,
      incidentId,
      id,
      `${incidentId}_${key}`,
      JSON.stringify(sealBody(core, { id, incident_id: incidentId }, body)),
      core.runtime.now(),
    ],
  );
}

/** When a post was stored under a key; `null` when there is none. */
export async function postedAt(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
  key: string,
): Promise<Date | null> {
  const { rows } = await tx.query<Row<'posts', 'created_at'>>(
    'select created_at from posts where workspace_id = $1 and post_key = $2',
    [workspaceId, `${incidentId}_${key}`],
  );
  return rows[0]?.created_at ?? null;
}

/** The Slack position of the newest post of each step, by the step's id. */
export async function linesOfSteps(
  tx: Queryable,
  workspaceId: string,
  incidentId: string,
): Promise<ReadonlyMap<string, { readonly channel: string; readonly ts: string }>> {
  const { rows } = await tx.query<{ step: string | null; channel: string; ts: string }>(
    `select body->>'step' as step, channel, ts from posts
     where workspace_id = $1 and incident_id = $2 and body->>'kind' = 'step_line' and channel is not null and ts is not null
     order by position`,
    [workspaceId, incidentId],
  );
  return new Map(rows.flatMap(({ step, channel, ts }) => (step === null ? [] : [[step, { channel, ts }]])));
}

export const addLine = (within: Within, incidentId: string, key: string, phrase: Phrase): Promise<void> =>
  addPost(within, incidentId, key, { kind: 'line', phrase });

/** The incident changed: its card and the reporter's message are redrawn, and waiting posts are sent. */
export async function touchIncident(
  core: Core,
  tx: Queryable,
  incidentId: string,
  correlationId: string,
): Promise<void> {
  await requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'sync_incident',
    ref: incidentId,
    correlationId,
    now: core.runtime.now(),
  });
}
