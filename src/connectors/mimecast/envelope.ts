import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { HttpFailure } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { comeAgain } from '../http/come-again.js';
import { failure } from '../kit/action.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { namesOf, PERMISSION_OF, PRODUCT_OF } from './permissions.js';

const text = z.string().catch('');
/** A missing field, or one of another form, counts as absent. */
const maybe = <T>(shape: z.ZodType<T>) => shape.optional().catch(undefined);

/** `key` echoes the input and may contain a password, so it is not even read. */
const detail = z.object({
  code: text,
  message: text,
  field: maybe(z.string()),
  retryable: maybe(z.boolean()),
});
type Detail = z.output<typeof detail>;

/** Several details, or one by itself. */
const failureEntry = z
  .object({ errors: maybe(z.array(detail)), code: text, message: text })
  .transform(({ errors, code, message }): readonly Detail[] => errors ?? [{ code, message }])
  .catch([{ code: 'unreadable failure', message: '' }]);

const envelope = z.object({
  meta: maybe(
    z.object({
      status: maybe(z.number()),
      pagination: maybe(z.object({ next: maybe(z.string()) })),
    }),
  ),
  data: maybe(z.array(z.unknown())),
  fail: maybe(z.array(failureEntry)),
});

/** One answer of `/api/...`, in the words of the envelope. */
export interface Answer {
  readonly path: string;
  readonly write: boolean;
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | null;
  readonly quote: (text: string) => string;
}

export interface Page {
  readonly data: readonly unknown[];
  /** Whether `data` came as a list: without one, nothing can be said of what is absent. */
  readonly isList: boolean;
  /** The token of the next page, `null` at the end. */
  readonly next: string | null;
}

interface Reason {
  /** HTTP status, or the envelope's own when HTTP said 2xx. */
  readonly status: number;
  readonly codes: readonly string[];
  readonly field: string | null;
  /** What Mimecast said, safe to show. */
  readonly said: string;
  readonly retryable: boolean;
}

/** Codes of Mimecast, kept whole so that callers can tell an "already there" from a real failure. */
export type MimecastFailure = HttpFailure & { readonly codes: readonly string[] };

/** The codes of an answer's failures, in any of the shapes they come in. */
export const codesOf = (body: unknown): readonly string[] =>
  (envelope.safeParse(body).data?.fail ?? []).flat().map(({ code }) => code);

/** Whether it refuses with its own status for a missing right, whatever HTTP says. */
export const forbids = (body: unknown): boolean => envelope.safeParse(body).data?.meta?.status === 403;

const inRange = (status: number): boolean => status >= 200 && status < 300;

function reasonOf(answer: Answer, parsed: z.output<typeof envelope>): Reason {
  const status = inRange(answer.status) ? (parsed.meta?.status ?? answer.status) : answer.status;
  const details = (parsed.fail ?? []).flat();
  const said = details.map(({ code, message }) => [code, message].filter((part) => part !== '').join(': ')).join('; ');
  return {
    status,
    codes: details.map(({ code }) => code),
    field: details.find(({ field }) => field !== undefined)?.field ?? null,
    said: said === '' ? `status ${status}` : answer.quote(said),
    retryable: details.length > 0 && details.every(({ retryable }) => retryable === true),
  };
}

function classifyByStatus(answer: Answer, { status, said }: Reason): ConnectorFailure | null {
  switch (status) {
    case 423:
      return comeAgain('Mimecast', answer, said);
    case 401:
      return failure(
        'auth',
        `Mimecast refused the application's credentials (${said}); check them, and that the API application is enabled.`,
      );
    case 403: {
      const missing = PERMISSION_OF[answer.path];
      const message = `Mimecast does not permit ${answer.path} (${said})`;
      return missing === undefined
        ? failure('permission', `${message}; check the products and the role of the API application.`)
        : {
            kind: 'permission',
            message: `${message}; give the application's role "${namesOf(missing).join('" and "')}".`,
            missing,
          };
    }
    case 404:
      return failure(
        'not_found',
        `Mimecast found nothing at ${answer.path} (${said}); check the base URL and the address.`,
      );
    case 409:
      return failure(
        'conflict',
        `Mimecast refused the change because of the present state (${said}); read the account again.`,
      );
    case 418:
      return failure(
        'auth',
        `Mimecast says that the access key has expired (${said}); set the authentication cache of the API user's profile to Never Expires and create new keys.`,
      );
    case 429: {
      const message = 'Mimecast takes no more calls for now; wait before trying again.';
      return { kind: 'throttled', message, retryAfterMs: answer.retryAfterMs };
    }
    default:
      return status >= 500 ? lost(`Mimecast failed inside (${said})`, answer.write) : null;
  }
}

