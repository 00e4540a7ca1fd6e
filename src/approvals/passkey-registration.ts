import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { notme, slackPerson } from '../incidents/audit-event.js';
import { appendWorkspaceEvent } from '../incidents/workspace-event.js';
import type { Secret } from '../platform/secret.js';
import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import { phrase, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { announce } from './announce.js';
import { challengeOf, issuePageRequest, pageRequestOf, type Sealing, usePageRequest } from './page-requests.js';
import { registeredBy, savePasskey } from './passkeys.js';

/** What the browser of a new passkey signs for. */
export const REGISTRATION = 'register a passkey';

/** On the host: a link by which one person registers one passkey. @returns its token */
export async function offerPasskey(
  host: Sealing,
  tx: Transaction,
  { userId, label }: { readonly userId: string; readonly label: string },
  origin: Origin,
): Promise<Secret> {
  const detail = { user: userId };
  await appendWorkspaceEvent(host, tx, { actor: notme('host'), action: 'passkey.offered', origin, detail });
  return issuePageRequest(host, tx, userId, { kind: 'register', label });
}

/** Stores the passkey that was made for a link, once; in the record, and told to the person and the channel. */
export async function registerPasskey(
  core: Core,
  { hash, response }: { readonly hash: string; readonly response: RegistrationResponseJSON },
  origin: Origin,
): Promise<Result<null, Problem>> {
  const party = core.party();
  if (!party.ok) return refuse('code_refused', phrase(`problem.passkey.${party.error}`));
  const link = await pageRequestOf(core, core.db, hash);
  if (link.state !== 'open') return refuse('code_refused', phrase(`problem.passkey.${link.state}`));
  const challenge = challengeOf(hash, REGISTRATION);
  const passkey =
    link.request.kind === 'register'
      ? await registeredBy(link.userId, { party: party.value, challenge, response })
      : null;
  const { userId } = link;
  const by = { actor: slackPerson(userId), origin };
  if (passkey === null) {
    await core.db.transaction((tx) => appendWorkspaceEvent(core, tx, { ...by, action: 'passkey.refused' }));
    return refuse('code_refused', phrase('problem.passkey.wrong'));
  }
  const stored = await core.db.transaction(async (tx): Promise<Result<null, Problem>> => {
    if (!(await usePageRequest(core, tx, hash))) return refuse('code_refused', phrase('problem.passkey.used'));
    if (!(await savePasskey(core, tx, passkey))) return refuse('code_refused', phrase('problem.passkey.known'));
    const detail = { passkey: passkey.id, device: passkey.traits.device, backed_up: passkey.traits.backedUp };
    await appendWorkspaceEvent(core, tx, { ...by, action: 'passkey.registered', detail });
    const { correlationId } = origin;
    const key = `passkey_${correlationId}`;
    await announce(
      core,
      tx,
      { key, to: null, phrase: phrase('announce.passkey', { who: user(userId) }) },
      correlationId,
    );
    const person = phrase('announce.passkey.you');
    await announce(core, tx, { key: `${key}_person`, to: userId, phrase: person }, correlationId);
    return ok(null);
  });
  core.dispatch();
  return stored;
}
