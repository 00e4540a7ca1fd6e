const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed JWT in its compact form (RFC 7519, RFC 7515); `sign` signs its first two parts. */
export function signedJwt(header: object, claims: object, sign: (input: Buffer) => Buffer): string {
  const input = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${input}.${sign(Buffer.from(input)).toString('base64url')}`;
}

/** A JWT's claims: read, not verified. `undefined` for an opaque token, which every vendor may issue. */
export function claimsOf(token: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return claims;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
