import { constants, createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { DirectoryRequest, Reply } from '../http/message.js';
import { jsonOf } from '../http/message.js';

const LIFETIME_S = 3599;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const header = z.object({ alg: z.enum(['PS256', 'RS256']), 'x5t#S256': z.string() });
const claims = z.object({
  aud: z.string(),
  iss: z.string(),
  sub: z.string(),
  jti: z.string().min(1),
  nbf: z.number(),
  exp: z.number(),
});

export interface Application {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** PEM of the certificate that was uploaded. */
  readonly certificate: string | null;
}

/** What an access token says of the application. */
export interface Rights {
  readonly permissions: ReadonlySet<string>;
  /** Template ids of its directory roles. */
  readonly roles: ReadonlySet<string>;
}

export interface Tokens {
  grant(request: DirectoryRequest, url: string): Reply;
  /** The rights that the token was given with, `null` for a token that is not valid. */
  check(authorization: string): Rights | null;
  expireAll(): void;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): unknown => jsonOf(Buffer.from(part ?? '', 'base64url').toString('utf8'));

interface Refusal {
  readonly status: number;
  readonly error: string;
  /** The number after `AADSTS`. */
  readonly code: number;
}

function refuse(now: Date, { status, error, code }: Refusal, text: string): Reply {
  const timestamp = now.toISOString().slice(0, 19).replace('T', ' ') + 'Z';
  const trace = randomBytes(16).toString('hex');
  const error_description = `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`;
  return {
    status,
    body: { error, error_description, error_codes: [code], timestamp, trace_id: trace, correlation_id: trace },
  };
}

/** Whether the assertion is signed with the uploaded certificate's key, for this token endpoint, and of this time. */
function judgeAssertion(
  assertion: string,
  application: Application,
  audience: string,
  now: Date,
): 'good' | 'mistimed' | 'bad' {
  const [head, body, signature, ...rest] = assertion.split('.');
  const parsedHead = header.safeParse(decode(head));
  const parsed = claims.safeParse(decode(body));
  if (rest.length > 0 || signature === undefined || !parsedHead.success || !parsed.success) return 'bad';
  if (application.certificate === null) return 'bad';
  const certificate = new X509Certificate(application.certificate);
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
  const { aud, iss, sub, nbf, exp } = parsed.data;
  const seconds = now.getTime() / 1000;
  const named =
    parsedHead.data['x5t#S256'] === thumbprint && aud === audience && iss === sub && iss === application.clientId;
  if (!named) return 'bad';
  if (nbf > seconds + 300 || exp < seconds || exp > seconds + 600) return 'mistimed';
  const padding = parsedHead.data.alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const key = { key: certificate.publicKey, padding, saltLength: 32 };
  const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return signed ? 'good' : 'bad';
}

/** The token endpoint of one tenant, for one application. `rights` is asked when a token is given. */
export function createTokens(clock: () => Date, application: Application, rights: () => Rights): Tokens {
  const given = new Map<string, { readonly until: number; readonly rights: Rights }>();

  const whyNot = (form: URLSearchParams, audience: string): Reply | null => {
    const now = clock();
    if (form.get('client_id')?.toLowerCase() !== application.clientId)
      return refuse(
        now,
        { status: 400, error: 'unauthorized_client', code: 700016 },
        'Application was not found in the directory.',
      );
    const assertion = form.get('client_assertion');
    if (assertion !== null) {
      const known = form.get('client_assertion_type') === ASSERTION_TYPE;
      const judged = known ? judgeAssertion(assertion, application, audience, now) : 'bad';
      if (judged === 'good') return null;
      if (judged === 'mistimed')
        return refuse(
          now,
          { status: 401, error: 'invalid_client', code: 700024 },
          'Client assertion is not within its valid time range.',
        );
      return refuse(
        now,
        { status: 401, error: 'invalid_client', code: 700027 },
        'The certificate with identifier used to sign the client assertion is not registered on application.',
      );
    }
    if (application.clientSecret !== null && form.get('client_secret') === application.clientSecret) return null;
    return refuse(
      now,
      { status: 401, error: 'invalid_client', code: 7000215 },
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
    );
  };

  return {
    grant(request, url) {
      const { path, body } = request;
      const now = clock();
      if (!request.header('content-type').startsWith('application/x-www-form-urlencoded'))
        return refuse(
          now,
          { status: 400, error: 'invalid_request', code: 900144 },
          "The request body must contain the following parameter: 'grant_type'.",
        );
      if (path.split('/')[1]?.toLowerCase() !== application.tenantId.toLowerCase())
        return refuse(
          now,
          { status: 400, error: 'invalid_request', code: 90002 },
          'Tenant was not found. Check to make sure you have the correct tenant ID.',
        );
      const form = new URLSearchParams(body);
      if (form.get('grant_type') !== 'client_credentials')
        return refuse(
          now,
          { status: 400, error: 'unsupported_grant_type', code: 70003 },
          'The app requested an unsupported grant type.',
        );
      if (form.get('scope') !== `${url}/.default`)
        return refuse(
          now,
          { status: 400, error: 'invalid_scope', code: 70011 },
          'The provided value for the input parameter scope is not valid.',
        );
      const no = whyNot(form, `${url}${path}`);
      if (no !== null) return no;
      const granted = rights();
      const seconds = Math.floor(now.getTime() / 1000);
      const payload = {
        aud: url,
        appid: application.clientId,
        roles: [...granted.permissions],
        wids: [...granted.roles, '0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
        tid: application.tenantId,
        nbf: seconds,
        exp: seconds + LIFETIME_S,
      };
      const token = `${encode({ typ: 'JWT', alg: 'RS256' })}.${encode(payload)}.${randomBytes(64).toString('base64url')}`;
      const kept = { permissions: new Set(granted.permissions), roles: new Set(granted.roles) };
      given.set(token, { until: now.getTime() + LIFETIME_S * 1000, rights: kept });
      return {
        status: 200,
        body: { token_type: 'Bearer', expires_in: LIFETIME_S, ext_expires_in: LIFETIME_S, access_token: token },
      };
    },
    check(authorization) {
      const held = given.get(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
      return held !== undefined && held.until > clock().getTime() ? held.rights : null;
    },
    expireAll: () => given.clear(),
  };
}
