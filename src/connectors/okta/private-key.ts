import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Okta accepts RS256 for RSA keys and ES256 for keys on P-256. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: 'RS256' | 'ES256';
  /** `kid` of a JWK, `null` when the key came as PEM. */
  readonly keyId: string | null;
}

const jwk = z.looseObject({ kty: z.enum(['RSA', 'EC']), kid: z.string().optional() });

function parse(text: string): { key: KeyObject; keyId: string | null } | null {
  try {
    // An environment variable often contains the line ends of a PEM as two characters.
    if (text.startsWith('-----BEGIN')) return { key: createPrivateKey(text.replaceAll('\\n', '\n')), keyId: null };
    const decoded = jwk.safeParse(JSON.parse(text));
    if (!decoded.success) return null;
    return { key: createPrivateKey({ key: decoded.data, format: 'jwk' }), keyId: decoded.data.kid ?? null };
  } catch {
    // Node's reason may quote the key, so only the fact is kept.
    return null;
  }
}

/**
 * A private key as PEM (PKCS#8) or as a JWK in JSON; `null` when it is neither, or of a kind that Okta does not accept.
 */
export function readPrivateKey(value: string): SigningKey | null {
  const parsed = parse(value.trim());
  if (parsed === null) return null;
  const { key, keyId } = parsed;
  if (key.asymmetricKeyType === 'rsa') return { key, keyId, algorithm: 'RS256' };
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return key.asymmetricKeyType === 'ec' && curve === 'prime256v1' ? { key, keyId, algorithm: 'ES256' } : null;
}
