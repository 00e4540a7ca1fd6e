import { z } from 'zod';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../port.js';
import { scopeFor } from './scopes.js';

/** Okta's error object; every text in it may echo input. */
const errorBody = z.object({
  errorCode: z.string().catch(''),
  errorSummary: z.string().catch(''),
  errorCauses: z.array(z.object({ errorSummary: z.string().catch('') })).catch([]),
});

/** A failure with Okta's own code, so that callers can tell an "already so" from a real failure. */
export type OktaFailure = ConnectorFailure & {
  /** e.g. `E0000001`; `null` when Okta gave none. */
  readonly code: string | null;
};

export const withoutCode = (failure: ConnectorFailure): OktaFailure => ({ ...failure, code: null });

interface Reason {
  readonly status: number;
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

const weakPassword = (said: string): ConnectorFailure => ({
  kind: 'invalid_input',
  message: `Okta refused the new password (${said}); compare it with the password policy of this person's group.`,
  field: 'password',
});

const wrongState = (said: string): ConnectorFailure => ({
  kind: 'conflict',
  message: `Okta does not do this in the account's present state (${said}); read the account again.`,
});

/** Codes that say more than the HTTP status. */
function byCode(reason: Reason): ConnectorFailure | null {
  const { code, said } = reason;
  switch (code) {
    case 'E0000015':
      return {
        kind: 'licence',
        message: `This Okta org does not have the feature (${said}); buy or enable it, or do the step by hand.`,
      };
    case 'E0000014':
    case 'E0000080':
      if (PASSWORD_RULES.test(said)) return weakPassword(said);
      return {
        kind: 'unsupported',
        message: `Okta does not keep this account's password (${said}); reset it in the directory that does.`,
      };
    case 'E0000016':
    case 'E0000032':
    case 'E0000038':
      return wrongState(said);
    case 'E0000008':
    case 'E0000022':
      return {
        kind: 'unsupported',
        message: `This Okta org has no ${reason.path} (${said}); check the base URL, it may be an older engine.`,
      };
    case 'E0000112':
      return {
        kind: 'transient',
        message: `Okta is still activating this account (${said}); nothing was done, try again in a few minutes.`,
      };
    case 'E0000023':
      return {
        kind: 'unsupported',
        message: `Another directory decides this (${said}); change it there.`,
      };
    default:
      return null;
  }
}

function byStatus(reason: Reason): ConnectorFailure {
  const { status, said, path } = reason;
  switch (status) {
    case 401:
      return {
        kind: 'auth',
        message: `Okta refused the credentials (${said}); make a new API token or check the service app, and put it into the configuration.`,
      };
    case 403:
      return permission(reason);
    case 404:
      return {
        kind: 'not_found',
        message: `Okta does not know ${path} (${said}); check the account and the base URL.`,
      };
    case 409:
      return {
        kind: 'conflict',
        message: `Okta refused because of the present state (${said}); read the account again.`,
      };
    default:
      return {
        kind: 'invalid_input',
        message: `Okta refused the input (${said}); look the code up in Okta's list of error codes.`,
      };
  }
}

/** What an answer of 400..499 means. The path is quoted, the body only as far as Okta's own sentences go. */
export function classify(answer: HttpAnswer, path: string, write: boolean): OktaFailure {
  const parsed = errorBody.safeParse(answer.body);
  const { errorCode, errorSummary, errorCauses } = parsed.success
    ? parsed.data
    : { errorCode: '', errorSummary: '', errorCauses: [] };
  const causes = errorCauses.map((cause) => cause.errorSummary).filter((text) => text !== '');
  const texts = [errorCode, errorSummary, ...causes].filter((text) => text !== '');
  const said = answer.quote(texts.length === 0 ? `HTTP ${answer.status}` : texts.join(': '));
  const reason: Reason = { status: answer.status, code: errorCode, said, path: path.split('?')[0] ?? path, write };
  const code = errorCode === '' ? null : errorCode;
  if (code === 'E0000001') {
    if (WRONG_STATE.test(said)) return { ...wrongState(said), code };
    if (PASSWORD_RULES.test(said)) return { ...weakPassword(said), code };
  }
  return { ...(byCode(reason) ?? byStatus(reason)), code };
}
