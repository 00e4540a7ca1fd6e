import * as z from 'zod';
import { DECISION_KINDS } from '../ports/decision-kinds.js';
import { type Phrase, phraseSchema } from '../texts/phrase.js';
import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';

/** What to show, as data: it is drawn when it is posted. */
export const postBody = z.discriminatedUnion('kind', [
  /** the incident's card, the root of its thread; drawn from the store each time */
  z.object({ kind: z.literal('card') }),
  /** one line of the thread, never changed */
  z.object({ kind: z.literal('line'), phrase: phraseSchema }),
  /** a line of the thread with a button for one step: Retry, or Done */
  z.object({
    kind: z.literal('step_line'),
    phrase: phraseSchema,
    step: z.string(),
    button: z.enum(['retry', 'tick', 'undo']),
  }),
  /** a line of the thread with the decisions that it offers; without them once the incident is closed */
  z.object({ kind: z.literal('offer'), phrase: phraseSchema, actions: z.array(z.enum(DECISION_KINDS)) }),
  /** a decision: who took it and why (`phrase`, never changed), and its per-system progress, redrawn as it changes */
  z.object({ kind: z.literal('progress'), decision: z.string(), phrase: phraseSchema.optional() }),
  /** a decision that waits for its second approver, redrawn when it no longer does */
  z.object({ kind: z.literal('waiting'), waiting: z.string(), phrase: phraseSchema }),
  /** what was run by breaking the glass, until somebody has signed its review */
  z.object({ kind: z.literal('review'), decision: z.string(), phrase: phraseSchema }),
  /** the reporter's direct message, redrawn as the incident changes */
  z.object({ kind: z.literal('status') }),
  /** the runbook's tasks for people, redrawn as they change */
  z.object({ kind: z.literal('tasks') }),
  /** the picture of the sign-ins, drawn from the sealed evidence when it is posted */
  z.object({ kind: z.literal('sign_ins') }),
  /** a direct message to one person */
  z.object({ kind: z.literal('tell'), user: z.string(), phrase: phraseSchema }),
]);
export type PostBody = z.output<typeof postBody>;

/** The caller's open transaction. */
export interface Within {
  readonly core: Core;
  readonly tx: Queryable;
}

/** Stores a post in the caller's transaction, as the incident's last. The same key is stored only once. */
export async function addPost({ core, tx }: Within, incidentId: string, key: string, body: PostBody): Promise<void> {
  await tx.query(
    `insert into posts (workspace_id, id, incident_id, post_key, position, body, status, created_at)
     select $1, $3, $2, $4,
       (select coalesce(max(position), 0) from posts where workspace_id = $1 and incident_id = $2) + 1, $5::jsonb, 'pending', $6
     on conflict (workspace_id, post_key) do nothing`,
    [
      core.workspaceId,
      incidentId,
      core.runtime.newId('post'),
      `${incidentId}_${key}`,
      JSON.stringify(body),
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
