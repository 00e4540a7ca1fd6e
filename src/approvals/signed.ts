import { addPost, type Within } from '../incidents/posts.js';
import type { Proof } from '../incidents/proof.js';
import type { Decision } from '../incidents/steps.js';
import type { JsonObject } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import { at, list, type Phrase, phrase, user } from '../texts/phrase.js';
import type { Proven } from './authentication.js';

/** By whom, when and with which proof something was decided. */
export type Signed = Omit<Proven['decision'], 'incident_id' | 'action'>;

/** What one approver decides alone: an ordinary decision, or one for which they broke the glass. */
export const signedAlone = (
  core: Core,
  by: {
    readonly actor: string;
    readonly plan: string;
    readonly proof: Proof | null;
    readonly breakGlass: string | null;
  },
): Signed => ({
  id: core.runtime.newId('dec'),
  decided_by: by.actor,
  decided_at: core.runtime.now(),
  plan_digest: by.plan,
  proof: by.proof,
  second: null,
  break_glass: by.breakGlass,
});

/** For the record. */
export const signaturesOf = ({ decided_by: first, proof, second, break_glass: why }: Signed): JsonObject => ({
  proof: proof?.kind ?? null,
  ...(second === null ? {} : { signed_by: [first, second.by], second_proof: second.proof.kind }),
  ...(why === null ? {} : { break_glass: why }),
});

/**
 * The thread's line about a decision, with its progress below, and how it came about where one did not suffice; and what
 * keeps working after it.
 */
export async function addProgress(
  within: Within,
  incidentId: string,
  said: Phrase,
  { id, second, break_glass: why }: Signed,
): Promise<void> {
  const line = list([said]);
  const whole =
    second !== null
      ? phrase('timeline.decided_by_two', { line, who: user(second.by) })
      : why !== null
        ? phrase('timeline.break_glass', { line, why })
        : said;
  await addPost(within, incidentId, `progress_${id}`, { kind: 'progress', decision: id, phrase: whole });
  await addPost(within, incidentId, `residual_${id}`, { kind: 'residual', decision: id });
}

/** Told to whoever comes too late. */
export const sayDecided = ({ decided_by: first, decided_at: when, second }: Decision): Phrase =>
  second === null
    ? phrase('problem.decided', { who: user(first), when: at(when) })
    : phrase('problem.decided.two', { who: user(first), second: user(second.by), when: at(when) });
