import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { jsonOf } from '../http/message.js';
import { isRecord } from './context.js';

// What Okta checks of a DPoP proof: RFC 9449, 4.3, and its guide "Configure OAuth 2.0 Demonstrating Proof-of-Possession".

export interface Proof {
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  /** The token that the request carries. */
  readonly token?: string;
  /** The key that the token is bound to. */
  readonly thumbprint?: string;
}

export type Checked =
  | { readonly thumbprint: string }
  | { readonly error: 'use_dpop_nonce' | 'invalid_dpop_proof'; readonly description: string };

/** A proof may be this much older or newer than the server's clock. */
const SKEW_S = 300;
const DAY_MS = 86_400_000;
/** "renews the value every 24 hours. The old value continues to work for three days after generation". */
const NONCE_LIVES_MS = 3 * DAY_MS;

const decoded = (part: string): Record<string, unknown> => {
  const json = jsonOf(Buffer.from(part, 'base64url').toString());
  return isRecord(json) ? json : {};
};

/** RFC 7638: the members that an EC key needs, in the order of their names. */
const thumbprintOf = ({ crv, kty, x, y }: Record<string, unknown>): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');

function isSigned(header: Record<string, unknown>, input: string, signature: string): boolean {
  const { typ, alg, jwk } = header;
  if (typ !== 'dpop+jwt' || alg !== 'ES256' || !isRecord(jwk) || 'd' in jwk) return false;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(
      'sha256',
      Buffer.from(input),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
  } catch {
    return false;
  }
}

export interface ProofCheck {
  /** The nonce that is given out now. */
  nonce(): string;
  /** With `nonced`, the proof must name a nonce that was given out. */
  check(jwt: string, proof: Proof, nonced: boolean): Checked;
}

export function createProofCheck(clock: () => Date): ProofCheck {
  const nonces = new Map<string, number>();
  const used = new Set<string>();
  const bad = (description: string): Checked => ({ error: 'invalid_dpop_proof', description });

  const nonce = (): string => {
    const now = clock().getTime();
    const [last, at] = [...nonces].at(-1) ?? ['', -Infinity];
    if (now - at < DAY_MS) return last;
    const made = randomBytes(24).toString('base64url');
    nonces.set(made, now);
    return made;
  };

  /** What is wrong with the claims about the request; `null`: nothing. */
  function problemOf(claims: Record<string, unknown>, { method, url, token }: Proof): string | null {
    const { htm, htu, iat, ath } = claims;
    if (htm !== method || htu !== url) return "The DPoP proof JWT's htm and htu must be those of the request.";
    if (typeof iat !== 'number' || Math.abs(iat - clock().getTime() / 1000) > SKEW_S)
      return 'The DPoP proof JWT is too old, or issued in the future.';
    if (token !== undefined && ath !== createHash('sha256').update(token).digest('base64url'))
      return "The DPoP proof JWT's ath must be the hash of the access token.";
    return null;
  }

  function isKnown(named: unknown): boolean {
    const since = typeof named === 'string' ? nonces.get(named) : undefined;
    return since !== undefined && clock().getTime() - since <= NONCE_LIVES_MS;
  }

  return {
    nonce,
    check(jwt, proof, nonced) {
      const [first = '', second = '', signature = '', ...rest] = jwt.split('.');
      const header = decoded(first);
      if (rest.length > 0 || !isSigned(header, `${first}.${second}`, signature))
        return bad('The DPoP proof JWT signature is invalid.');
      const claims = decoded(second);
      const problem = problemOf(claims, proof);
      if (problem !== null) return bad(problem);
      if (nonced && !isKnown(claims['nonce']))
        return { error: 'use_dpop_nonce', description: 'Authorization server requires nonce in DPoP proof.' };
      const { jti } = claims;
      if (typeof jti !== 'string' || jti === '' || used.has(jti))
        return bad('The DPoP proof JWT has already been used.');
      used.add(jti);
      const bound = thumbprintOf(isRecord(header['jwk']) ? header['jwk'] : {});
      return proof.thumbprint === undefined || proof.thumbprint === bound
        ? { thumbprint: bound }
        : bad('The access token is bound to another key.');
    },
  };
}
