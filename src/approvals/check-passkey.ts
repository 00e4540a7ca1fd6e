import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Proof } from '../incidents/proof.js';
import { err, ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { challengeOf, issuePageRequest, pageRequestOf, usePageRequest } from './page-requests.js';
import { assertedBy, passkeysOf, usePasskey } from './passkeys.js';
import type { Tried } from './refusals.js';
import type { StoredRequest } from './stored-request.js';

/** Keeps a window until a passkey confirms it. Everything else about it was checked before. */
export interface ToBeConfirmed {
  readonly kind: 'later';
  readonly request: StoredRequest;
}

/** What the page was sent for a link. */
export interface Confirmed {
  readonly kind: 'passkey';
  /** SHA-256 of the link's token. */
  readonly hash: string;
  readonly response: AuthenticationResponseJSON;
}

/** Not a refusal: where the decision is confirmed. */
export async function confirmLater(
  core: Core,
  { actor }: Tried,
  { request }: ToBeConfirmed,
  binding: string,
): Promise<Result<Proof, Problem>> {
  const party = core.party();
  if (!party.ok) return refuse('code_refused', phrase(`problem.passkey.${party.error}`), 'code');
  const token = await issuePageRequest(core, core.db, actor, { kind: 'confirm', binding, request });
  const link = `${party.value.origin}/confirm/${token.reveal()}`;
  return err({ code: 'confirm_on_page', phrase: phrase('confirm.window'), field: null, link });
}

/** The passkey of this very person signed this very plan, as it is now; its link is spent by it. */
export async function checkPasskey(
  core: Core,
  { actor }: Tried,
  { hash, response }: Confirmed,
  binding: string,
): Promise<Result<Proof, Problem>> {
  const party = core.party();
  if (!party.ok) return refuse('code_refused', phrase(`problem.passkey.${party.error}`));
  const link = await pageRequestOf(core, core.db, hash);
  if (link.state !== 'open') return refuse('code_refused', phrase(`problem.passkey.${link.state}`));
  if (link.userId !== actor || link.request.kind !== 'confirm')
    return refuse('code_refused', phrase('problem.passkey.unknown'));
  if (link.request.binding !== binding) return refuse('plan_changed', phrase('problem.plan_changed'));
  const passkeys = await passkeysOf(core, core.db, actor);
  const challenge = challengeOf(hash, binding);
  const used = await assertedBy(passkeys, { party: party.value, challenge, response });
  if (used === null) return refuse('code_refused', phrase('problem.passkey.wrong'));
  return core.db.transaction(async (tx) => {
    if (!(await usePageRequest(core, tx, hash))) return refuse('code_refused', phrase('problem.passkey.used'));
    await usePasskey(core, tx, used);
    return ok({ kind: 'passkey', credential: used.id });
  });
}
