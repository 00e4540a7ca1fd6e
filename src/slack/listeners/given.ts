import { DECIDE_INPUTS } from '../../../blocks/modals/inputs.js';
import { type Given, typedCode } from '../../approvals/check-proof.js';
import { hasPasskeys } from '../../approvals/passkeys.js';
import type { StoredRequest } from '../../approvals/stored-request.js';
import { type Submit, typed } from './payloads.js';
import type { Edge } from './shared.js';

/** An empty code says that a passkey confirms it; who has none is told what a code looks like. */
export async function givenIn(edge: Edge, submit: Submit, request: StoredRequest): Promise<Given> {
  const code = typed(submit, DECIDE_INPUTS.code);
  const confirms = code.trim() === '' && (await hasPasskeys(edge.core, submit.user.id));
  return confirms ? { kind: 'later', request } : typedCode(code);
}
