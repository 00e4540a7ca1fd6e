import { createPublicKey, randomBytes, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { jsonOf, type DirectoryRequest, type Reply } from '../http/message.js';
import type { GoogleWorkspaceState } from './state.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFETIME_S = 3600;
const SKEW_S = 300;
const PREFIX = 'https://www.googleapis.com/auth/';

/** The service account as the directory knows it: the public half of its key. */
export interface KnownServiceAccount {
  readonly clientEmail: string;
  /** PEM. */
  readonly publicKey: string;
}

export interface Caller {
  readonly subject: string;
  readonly scopes: readonly string[];
}

export interface OAuth {
  token(request: DirectoryRequest): Reply;
  /** `null`: no valid token. */
  caller(authorization: string): Caller | null;
  permit(scope: string, granted: boolean): void;
  expireAll(): void;
}

const headerShape = z.object({ alg: z.literal('RS256') });
const claimsShape = z.object({
  iss: z.string(),
  sub: z.string().optional(),
  scope: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
});
type Claims = z.output<typeof claimsShape>;

const refuse = (error: string, error_description: string, status = 400): Reply => ({
  status,
  body: { error, error_description },
});

const decode = (part: string): unknown => jsonOf(Buffer.from(part, 'base64url').toString('utf8'));

function readAssertion(text: string, key: KeyObject): Claims | Reply {
  const [header = '', claims = '', signature = '', ...rest] = text.split('.');
  const parsed = claimsShape.safeParse(decode(claims));
  if (rest.length > 0 || !headerShape.safeParse(decode(header)).success || !parsed.success)
    return refuse('invalid_request', 'Invalid JWT: Failed to parse the assertion.');
  const genuine = verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
  return genuine ? parsed.data : refuse('invalid_grant', 'Invalid JWT Signature.');
}

function timely({ iat, exp }: Claims, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  return exp > seconds && exp - iat <= LIFETIME_S && iat <= seconds + SKEW_S && iat >= seconds - LIFETIME_S;
}

/** JWT bearer grants with domain-wide delegation. A scope that is not delegated refuses the token as a whole. */
export function createOAuth(
  state: GoogleWorkspaceState,
  account: KnownServiceAccount,
  scopes: readonly string[],
): OAuth {
  const key = createPublicKey(account.publicKey);
  const delegated = new Set(scopes);
  const tokens = new Map<string, Caller & { readonly until: number }>();

  const check = (claims: Claims, audience: string): Reply | string => {
    if (claims.iss !== account.clientEmail) return refuse('invalid_grant', 'Invalid grant: account not found');
    if (claims.aud !== audience)
      return refuse('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${audience}.`);
    if (!timely(claims, state.clock()))
      return refuse(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    const wanted = claims.scope.split(' ');
    if (wanted.some((scope) => !scope.startsWith(PREFIX) || !delegated.has(scope.slice(PREFIX.length))))
      return refuse(
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
        401,
      );
    const subject = claims.sub === undefined ? undefined : state.user(claims.sub);
    return subject?.primaryEmail ?? refuse('invalid_grant', 'Invalid email or User ID');
  };

  return {
    token(request) {
      const form = new URLSearchParams(request.body);
      if (
        !request.header('content-type').startsWith('application/x-www-form-urlencoded') ||
        form.get('grant_type') !== GRANT
      )
        return refuse(
          'unsupported_grant_type',
          'Invalid grant_type: it must be urn:ietf:params:oauth:grant-type:jwt-bearer',
        );
      const claims = readAssertion(form.get('assertion') ?? '', key);
      if ('status' in claims) return claims;
      const subject = check(claims, `http://${request.header('host')}${request.path}`);
      if (typeof subject !== 'string') return subject;
      const token = `ya29.${randomBytes(96).toString('base64url')}`;
      const granted = claims.scope.split(' ').map((scope) => scope.slice(PREFIX.length));
      tokens.set(token, { subject, scopes: granted, until: state.clock().getTime() + LIFETIME_S * 1000 });
      return { status: 200, body: { access_token: token, expires_in: LIFETIME_S - 1, token_type: 'Bearer' } };
    },
    caller(authorization) {
      const held = tokens.get(authorization.replace(/^Bearer /i, ''));
      return held === undefined || held.until <= state.clock().getTime() ? null : held;
    },
    permit(scope, granted) {
      if (granted) {
        delegated.add(scope);
        return;
      }
      delegated.delete(scope);
      for (const [token, held] of tokens) if (held.scopes.includes(scope)) tokens.delete(token);
    },
    expireAll: () => tokens.clear(),
  };
}
