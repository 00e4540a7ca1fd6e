import { generateSync, ScureBase32Plugin } from 'otplib';
import { type Given, typedCode } from '../src/approvals/check-proof.js';
import { enrol } from '../src/approvals/enrolment.js';
import type { Runtime } from '../src/platform/runtime.js';
import type { Core } from '../src/ports/core.js';

/** What the played runtime's bytes make of an enrolment: the same for everybody. */
export const SEED = new ScureBase32Plugin().encode(Buffer.alloc(20));

/** The code that the authenticator app of anybody enrolled here shows now. */
export const codeNow = (runtime: Runtime): Given =>
  typedCode(generateSync({ secret: SEED, epoch: runtime.now().getTime() / 1000 }));

/** Enrols somebody for codes. */
export async function enrolForCodes(
  core: Core,
  { slackUserId: userId, email }: { readonly slackUserId: string; readonly email: string },
): Promise<void> {
  const { db: tx, runtime, sealer, workspaceId } = core;
  await enrol({ tx, runtime, sealer, workspaceId, userId, label: email, email });
}
