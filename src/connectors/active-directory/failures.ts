import { ResultCodeError } from 'ldapts';
import type { ConnectorFailure } from '../../ports/connector.js';
import { failure } from '../kit/action.js';

/** The step in progress when something failed: decides what a lost answer means, and which right is missing. */
export interface Attempt {
  /** A write was handed to the socket: without an answer nobody knows whether it happened. */
  readonly writeSent: boolean;
  /** The right that the failed step needs, in the vendor's words. */
  readonly right?: string;
  /** Set when the account is one whose rights AdminSDHolder resets. */
  readonly protectedAccount?: boolean;
}

/** Why a bind was refused, by the hexadecimal code after `data` in Active Directory's text. */
const BIND_REASONS: Readonly<Record<string, string>> = {
  '525': 'no such user',
  '52e': 'the user name or the password is wrong',
  '530': 'it is outside the permitted logon hours',
  '531': 'it may not log on from here',
  '532': 'its password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'its password must be changed first',
  '775': 'the account is locked',
};

/** The sub-code of a refused bind (`52e`, `773`, …), `null` when the error is no refused bind. */
export function bindRefusal(error: unknown): string | null {
  if (!(error instanceof ResultCodeError) || error.code !== 49) return null;
  return /\bdata ([0-9a-f]+)/i.exec(error.message)?.[1]?.toLowerCase() ?? 'unknown';
}

/**
 * Classifies a search's answer; where LDAP says that its object does not exist, or that its name is invalid, something
 * else.
 */
export async function unlessMissing<T>(search: Promise<T>, missing: T): Promise<T> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof ResultCodeError && (error.code === 32 || error.code === 34)) return missing;
    throw error;
  }
}

/** The eight hexadecimal digits that Active Directory's error texts begin with, in upper case; empty without. */
const windowsCode = (message: string): string => /^\s*([0-9a-f]{8})\b/i.exec(message)?.[1]?.toUpperCase() ?? '';

/** Classifies everything that LDAP, TLS and the network can answer. Texts contain no value that was sent. */
export function classify(error: unknown, attempt: Attempt): ConnectorFailure {
  if (error instanceof ResultCodeError) return classifyAnswer(error, attempt);
  return attempt.writeSent ? LOST : classifyTransport(error);
}

const LOST = failure(
  'unknown_outcome',
  'The change was sent to the domain controller, but its answer was lost; read back what is true first.',
);
const GONE = failure('not_found', 'Active Directory no longer has this object; look the account up again.');
const REFERRAL = failure(
  'unsupported',
  'The domain controller refers to another one (it may be read-only); set the url to a writable one.',
);
const UNENCRYPTED = failure(
  'auth',
  'The domain controller wants an encrypted connection for this; use ldaps:// or start_tls: true.',
);
const BIND_FIRST = failure('auth', 'The domain controller wants a bind first; check bind_dn and bind_password.');
const WEAK_PASSWORD: ConnectorFailure = {
  kind: 'invalid_input',
  field: 'password',
  message: 'The domain refuses the password: too short, too simple or used before. Check the domain password policy.',
};
const refusedValue = (code: string): ConnectorFailure =>
  failure('invalid_input', `Active Directory refused a value (${code}); the event log of the controller says which.`);
const notNow = (code: string): ConnectorFailure =>
  failure('transient', `The domain controller cannot answer now (${code}); try again.`);
const changedMeanwhile = (code: string): ConnectorFailure =>
  failure('conflict', `Somebody changed the account meanwhile (${code}); look again.`);

/** Failures by the Windows code that the text begins with: the same on Windows and on Samba where both give it. */
const BY_WINDOWS_CODE: ReadonlyMap<string, ConnectorFailure> = new Map([
  ['0000052D', WEAK_PASSWORD],
  ['0000001F', UNENCRYPTED],
  ['00002020', BIND_FIRST],
  ['000004DC', BIND_FIRST],
  ['00002030', GONE],
  ['0000208D', GONE],
  ['0000202B', REFERRAL],
  ['00002077', refusedValue('Windows code 00002077')],
  ['0000202F', refusedValue('Windows code 0000202F')],
  ['00002035', refusedValue('Windows code 00002035')],
]);
const NO_RIGHT = new Set(['00000005', '00002098']);

