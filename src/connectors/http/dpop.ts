import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { z } from 'zod';
import type { Runtime } from '../../platform/runtime.js';
import type { HttpAnswer } from './client.js';
import { signedJwt } from './jwt.js';

// Demonstrating Proof of Possession (RFC 9449): every request is signed with a key of this process, so that an access
// token is of no use to whoever else gets hold of it.

/** A request that is proven; `url` is its address, of which a query is no part (4.2, `htu`). */
export interface Proven {
  readonly method: string;
  readonly url: string;
  /** By the vendor's clock. */
  readonly now: Date;
  /** The token that the request carries: its hash is part of the proof (`ath`). */
  readonly token?: string;
}

/** Proofs for one server, with the nonce that it last gave. */
export interface Prover {
  /** A new one for each request: each is accepted once. */
  prove(request: Proven): string;
  /**
   * Whether this answer is a refusal that asks for another nonce, which is kept: then the request was not executed, and is
   * sent once more (8 and 9).
   */
  asksAgain(answer: HttpAnswer): boolean;
}

const ASKED = 'use_dpop_nonce';
const refused = z.object({ error: z.string().catch('') });

function asksForNonce({ status, headers, body }: HttpAnswer): boolean {
  if (status !== 400 && status !== 401) return false;
  const said = refused.safeParse(body).data?.error ?? '';
  return said === ASKED || (headers.get('www-authenticate') ?? '').includes(ASKED);
}

/** The key pair lives in this process alone, and ends with it. Servers have nonces of their own. */
export function createDpop(runtime: Runtime): { readonly forTokens: Prover; readonly forCalls: Prover } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) };
  const signed = (input: Buffer): Buffer => sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });

  const prover = (): Prover => {
    let nonce: string | null = null;
    return {
      prove({ method, url, now, token }) {
        const claims = {
          jti: runtime.newId('jti'),
          htm: method,
          htu: url.split(/[?#]/)[0],
          iat: Math.floor(now.getTime() / 1000),
          ...(nonce === null ? {} : { nonce }),
          ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
        };
        return signedJwt(header, claims, signed);
      },
      asksAgain(answer) {
        nonce = answer.headers.get('dpop-nonce') ?? nonce;
        return asksForNonce(answer) && nonce !== null;
      },
    };
  };
  return { forTokens: prover(), forCalls: prover() };
}
