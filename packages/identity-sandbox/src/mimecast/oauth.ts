import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Reply } from './wire.js';

export const TOKEN_PATH = '/oauth/token';
const TOKEN_LIFETIME_S = 1800;

export interface Tokens {
  /** `POST /oauth/token`, form-encoded client credentials. */
  grant(contentType: string, body: string): Reply;
  check(authorization: string | undefined): 'ok' | 'missing' | 'unknown' | 'expired';
  /** Whether the application had this permission when the token was given. */
  permits(authorization: string, permission: string): boolean;
  /** Every token given so far is expired from now on. */
  expireAll(): void;
}

interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What its role permits at present. */
  readonly permissions: ReadonlySet<string>;
}

const same = (left: string, right: string): boolean => {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
};

const refuse = (status: number, error: string, description: string): Reply => ({
  status,
  body: { error, error_description: description },
});

export function createTokens(clock: () => Date, { clientId, clientSecret, permissions }: Application): Tokens {
  const expiry = new Map<string, number>();
  const rights = new Map<string, ReadonlySet<string>>();
  return {
    grant(contentType, body) {
      if (!/^application\/x-www-form-urlencoded\b/i.test(contentType))
        return refuse(415, 'invalid_request', 'The content type must be application/x-www-form-urlencoded');
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(400, 'unsupported_grant_type', 'The grant type is not supported');
      const known = same(form.get('client_id') ?? '', clientId) && same(form.get('client_secret') ?? '', clientSecret);
      if (!known) return refuse(401, 'invalid_client', 'Client authentication failed');
      const token = randomBytes(24).toString('base64url');
      expiry.set(token, clock().getTime() + TOKEN_LIFETIME_S * 1000);
      rights.set(token, new Set(permissions));
      return {
        status: 200,
        body: { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFETIME_S, scope: '' },
      };
    },
    check(authorization) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return 'missing';
      const until = expiry.get(token);
      if (until === undefined) return 'unknown';
      return until > clock().getTime() ? 'ok' : 'expired';
    },
    permits: (authorization, permission) =>
      rights.get(/^Bearer (\S+)$/.exec(authorization)?.[1] ?? '')?.has(permission) === true,
    expireAll() {
      for (const token of expiry.keys()) expiry.set(token, 0);
    },
  };
}