/** Codes about the credentials, and what helps. The first three belong to API 2.0, the others to 1.0. */
const CREDENTIAL_CODES: readonly (readonly [RegExp, string])[] = [
  [
    /token_expired|token_verification_failed|err_xdk_client_unauthorized/,
    'create new ones and put them into the configuration',
  ],
  [
    /err_xdk_binding_expired/,
    "the access key has outlived its authentication cache: set that of the API user's authentication profile to Never Expires, create new keys and put them into the configuration",
  ],
  [/err_developer_key/, 'check app_id and app_key, and that the API application is enabled'],
  [
    /err_xdk_\w*(signature|binding|date)/,
    "check access_key, secret_key and this machine's clock, which may be 15 minutes wrong at most",
  ],
];

/**
 * Said about an address outside the account, and by some tenants about every change of a group; never about a right.
 */
export const FORBIDDEN_ADDRESS = 'err_xdk_operation_forbidden_for_address';

function classifyByCode({ path }: Answer, { codes, field, said }: Reason): ConnectorFailure | null {
  const any = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
  const refused = CREDENTIAL_CODES.find(([pattern]) => any(pattern));
  if (refused !== undefined) return failure('auth', `Mimecast refused the credentials (${said}); ${refused[1]}.`);
  if (any(/^app_forbidden$/))
    return failure(
      'licence',
      `No product of the API application includes ${path} (${said}); products cannot be changed later, so make a new API application with "${PRODUCT_OF(path)}" ticked. No role helps.`,
    );
  if (codes.includes(FORBIDDEN_ADDRESS))
    return failure(
      'not_found',
      `Mimecast does not manage this address for us (${said}); check the address, or wait until the directory has been synchronised.`,
    );
  if (any(/err_xdk_\w*forbidden/))
    return failure(
      'permission',
      `Mimecast does not permit it (${said}); check the products and the role of the API application.`,
    );
  const invalid = (message: string, wrong: string | null): ConnectorFailure => ({
    kind: 'invalid_input',
    message,
    ...(wrong === null ? {} : { field: wrong }),
  });
  if (any(/incorrect_region/))
    return invalid(`This Mimecast account lives in another region (${said}); set base_url to its region.`, 'base_url');
  if (any(/not_found/)) return failure('not_found', `Mimecast does not know it (${said}); check the address.`);
  if (any(/already_exists/)) return failure('conflict', `Mimecast says that it is there already (${said}).`);
  if (any(/password/))
    return invalid(
      `Mimecast refused the new password (${said}); compare it with the account's password rules.`,
      'password',
    );
  if (!any(/^err_validation/)) return null;
  return invalid(`Mimecast refused the input (${said}); correct ${field ?? 'it'} and try again.`, field);
}

function classify(answer: Answer, reason: Reason): ConnectorFailure {
  const byCode = classifyByCode(answer, reason);
  // A code says more than the status, except where the status concerns rights, credentials or load.
  const decides = byCode?.kind === 'auth' || byCode?.kind === 'licence' || reason.codes.includes(FORBIDDEN_ADDRESS);
  if (byCode !== null && (decides || ![401, 403, 429].includes(reason.status))) return byCode;
  const byStatus = classifyByStatus(answer, reason);
  if (byStatus !== null) return byStatus;
  if (reason.retryable) return lost(`Mimecast could not do it for now (${reason.said})`, answer.write);
  return failure(
    'conflict',
    `Mimecast refused the request (${reason.said}); look the code up in Mimecast's API guide.`,
  );
}

/**
 * Success is HTTP 2xx, an empty `fail`, and no `meta.status` outside 200..299: HTTP 200 alone means nothing (real
 * answers with HTTP 200, `meta.status` 403 and an empty `fail` exist).
 */
export function readEnvelope(answer: Answer): Result<Page, MimecastFailure> {
  const contents = envelope.safeParse(answer.body ?? {}).data ?? {};
  const { data, fail, meta } = contents;
  if (data === undefined && fail === undefined && meta === undefined && inRange(answer.status))
    return err({ ...lost('Mimecast answered something that is not its envelope', answer.write), codes: [] });
  const reason = reasonOf(answer, contents);
  // A failure without a code is one too.
  if (inRange(reason.status) && (fail ?? []).length === 0)
    return ok({ data: data ?? [], isList: data !== undefined, next: meta?.pagination?.next || null });
  return err({ ...classify(answer, reason), codes: reason.codes });
}
