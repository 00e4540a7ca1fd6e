import { DECISION_KINDS } from '../../ports/decision-kinds.js';
import type { ConfigProblem } from './problem.js';
import type { Config } from './shape.js';
import type { Sources } from './sources.js';

const OLD = 'step_up.required_for';
const NEW = 'step_up.not_required_for';

/**
 * Which decisions need no one-time code: only those that notme.yml names, so that a kind added later needs one
 * everywhere. The old key named those that need one; the kinds it left out need none, and the warning says so.
 */
export function stepUp({ file, problems }: Sources): { stepUp: Config['stepUp']; warnings: readonly ConfigProblem[] } {
  const { required_for: required, not_required_for: notRequired } = file.step_up ?? {};
  if (required === undefined) return { stepUp: { notRequiredFor: notRequired ?? [] }, warnings: [] };
  if (notRequired !== undefined) {
    problems.push({
      key: OLD,
      problem: `${OLD} stands beside ${NEW}, which replaces it.`,
      fix: `Remove ${OLD}.`,
    });
    return { stepUp: { notRequiredFor: notRequired }, warnings: [] };
  }
  const uncoded = DECISION_KINDS.filter((kind) => !required.includes(kind));
  return { stepUp: { notRequiredFor: uncoded }, warnings: [warningOf(uncoded)] };
}

const warningOf = (uncoded: readonly string[]): ConfigProblem => ({
  key: OLD,
  problem: `${OLD} is an old name: now every decision asks for a one-time code, except those under ${NEW}.`,
  fix:
    uncoded.length === 0
      ? `Remove ${OLD}: it names every decision.`
      : `Remove it, or write what it leaves without a code: ${NEW}: [${uncoded.join(', ')}].`,
});
