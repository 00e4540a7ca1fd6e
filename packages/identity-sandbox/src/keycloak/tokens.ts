import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { DirectoryRequest, Reply } from '../http/message.js';
import { ADMIN_CLIENT } from './model.js';

const LIFETIME_S = 300;

export interface TokenOptions {
  readonly clock: () => Date;
  readonly issuer: () => string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The service account's id. */
  readonly subject: string;
  readonly roles: () => readonly string[];
}

export interface Tokens {
  grant(request: DirectoryRequest): Reply;
  /** The roles in the request's token, from when it was given; `null`: it carries none that counts. */
  admits(request: DirectoryRequest): readonly string[] | null;
  expireAll(): void;
}

const same = (left: string, right: string): boolean => {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
};

const refuse = (status: number, error: string, error_description: string): Reply => ({
  status,
  body: { error, error_description },
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Client id and secret from the form, or from Basic. */
function credentialsOf(request: DirectoryRequest, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic (\S+)$/.exec(request.header('authorization'))?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s);
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

/** `POST /realms/{realm}/protocol/openid-connect/token`, client credentials only; access tokens are signed JWTs. */
export function createTokens(options: TokenOptions): Tokens {
  const key = randomBytes(32);
  const given = new Map<string, { readonly until: number; readonly roles: readonly string[] }>();

  const mint = (): string => {
    const now = Math.floor(options.clock().getTime() / 1000);
    const head = part({ alg: 'HS256', typ: 'JWT', kid: 'realm-key' });
    const claims = part({
      exp: now + LIFETIME_S,
      iat: now,
      jti: randomUUID(),
      iss: options.issuer(),
      sub: options.subject,
      typ: 'Bearer',
      azp: options.clientId,
      resource_access: { [ADMIN_CLIENT]: { roles: options.roles() } },
      preferred_username: `service-account-${options.clientId}`,
    });
    const signature = createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');
    return `${head}.${claims}.${signature}`;
  };

  return {
    grant(request) {
      if (!/^application\/x-www-form-urlencoded\b/i.test(request.header('content-type')))
        return refuse(415, 'HTTP 415 Unsupported Media Type', 'Wrong content type');
      const form = new URLSearchParams(request.body);
      if (form.get('grant_type') === null) return refuse(400, 'invalid_request', 'Missing form parameter: grant_type');
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(400, 'unsupported_grant_type', 'Unsupported grant_type');
      const { id, secret } = credentialsOf(request, form);
      if (!same(id, options.clientId) || !same(secret, options.clientSecret))
        return refuse(401, 'unauthorized_client', 'Invalid client or Invalid client credentials');
      const token = mint();
      given.set(token, { until: options.clock().getTime() + LIFETIME_S * 1000, roles: [...options.roles()] });
      return {
        status: 200,
        body: {
          access_token: token,
          expires_in: LIFETIME_S,
          refresh_expires_in: 0,
          token_type: 'Bearer',
          'not-before-policy': 0,
          scope: 'email profile',
        },
      };
    },
    admits(request) {
      const token = /^Bearer (\S+)$/i.exec(request.header('authorization'))?.[1] ?? '';
      const held = given.get(token);
      return held !== undefined && held.until > options.clock().getTime() ? held.roles : null;
    },
    expireAll: () => given.clear(),
  };
}
