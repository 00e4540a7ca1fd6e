import type { Runtime } from '../../platform/runtime.js';
import { signedJwt } from './jwt.js';

/** Okta refuses assertions that live longer than an hour; a new one is made for each token. */
const LIFETIME_S = 300;

interface Assertion {
  readonly clientId: string;
  /** The token endpoint's URL. */
  readonly audience: string;
  /** How it is signed, and which key did it. */
  readonly header: object;
  readonly sign: (input: Buffer) => Buffer;
}

/**
 * How a client authenticates without a secret (`private_key_jwt`, RFC 7523, 2.2 and 3). Each is accepted once, by its
 * `jti`. `now` is by the vendor's clock.
 */
export function assertionForm({ clientId, audience, header, sign }: Assertion, runtime: Runtime, now: Date) {
  const iat = Math.floor(now.getTime() / 1000);
  const jti = runtime.newId('jti');
  const claims = { iss: clientId, sub: clientId, aud: audience, iat, nbf: iat, exp: iat + LIFETIME_S, jti };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signedJwt(header, claims, sign),
  };
}
