import { constants, createHash, sign, X509Certificate } from 'node:crypto';
import type { Runtime } from '../../runtime.js';

const LIFETIME_S = 300;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface AssertionKey {
  readonly certificate: string;
  readonly privateKey: string;
  readonly algorithm: 'PS256' | 'RS256';
}

/** A signed statement that this is the application (RFC 7523), in the form that Entra ID takes: certificate named by its thumbprint. */
export function clientAssertion(key: AssertionKey, clientId: string, audience: string, runtime: Runtime): string {
  const der = new X509Certificate(key.certificate).raw;
  const thumbprint = createHash('sha256').update(der).digest('base64url');
  const seconds = Math.floor(runtime.now().getTime() / 1000);
  const header = { alg: key.algorithm, typ: 'JWT', 'x5t#S256': thumbprint };
  const jti = runtime.randomBytes(16).toString('hex');
  const claims = { aud: audience, iss: clientId, sub: clientId, jti, nbf: seconds, exp: seconds + LIFETIME_S };
  const input = `${encode(header)}.${encode(claims)}`;
  const padding = key.algorithm === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, padding, saltLength: 32 });
  return `${input}.${signature.toString('base64url')}`;
}
