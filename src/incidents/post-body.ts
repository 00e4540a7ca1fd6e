import * as z from 'zod';
import { DECISION_KINDS } from '../ports/decision-kinds.js';
import { phraseSchema } from '../texts/phrase.js';

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
  /** what keeps working after a decision, once all of it has ended; redrawn as it changes */
  z.object({ kind: z.literal('residual'), decision: z.string() }),
  /** a decision that waits for its second approver, redrawn when it no longer does */
  z.object({ kind: z.literal('waiting'), waiting: z.string(), phrase: phraseSchema }),
  /** what was run by breaking the glass, until somebody has signed its review */
  z.object({ kind: z.literal('review'), decision: z.string(), phrase: phraseSchema }),
  /** reports made elsewhere, counted; redrawn as more come */
  z.object({ kind: z.literal('elsewhere'), notice: z.string() }),
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