/** Failures by LDAP result code, for texts without a Windows code. */
const BY_RESULT_CODE: ReadonlyMap<number, ConnectorFailure> = new Map([
  [3, notNow('LDAP result 3, time limit')],
  [8, UNENCRYPTED],
  [10, REFERRAL],
  [11, notNow('LDAP result 11, administrative limit')],
  [13, UNENCRYPTED],
  [16, changedMeanwhile('LDAP result 16')],
  [19, refusedValue('LDAP result 19')],
  [20, changedMeanwhile('LDAP result 20')],
  [21, refusedValue('LDAP result 21')],
  [32, GONE],
  [34, refusedValue('LDAP result 34')],
  [51, { kind: 'throttled', message: 'The domain controller says it is busy; try again soon.', retryAfterMs: null }],
  [52, notNow('LDAP result 52, unavailable')],
  [53, { kind: 'conflict', message: 'Active Directory is unwilling to do this to the account in its present state.' }],
  [68, changedMeanwhile('LDAP result 68')],
]);

function classifyAnswer(error: ResultCodeError, attempt: Attempt): ConnectorFailure {
  const refusal = bindRefusal(error);
  if (refusal !== null) return refusedBind(refusal);
  // Windows and Samba use different result codes for the same refusal: where there is a Windows code, it decides.
  const windows = windowsCode(error.message);
  if (NO_RIGHT.has(windows)) return missingRight(attempt);
  const known = BY_WINDOWS_CODE.get(windows) ?? BY_RESULT_CODE.get(error.code);
  if (known !== undefined) return known;
  return error.code === 50 ? missingRight(attempt) : notNow(`LDAP result ${error.code}`);
}

function missingRight({ protectedAccount, right }: Attempt): ConnectorFailure {
  if (protectedAccount === true)
    return failure(
      'protected_account',
      'This is a protected account (adminCount=1): delegated rights do not reach it. A domain administrator must do it by hand.',
    );
  return {
    kind: 'permission',
    message: `The service account lacks the right for it: ${right ?? 'this'}. Grant it on the organisational unit; the README of the Active Directory connector has the dsacls line.`,
    ...(right === undefined ? {} : { missing: right }),
  };
}

function refusedBind(reason: string): ConnectorFailure {
  const why = BIND_REASONS[reason] ?? `Windows code ${reason}`;
  return failure('auth', `Active Directory refused the service account: ${why}. Check bind_dn and bind_password.`);
}

/** No authority that is trusted helps against these. */
const OUT_OF_TIME: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** Node's codes for a certificate that cannot be trusted or a TLS that cannot be agreed on. */
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_OSSL_|EPROTO)/;

function classifyTransport(error: unknown): ConnectorFailure {
  const code = errorCode(error) ?? '';
  if (code === 'ENOENT' || code === 'EACCES')
    return failure('auth', `The file of ca_file cannot be read (${code}); check its path and its permissions.`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failure(
      'auth',
      "The domain controller's certificate bears another name; set server_name to the name in it.",
    );
  // A non-TLS answer (a wrong port, a proxy in between) may be gone at the next try; a bad certificate stays.
  if (/^(ERR_SSL_|EPROTO)/.test(code))
    return failure('transient', `The domain controller's answer was no TLS (${code}); check the port in the url.`);
  if (OUT_OF_TIME.has(code))
    return failure(
      'auth',
      `The domain controller's certificate is not valid at this time (${code}); have it renewed on the controller, and check this machine's clock.`,
    );
  if (TLS_CODE.test(code))
    return failure(
      'auth',
      `The domain controller's certificate is not trusted (${code}); set ca_file to the authority that signed it.`,
    );
  const why = code || (error instanceof Error ? error.name : 'no answer');
  return failure(
    'transient',
    `The domain controller cannot be reached or did not answer in time (${why}); nothing was changed.`,
  );
}

/** By shape, not by class: errors of TLS and sockets may come from another realm. */
function errorCode(error: unknown): string | null {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
