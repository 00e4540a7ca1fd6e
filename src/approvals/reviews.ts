import * as z from 'zod';
import { addPost } from '../incidents/posts.js';
import { type Proof, proofSchema } from '../incidents/proof.js';
import type { Decision } from '../incidents/steps.js';
import { requestWork } from '../outbox/outbox.js';
import type { Result } from '../platform/result.js';
import { canonicalJson } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { at, phrase, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Proven } from './authentication.js';
import { checkTwoPeople } from './quorum.js';

/** Who looked over what was run without a second approver. */
const review = z.strictObject({ by: z.string(), at: z.iso.datetime(), proof: proofSchema, tag: z.string() });
export type Review = Omit<z.output<typeof review>, 'tag'>;

const PURPOSE = 'review';

const termsOf = (core: Core, decision: Pick<Decision, 'id' | 'incident_id'>, { by, at: when, proof }: Review): string =>
  canonicalJson({
    workspace: core.workspaceId,
    decision: decision.id,
    incident: decision.incident_id,
    by,
    at: when,
    proof: { ...proof },
  });

/** The review of a decision; `null` while nobody has signed it: a row that says so without its tag does not count. */
export function reviewOf(core: Core, decision: Pick<Decision, 'id' | 'incident_id' | 'review'>): Review | null {
  const read = review.safeParse(decision.review);
  if (!read.success) return null;
  const { tag, ...signed } = read.data;
  return core.sealer.isAuthentic(tag, termsOf(core, decision, signed), PURPOSE) ? signed : null;
}

/** Whether it still has to be reviewed, and may be by this person: never by whoever broke the glass. */
export async function stillToReview(core: Core, decision: Decision, actor: string): Promise<Result<null, Problem>> {
  const known = reviewOf(core, decision);
  if (known) return sayReviewed(known);
  if (actor === decision.decided_by) return refuse('not_a_second', phrase('problem.review.own'));
  return checkTwoPeople(core, decision.decided_by, actor);
}

export const sayReviewed = ({ by, at: when }: { readonly by: string; readonly at: string }) =>
  refuse('wrong_state', phrase('problem.review.signed', { who: user(by), when: at(new Date(when)) }));

/** Opened with the decision itself: the thread asks for it, and everybody in a role is told at once. */
export async function openReview(
  core: Core,
  tx: Queryable,
  decision: Proven['decision'],
  correlationId: string,
): Promise<void> {
  const said = phrase('timeline.review', { who: user(decision.decided_by), when: at(decision.decided_at) });
  const body = { kind: 'review', decision: decision.id, phrase: said } as const;
  await addPost({ core, tx }, decision.incident_id, `review_${decision.id}`, body);
  const now = core.runtime.now();
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'mind_review', ref: decision.id, correlationId, now });
}

/** Stores the review, with its incident locked. */
export async function storeReview(
  core: Core,
  tx: Queryable,
  decision: Pick<Decision, 'id' | 'incident_id'>,
  { by, proof }: { readonly by: string; readonly proof: Proof },
): Promise<void> {
  const signed = { by, at: core.runtime.now().toISOString(), proof };
  const tag = core.sealer.authenticate(termsOf(core, decision, signed), PURPOSE);
  await tx.query('update decisions set review = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    decision.id,
    JSON.stringify({ ...signed, tag }),
  ]);
}
