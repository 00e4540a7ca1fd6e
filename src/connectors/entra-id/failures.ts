import { z } from 'zod';
import { err, type Result } from '../../result.js';
import type { HttpAnswer } from '../http/client.js';
import type { ConnectorFailure } from '../port.js';
import { covers, grantClicks, type Permission, PROTECTED_FIX } from './permissions.js';
import type { Rights } from './token.js';

const text = z.string().catch('');
const errorBody = z.object({ error: z.object({ code: text, message: text }).catch({ code: '', message: '' }) });

/** Graph's own code and message, kept so that a caller can tell an "already there" from a real refusal; never shown as they are. */
export type GraphFailure = ConnectorFailure & {
  readonly status: number | null;
  readonly code: string;
  readonly said: string;
};

export interface Question {
  readonly needs: readonly Permission[];
  /** Microsoft lets only a few roles do it to an administrator. */
  readonly sensitive: boolean;
  readonly rights: Rights | null;
}

interface Reason {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Safe to show. */
  readonly shown: string;
}

const LICENCE = /not licensed|licen[sc]e|premium/i;

const licence = ({ shown }: Reason): ConnectorFailure => ({
  kind: 'licence',
  message: `The tenant's licence does not include this (${shown}); it needs Microsoft Entra ID P1, for risk P2.`,
});

function forbidden(reason: Reason, { needs, sensitive, rights }: Question): ConnectorFailure {
  const { code, message, shown } = reason;
  if (code === 'Authentication_RequestFromNonPremiumTenantOrB2CTenant' || LICENCE.test(message)) return licence(reason);
  const missing = rights === null ? needs : needs.filter((permission) => !covers(rights.permissions, permission));
  if (sensitive && rights !== null && missing.length === 0) {
    return {
      kind: 'protected_account',
      message: `Entra ID does not let this application change the account (${shown}): it holds an administrator role. ${PROTECTED_FIX}`,
    };
  }
  const named = missing.length === 0 ? needs : missing;
  const [first] = named;
  return {
    kind: 'permission',
    message: `Entra ID does not permit this (${shown}); the application needs ${named.join(' and ')}. ${grantClicks(named)}`,
    ...(first === undefined ? {} : { missing: first }),
  };
}

const ON_PREMISES = /on-premises|directory sync/i;

function badRequest({ code, message, shown }: Reason): ConnectorFailure {
  if (/already exist/i.test(message))
    return { kind: 'conflict', message: `Entra ID says that it is there already (${shown}).` };
  if (ON_PREMISES.test(message)) {
    return {
      kind: 'unsupported',
      message: `The account is copied from Active Directory and this is decided there (${shown}); do it in Active Directory, or switch password writeback on.`,
    };
  }
  if (/password/i.test(message)) {
    return {
      kind: 'invalid_input',
      message: `Entra ID refused the new password (${shown}); compare it with the tenant's password rules.`,
      field: 'password',
    };
  }
  if (LICENCE.test(message) && /tenant/i.test(message)) return licence({ status: 400, code, message, shown });
  return { kind: 'invalid_input', message: `Entra ID refused the input (${shown}); check ids and settings.` };
}

function kindOf(reason: Reason, question: Question): ConnectorFailure {
  const { status, code, shown } = reason;
  if (status === 401) {
    return {
      kind: 'auth',
      message: `Microsoft Graph refused the application's token (${shown}); check graph_url, tenant_id and the application.`,
    };
  }
  if (status === 403) return forbidden(reason, question);
  if (code.startsWith('MailboxNotEnabled')) {
    return {
      kind: 'unsupported',
      message: `The account has no mailbox in Exchange Online (${shown}); look at it where the mailbox lives.`,
    };
  }
  if (status === 404) return { kind: 'not_found', message: `Entra ID does not have it (${shown}); check the id.` };
  if (status === 409)
    return { kind: 'conflict', message: `Entra ID says that it is there already, or is being changed (${shown}).` };
  if (status === 400) return badRequest(reason);
  return { kind: 'unsupported', message: `Microsoft Graph refused the request (${shown}); look its code up.` };
}

/** The failure of an answer 400..499. Graph's text is quoted without what the request kept secret. */
export function classify(answer: HttpAnswer, question: Question): GraphFailure {
  const body = errorBody.safeParse(answer.body);
  const { code, message } = body.success ? body.data.error : { code: '', message: '' };
  const told = [code, message].filter((part) => part !== '').join(': ');
  const shown = told === '' ? `HTTP ${answer.status}` : answer.quote(told).replace(/[.!?]+$/, '');
  const reason: Reason = { status: answer.status, code, message, shown };
  return { ...kindOf(reason, question), status: answer.status, code, said: message };
}

/** A failure that Graph did not word: the network, the deadline, the token. */
export const bare = (failure: ConnectorFailure): GraphFailure => ({ ...failure, status: null, code: '', said: '' });

/** Only the port's fields leave the connector: Graph's own words stay inside. */
export function plain<T>(result: Result<T, ConnectorFailure>): Result<T, ConnectorFailure> {
  return result.ok ? result : err(portFailure(result.error));
}

export function portFailure(failure: ConnectorFailure): ConnectorFailure {
  const { message } = failure;
  switch (failure.kind) {
    case 'permission':
      return { kind: failure.kind, message, ...(failure.missing === undefined ? {} : { missing: failure.missing }) };
    case 'ambiguous':
      return { kind: failure.kind, message, candidates: failure.candidates };
    case 'invalid_input':
      return { kind: failure.kind, message, ...(failure.field === undefined ? {} : { field: failure.field }) };
    case 'throttled':
      return { kind: failure.kind, message, retryAfterMs: failure.retryAfterMs };
    default:
      return { kind: failure.kind, message };
  }
}
