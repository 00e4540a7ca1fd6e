import { at, type Phrase, phrase } from '../texts/phrase.js';
import type { JsonObject } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import type { Proof } from '../incidents/proof.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import { checkPasskey, type Confirmed, confirmLater, type ToBeConfirmed } from './check-passkey.js';
import { tellLocked, tellRecoveryUsed } from './locks.js';
import type { Tried } from './refusals.js';
import { type CodeRefusal, planBinding, verifyCode } from './step-up.js';

interface Typed {
  readonly kind: 'code';
  /** As typed. */
  readonly code: string;
}

/** What the one who decides gave, to be checked. */
export type Given = Typed | ToBeConfirmed | Confirmed;

export const typedCode = (code: string): Given => ({ kind: 'code', code });

function sayRefusal(refusal: CodeRefusal): Phrase {
  switch (refusal.kind) {
    case 'wrong':
      return refusal.clockSlow
        ? phrase('problem.code.clock', { count: refusal.triesLeft })
        : phrase('problem.code.wrong', { count: refusal.triesLeft });
    case 'locked':
      return phrase('problem.code.locked', { until: at(refusal.until) });
    default:
      return phrase(`problem.code.${refusal.kind}`);
  }
}

/**
 * Checks what was given as proof for exactly this plan: the one check of every command that needs one. A code is spent
 * by it.
 */
export async function checkProof(
  core: Core,
  tried: Tried,
  given: Given,
  plan: JsonObject,
): Promise<Result<Proof, Problem>> {
  const binding = planBinding(plan);
  if (given.kind === 'later') return confirmLater(core, tried, given, binding);
  if (given.kind === 'passkey') return checkPasskey(core, tried, given, binding);
  return checkCode(core, tried, given, binding);
}

async function checkCode(core: Core, tried: Tried, given: Typed, binding: string): Promise<Result<Proof, Problem>> {
  const checked = await verifyCode({
    database: core.db,
    runtime: core.runtime,
    sealer: core.sealer,
    workspaceId: core.workspaceId,
    userId: tried.actor,
    code: given.code,
    binding,
  });
  if (checked.ok) {
    const { proof, recoveryLeft } = checked.value;
    if (recoveryLeft !== null) await tellRecoveryUsed(core, tried, recoveryLeft);
    return ok(proof);
  }
  const { error } = checked;
  if (error.kind === 'locked' && error.justLocked) await tellLocked(core, tried, { until: error.until });
  if (error.kind === 'ended' && error.justLocked) await tellLocked(core, tried, 'ended');
  return refuse('code_refused', sayRefusal(error), 'code');
}
