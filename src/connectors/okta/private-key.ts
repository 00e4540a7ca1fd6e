import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Okta takes RS256 for RSA keys and ES256 for keys on P-256. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: 'RS256' | 'ES256';
  /** `kid` of a JWK, `null` when the key came as PEM. */
  readonly keyId: string | null;
}

const jwk = z.looseObject({ kty: z.enum(['RSA', 'EC']), kid: z.string().optional() });

function parse(text: string): { key: KeyObject; keyId: string | null } | null {
  try {
    // An environment variable often holds the line ends of a PEM as two characters.
    if (text.startsWith('-----BEGIN')) return { key: createPrivateKey(text.replaceAll('\\n', '\n')), keyId: null };
    const decoded = jwk.safeParse(JSON.parse(text));
    if (!decoded.success) return null;
    return { key: createPrivateKey({ key: decoded.data, format: 'jwk' }), keyId: decoded.data.kid ?? null };
  } catch {
    // Node says why in words that may quote the key, so only the fact is kept.
    return null;
  }
}

/** A private key as PEM (PKCS#8) or as a JWK in JSON; `null` when it is neither, or of a kind that Okta does not take. */
export function readPrivateKey(value: string): SigningKey | null {
  const parsed = parse(value.trim());
  if (parsed === null) return null;
  const { key, keyId } = parsed;
  if (key.asymmetricKeyType === 'rsa') return { key, keyId, algorithm: 'RS256' };
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return key.asymmetricKeyType === 'ec' && curve === 'prime256v1' ? { key, keyId, algorithm: 'ES256' } : null;
}

export interface Assertion {
  readonly clientId: string;
  /** The token endpoint's URL. */
  readonly audience: string;
  readonly keyId: string | null;
  /** Unique; Okta takes each once. */
  readonly id: string;
  readonly now: Date;
}

/** Okta refuses assertions that live longer than an hour. */
const LIFETIME_S = 300;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The signed JWT by which a service app proves who it is (`private_key_jwt`, RFC 7523). */
export function clientAssertion(signing: SigningKey, { clientId, audience, keyId, id, now }: Assertion): string {
  const kid = keyId ?? signing.keyId;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const header = { alg: signing.algorithm, typ: 'JWT', ...(kid === null ? {} : { kid }) };
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: issuedAt, exp: issuedAt + LIFETIME_S, jti: id };
  const text = `${part(header)}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: signing.key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}
