import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import { lost } from '../http/network-failure.js';
import type { ConnectorFailure } from '../port.js';
import { PERMISSION_OF } from './permissions.js';

const text = z.string().catch('');

/** `key` echoes the input and may hold a password, so it is not even read. */
const failure = z.object({
  errors: z
    .array(
      z.object({
        code: text,
        message: text,
        field: z.string().optional().catch(undefined),
        retryable: z.boolean().optional().catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

const envelope = z.object({
  meta: z
    .object({
      status: z.number().optional().catch(undefined),
      pagination: z
        .object({ next: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  data: z.array(z.unknown()).optional().catch(undefined),
  fail: z.array(z.unknown()).optional().catch(undefined),
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
export type MimecastFailure = ConnectorFailure & { readonly codes: readonly string[] };

/** The codes of an answer's failures, in whichever of the shapes they come. */
export function codesOf(body: unknown): readonly string[] {
  const parsed = envelope.safeParse(body);
  return parsed.success ? detailsOf(parsed.data).map(({ code }) => code) : [];
}

interface Detail {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
  readonly retryable?: boolean | undefined;
}

function detailsOf(parsed: z.output<typeof envelope>): readonly Detail[] {
  return (parsed.fail ?? []).flatMap((entry): readonly Detail[] => {
    const one = failure.safeParse(entry);
    if (!one.success) return [{ code: 'unreadable failure', message: '' }];
    return one.data.errors ?? [{ code: one.data.code ?? '', message: one.data.message ?? '' }];
  });
}

const inRange = (status: number): boolean => status >= 200 && status < 300;

function reasonOf(answer: Answer, parsed: z.output<typeof envelope>): Reason {
  const status = inRange(answer.status) ? (parsed.meta?.status ?? answer.status) : answer.status;
  const details = detailsOf(parsed);
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
    case 401:
      return {
        kind: 'auth',
        message: `Mimecast refused the application's credentials (${said}); check them, and that the API application is enabled.`,
      };
    case 403: {
      const missing = PERMISSION_OF[answer.path];
      const mend =
        missing === undefined
          ? 'check the products and the role of the API application'
          : `give the application's role "${missing}"`;
      return {
        kind: 'permission',
        message: `Mimecast does not permit ${answer.path} (${said}); ${mend}.`,
        ...(missing === undefined ? {} : { missing }),
      };
    }
    case 404:
      return {
        kind: 'not_found',
        message: `Mimecast found nothing at ${answer.path} (${said}); check the base URL and the address.`,
      };
    case 409:
      return {
        kind: 'conflict',
        message: `Mimecast refused the change because of the present state (${said}); read the account again.`,
      };
    case 418:
      return {
        kind: 'auth',
        message: `Mimecast says that the access key has expired (${said}); set the authentication cache of the API user's profile to Never Expires and create new keys.`,
      };
    case 429:
      return {
        kind: 'throttled',
        message: 'Mimecast takes no more calls for now; wait before trying again.',
        retryAfterMs: answer.retryAfterMs,
      };
    default:
      return status >= 500 ? lost(`Mimecast failed inside (${said})`, answer.write) : null;
  }
}

/** Codes that speak of the credentials, and what helps. The first three belong to API 2.0, the others to 1.0. */
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

function classifyByCode({ codes, field, said }: Reason): ConnectorFailure | null {
  const any = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
  const refused = CREDENTIAL_CODES.find(([pattern]) => any(pattern));
  if (refused !== undefined)
    return { kind: 'auth', message: `Mimecast refused the credentials (${said}); ${refused[1]}.` };
  if (any(/err_xdk_operation_forbidden_for_address/)) {
    return {
      kind: 'not_found',
      message: `Mimecast does not manage this address for us (${said}); check the address, or wait until the directory has been synchronised.`,
    };
  }
  if (any(/err_xdk_\w*forbidden/)) {
    return {
      kind: 'permission',
      message: `Mimecast does not permit it (${said}); check the products and the role of the API application.`,
    };
  }
  if (any(/incorrect_region/)) {
    return {
      kind: 'invalid_input',
      message: `This Mimecast account lives in another region (${said}); set base_url to its region.`,
      field: 'base_url',
    };
  }
  if (any(/not_found/))
    return { kind: 'not_found', message: `Mimecast does not know it (${said}); check the address.` };
  if (any(/already_exists/)) return { kind: 'conflict', message: `Mimecast says that it is there already (${said}).` };
  if (any(/password/)) {
    return {
      kind: 'invalid_input',
      message: `Mimecast refused the new password (${said}); compare it with the account's password rules.`,
      field: 'password',
    };
  }
  if (any(/^err_validation/)) {
    return {
      kind: 'invalid_input',
      message: `Mimecast refused the input (${said}); correct ${field ?? 'it'} and try again.`,
      ...(field === null ? {} : { field }),
    };
  }
  return null;
}

function classify(answer: Answer, reason: Reason): ConnectorFailure {
  const byCode = classifyByCode(reason);
  // A code says more than the status, save where the status tells of rights, credentials or load.
  if (byCode !== null && (byCode.kind === 'auth' || ![401, 403, 429].includes(reason.status))) return byCode;
  const byStatus = classifyByStatus(answer, reason);
  if (byStatus !== null) return byStatus;
  if (reason.retryable) return lost(`Mimecast could not do it for now (${reason.said})`, answer.write);
  return {
    kind: 'conflict',
    message: `Mimecast refused the request (${reason.said}); look the code up in Mimecast's API guide.`,
  };
}

/**
 * Success is HTTP 2xx, an empty `fail`, and no `meta.status` outside 200..299: HTTP 200 alone means nothing (real
 * answers with HTTP 200, `meta.status` 403 and an empty `fail` exist).
 */
export function readEnvelope(answer: Answer): Result<Page, MimecastFailure> {
  const parsed = envelope.safeParse(answer.body ?? {});
  const bare =
    !parsed.success ||
    (parsed.data.data === undefined && parsed.data.fail === undefined && parsed.data.meta === undefined);
  if (bare && inRange(answer.status)) {
    return err({ ...lost('Mimecast answered something that is not its envelope', answer.write), codes: [] });
  }
  const contents = parsed.success ? parsed.data : {};
  const reason = reasonOf(answer, contents);
  if (inRange(reason.status) && reason.codes.length === 0) {
    return ok({ data: contents.data ?? [], next: contents.meta?.pagination?.next ?? null });
  }
  return err({ ...classify(answer, reason), codes: reason.codes });
}
