import { at, phrase } from '../../blocks/texts/phrase.js';
import type { JsonObject } from '../canonical.js';
import type { Core } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import { type Attempt, tellLocked } from './refusals.js';
import { type CodeRefusal, planBinding, verifyCode } from './step-up.js';

function sayRefusal(refusal: CodeRefusal): ReturnType<typeof phrase> {
  switch (refusal.kind) {
    case 'not_enrolled':
      return phrase('problem.code.not_enrolled');
    case 'unreadable':
      return phrase('problem.code.unreadable');
    case 'malformed':
      return phrase('problem.code.malformed');
    case 'wrong':
      return phrase('problem.code.wrong');
    case 'replayed':
      return phrase('problem.code.replayed');
    case 'locked':
      return phrase('problem.code.locked', { until: at(refusal.until) });
  }
}

/** Checks the approver's one-time code for exactly this plan; the answer is the spent time-step. */
export async function checkCode(
  core: Core,
  attempt: Attempt,
  code: string,
  plan: JsonObject,
): Promise<Result<number, Problem>> {
  const checked = await verifyCode({
    database: core.db,
    runtime: core.runtime,
    sealer: core.sealer,
    workspaceId: core.workspaceId,
    userId: attempt.actor,
    code,
    binding: planBinding(plan),
  });
  if (checked.ok) return ok(checked.value.timeStep);
  if (checked.error.kind === 'locked' && checked.error.justLocked) await tellLocked(core, attempt, checked.error.until);
  return refuse(sayRefusal(checked.error), 'code');
}
