import * as z from 'zod';
import { type Phrase, phraseSchema } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { Core } from '../core.js';
import type { Queryable } from '../store/database.js';

/** What is to be shown, as data: it is drawn when it is posted. */
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
  /** a decision: who took it and why (`phrase`, never changed), and its per-system progress, redrawn as it goes on */
  z.object({ kind: z.literal('progress'), decision: z.string(), phrase: phraseSchema.optional() }),
  /** the reporter's direct message, redrawn as the incident goes on */
  z.object({ kind: z.literal('status') }),
  /** the tasks of the runbook for people, redrawn as they go on */
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

/** Stores a post in the caller's transaction, as the incident's last. The same key is stored once, whoever asks again. */
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

export const addLine = (within: Within, incidentId: string, key: string, phrase: Phrase): Promise<void> =>
  addPost(within, incidentId, key, { kind: 'line', phrase });

/** The incident changed: its card and the reporter's message are redrawn, and what waits is posted. */
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
