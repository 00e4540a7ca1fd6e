import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import { comeAgain } from '../http/come-again.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { failure } from '../kit/action.js';
import { scopeFor } from './scopes.js';

/** Okta's error object; every text in it may echo input. */
export const errorBody = z.object({
  errorCode: z.string().catch(''),
  errorSummary: z.string().catch(''),
  errorCauses: z.array(z.object({ errorSummary: z.string().catch('') })).catch([]),
});

interface Reason {
  readonly status: number;
  /** Okta's own code, e.g. `E0000001`; empty when it gave none. */
  readonly code: string;
  /** What Okta said, safe to show. */
  readonly said: string;
  readonly path: string;
  readonly write: boolean;
}

const PASSWORD_RULES =
  /password requirements|complexity requirements|password.{0,40}(too|must|cannot|can't|recent|history)/i;
const WRONG_STATE = /not active|not suspended|current status|invalid state|not in .{0,30}status|is already/i;

function permission({ path, write, said }: Reason): ConnectorFailure {
  const scope = scopeFor(path, write);
  return {
    kind: 'permission',
    message: `Okta does not permit ${write ? 'the change' : 'reading'} at ${path} (${said}); grant ${scope === null ? 'the scope' : `the scope ${scope}`} and an administrator role that reaches this account.`,
    ...(scope === null ? {} : { missing: scope }),
  };
}

const weakPassword = ({ said }: Reason): ConnectorFailure => ({
  kind: 'invalid_input',
  message: `Okta refused the new password (${said}); compare it with the password policy of this person's group.`,
  field: 'password',
});

/** Turns what Okta said into a failure. */
type Sorting = (reason: Reason) => ConnectorFailure;
const as =
  (kind: Parameters<typeof failure>[0], tell: (reason: Reason) => string): Sorting =>
  (reason) =>
    failure(kind, tell(reason));

const wrongState = as(
  'conflict',
  ({ said }) => `Okta does not do this in the account's present state (${said}); read the account again.`,
);
const keptElsewhere = as(
  'unsupported',
  ({ said }) => `Okta does not keep this account's password (${said}); reset it in the directory that does.`,
);
const wrongEngine = as(
  'unsupported',
  ({ said, path }) => `This Okta org has no ${path} (${said}); check the base URL, it may be an older engine.`,
);
const password: Sorting = (reason) => (PASSWORD_RULES.test(reason.said) ? weakPassword : keptElsewhere)(reason);

/** Codes that say more than the HTTP status. */
const BY_CODE: Readonly<Record<string, Sorting>> = {
  E0000008: wrongEngine,
  E0000014: password,
  E0000015: as(
    'licence',
    ({ said }) => `This Okta org does not have the feature (${said}); buy or enable it, or do the step by hand.`,
  ),
  E0000016: wrongState,
  E0000022: wrongEngine,
  E0000023: as('unsupported', ({ said }) => `Another directory decides this (${said}); change it there.`),
  E0000032: wrongState,
  E0000038: wrongState,
  E0000080: password,
  E0000112: as(
    'transient',
    ({ said }) => `Okta is still activating this account (${said}); nothing was done, try again in a few minutes.`,
  ),
};

const notOkta = as(
  'unsupported',
  ({ path }) =>
    `Something other than Okta's API refused ${path} (HTTP 403 without Okta's error code); check base_url, a proxy or firewall in between, and that Okta's network zones let this machine in.`,
);
const BY_STATUS: Readonly<Record<number, Sorting>> = {
  401: as(
    'auth',
    ({ said }) =>
      `Okta refused the credentials (${said}); make a new API token or check the service app, and put it into the configuration.`,
  ),
  403: (reason) => (reason.code === '' ? notOkta : permission)(reason),
  404: as('not_found', ({ said, path }) => `Okta does not know ${path} (${said}); check the account and the base URL.`),
  409: as('conflict', ({ said }) => `Okta refused because of the present state (${said}); read the account again.`),
};
const OTHER = as('invalid_input', ({ code, said }) =>
  code === ''
    ? `Okta refused the request without an error code (${said}); Okta refuses a DPoP proof so: check this machine's clock, base_url and the proxy in between.`
    : `Okta refused the input (${said}); look the code up in Okta's list of error codes.`,
);
const DPOP = failure(
  'auth',
  "Okta refused the proof of possession (DPoP) of a request; check this machine's clock, and that base_url is the org's own address.",
);

/**
 * RFC 9449, 7.1: a resource that requires a proof says so in `WWW-Authenticate`; Okta does with HTTP 400 and no body.
 */
const demandsDpop = ({ status, headers, body }: HttpAnswer): boolean =>
  (status === 400 || status === 401) &&
  body === undefined &&
  (/\bDPoP\b/i.test(headers.get('www-authenticate') ?? '') || headers.has('dpop-nonce'));

function sortingOf({ status, code, said }: Reason): Sorting {
  if (code === 'E0000001' && WRONG_STATE.test(said)) return wrongState;
  if (code === 'E0000001' && PASSWORD_RULES.test(said)) return weakPassword;
  return (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined) ?? BY_STATUS[status] ?? OTHER;
}

/** What an answer of 400..499 means. The path is quoted, of the body only Okta's own sentences. */
export function classify(answer: HttpAnswer, path: string, write: boolean): ConnectorFailure {
  const { errorCode: code = '', errorSummary = '', errorCauses = [] } = errorBody.safeParse(answer.body).data ?? {};
  if (code === '' && demandsDpop(answer)) return DPOP;
  const texts = [code, errorSummary, ...errorCauses.map((cause) => cause.errorSummary)].filter((text) => text !== '');
  const said = answer.quote(texts.length === 0 ? `HTTP ${answer.status}` : texts.join(': '));
  const again = comeAgain('Okta', answer, said);
  if (again !== null) return again;
  const reason: Reason = { status: answer.status, code, said, path: path.split('?')[0] ?? path, write };
  return sortingOf(reason)(reason);
}
