import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import * as z from 'zod';
import { canonicalJson } from '../platform/canonical.js';
import type { Core, RelyingParty } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import type { Sealing } from './page-requests.js';

const PURPOSE = 'passkey';

const traits = z.strictObject({
  transports: z.array(z.string()),
  /** `multiDevice`: it may be copied to other devices of its owner. */
  device: z.enum(['singleDevice', 'multiDevice']),
  backedUp: z.boolean(),
});

/** A passkey of an approver: its public half. FIDO calls it a credential. */
export interface Passkey extends Row<'passkeys', 'id' | 'user_id' | 'public_key' | 'registered_at' | 'used_at'> {
  readonly counter: number;
  readonly traits: z.output<typeof traits>;
}

type Bound = Pick<Passkey, 'id' | 'user_id' | 'public_key' | 'counter' | 'traits'>;

const termsOf = ({ workspaceId }: Sealing, { id, user_id: user, public_key: key, counter, traits: of }: Bound) =>
  canonicalJson({ workspace: workspaceId, user, id, key, counter, traits: { ...of, transports: [...of.transports] } });

/** The passkeys of a person that were registered here; what somebody wrote into the database is none. */
export async function passkeysOf(core: Sealing, tx: Queryable, userId: string): Promise<readonly Passkey[]> {
  const { rows } = await tx.query<
    Row<'passkeys', 'id' | 'user_id' | 'public_key' | 'counter' | 'traits' | 'tag' | 'registered_at' | 'used_at'>
  >(
    `select id, user_id, public_key, counter, traits, tag, registered_at, used_at from passkeys
     where workspace_id = $1 and user_id = $2 order by registered_at, id`,
    [core.workspaceId, userId],
  );
  return rows.flatMap(({ tag, traits: stored, ...row }) => {
    const read = traits.safeParse(stored);
    if (!read.success) return [];
    const passkey = { ...row, counter: Number(row.counter), traits: read.data };
    return core.sealer.isAuthentic(tag, termsOf(core, passkey), PURPOSE) ? [passkey] : [];
  });
}

/** Whether somebody may confirm with one in place of a code. */
export const hasPasskeys = async (core: Pick<Core, 'db'> & Sealing, userId: string): Promise<boolean> =>
  (await passkeysOf(core, core.db, userId)).length > 0;

const credentialOf = ({ id, public_key: key, counter, traits: { transports } }: Passkey): WebAuthnCredential => ({
  id,
  publicKey: new Uint8Array(Buffer.from(key, 'base64url')),
  counter,
  transports: [...transports],
});

/** What a browser sent, and what it had to be made for. */
export interface Asserted {
  readonly party: RelyingParty;
  readonly challenge: string;
  readonly response: AuthenticationResponseJSON;
}

/**
 * The passkey that signed this challenge, with the person verified by its device, and its new counter; `null` for
 * anything else: another challenge, origin, person, or a counter that went back (a copied authenticator).
 */
export async function assertedBy(
  passkeys: readonly Passkey[],
  { party, challenge, response }: Asserted,
): Promise<Passkey | null> {
  const passkey = passkeys.find(({ id }) => id === response.id);
  if (!passkey) return null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: credentialOf(passkey),
      requireUserVerification: true,
    });
    return verified ? { ...passkey, counter: authenticationInfo.newCounter } : null;
  } catch {
    // The library throws for every difference; all of them are one refusal here.
    return null;
  }
}

/** Notes that a passkey was used. */
export async function usePasskey(core: Sealing, tx: Queryable, passkey: Passkey): Promise<void> {
  const tag = core.sealer.authenticate(termsOf(core, passkey), PURPOSE);
  await tx.query('update passkeys set counter = $3, tag = $4, used_at = $5 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    passkey.id,
    passkey.counter,
    tag,
    core.runtime.now(),
  ]);
}

/** The passkey that a browser has just made; `null` when it was not made for this page and this link. */
export async function registeredBy(
  userId: string,
  asked: { readonly party: RelyingParty; readonly challenge: string; readonly response: RegistrationResponseJSON },
): Promise<Bound | null> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: asked.response,
      expectedChallenge: asked.challenge,
      expectedOrigin: asked.party.origin,
      expectedRPID: asked.party.id,
    });
    if (!verified || !registrationInfo.userVerified) return null;
    const { credential, credentialBackedUp: backedUp, credentialDeviceType: device } = registrationInfo;
    return {
      id: credential.id,
      user_id: userId,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      traits: { transports: credential.transports ?? [], device, backedUp },
    };
  } catch {
    return null;
  }
}

/** Stores a new passkey; `false` when its id is known already. */
export async function savePasskey(core: Sealing, tx: Queryable, passkey: Bound): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into passkeys (workspace_id, user_id, id, public_key, counter, traits, tag, registered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id, workspace_id) do nothing`,
    [
      core.workspaceId,
      passkey.user_id,
      passkey.id,
      passkey.public_key,
      passkey.counter,
      JSON.stringify(passkey.traits),
      core.sealer.authenticate(termsOf(core, passkey), PURPOSE),
      core.runtime.now(),
    ],
  );
  return rowCount > 0;
}
