import { z } from 'zod';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { HttpAnswer, HttpFailure } from '../http/client.js';
import { comeAgain } from '../http/come-again.js';
import { failure } from '../kit/action.js';
import { joined } from '../kit/evidence.js';
import { covers, grantClicks, type Permission, PROTECTED_FIX } from './permissions.js';
import type { Rights } from './token.js';

const text = z.string().catch('');
export const errorBody = z.object({ error: z.object({ code: text, message: text }).catch({ code: '', message: '' }) });

/** A failure, and what Graph said: callers tell an "already there" from a real refusal by it, and show it to nobody. */
export interface Refused {
  readonly failure: HttpFailure;
  readonly said: string;
}

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
const RESTRICTED_UNIT = /restricted (management )?administrative unit/i;
const SCOPE_MISSING = /scopes? (is|are) missing|missing in the token/i;
const FEDERATED = /federat/i;
const ON_PREMISES = /on-premises|directory sync/i;
const BEING_CHANGED = /concurrency|try again|retry|being (changed|updated|modified)/i;

const licence = ({ shown }: Reason): ConnectorFailure =>
  failure(
    'licence',
    `The tenant's licence does not include this (${shown}); it needs Microsoft Entra ID P1, for risk P2.`,
  );

function forbidden(reason: Reason, { needs, sensitive, rights }: Question): ConnectorFailure {
  const { code, message, shown } = reason;
  if (code === 'Authentication_RequestFromNonPremiumTenantOrB2CTenant' || LICENCE.test(message)) return licence(reason);
  const missing = rights === null ? needs : needs.filter((permission) => !covers(rights.permissions, permission));
  if (RESTRICTED_UNIT.test(message))
    return failure(
      'protected_account',
      `The account is in a restricted management administrative unit (${shown}); give the application's service principal a role in that unit, or do it by hand.`,
    );
  if (sensitive && rights !== null && missing.length === 0 && !SCOPE_MISSING.test(message))
    return failure(
      'protected_account',
      `Entra ID does not let this application change the account (${shown}): most likely it holds an administrator role, or the tenant wants a role such as User Administrator for this. ${PROTECTED_FIX}`,
    );
  const named = missing.length === 0 ? needs : missing;
  const [first] = named;
  return {
    kind: 'permission',
    message: `Entra ID does not permit this (${shown}); the application needs ${named.join(' and ')}. ${grantClicks(named)}`,
    ...(first === undefined ? {} : { missing: first }),
  };
}

function badRequest(reason: Reason): ConnectorFailure {
  const { message, shown } = reason;
  if (/already exist/i.test(message)) return failure('conflict', `Entra ID says that it is there already (${shown}).`);
  if (ON_PREMISES.test(message))
    return failure(
      'unsupported',
      `The account is copied from Active Directory and this is decided there (${shown}); do it in Active Directory, or switch password writeback on.`,
    );
  if (FEDERATED.test(message))
    return failure(
      'unsupported',
      `The account proves itself at a federated provider (${shown}) and this is decided there; do it there.`,
    );
  if (/password/i.test(message))
    return {
      kind: 'invalid_input',
      message: `Entra ID refused the new password (${shown}); compare it with the tenant's password rules.`,
      field: 'password',
    };
  if (LICENCE.test(message) && /tenant/i.test(message)) return licence(reason);
  return failure('invalid_input', `Entra ID refused the input (${shown}); check ids and settings.`);
}

function kindOf(reason: Reason, question: Question): ConnectorFailure {
  const { status, code, message, shown } = reason;
  if (status === 401)
    return failure(
      'auth',
      `Microsoft Graph refused the application's token (${shown}); check graph_url, tenant_id and the application.`,
    );
  if (status === 403) return forbidden(reason, question);
  if (code.startsWith('MailboxNotEnabled'))
    return failure(
      'unsupported',
      `The account has no mailbox in Exchange Online (${shown}); look at it where the mailbox lives.`,
    );
  if (status === 404) return failure('not_found', `Entra ID does not have it (${shown}); check the id.`);
  if (status === 409 && (BEING_CHANGED.test(code) || BEING_CHANGED.test(message)))
    return failure(
      'transient',
      `Entra ID is changing this at the moment (${shown}); nothing was done, it is safe to try again.`,
    );
  if (status === 409)
    return failure('conflict', `Entra ID says that it is there already, or is being changed (${shown}).`);
  if (status === 400) return badRequest(reason);
  return failure('unsupported', `Microsoft Graph refused the request (${shown}); look its code up.`);
}

/** The failure of an answer 400..499. Graph's text is quoted without the request's secrets. */
export function classify(answer: HttpAnswer, question: Question): Refused {
  const { code = '', message = '' } = errorBody.safeParse(answer.body).data?.error ?? {};
  const told = joined([code, message], ': ');
  const shown = told === '' ? `HTTP ${answer.status}` : answer.quote(told).replace(/[.!?]+$/, '');
  const failed =
    comeAgain('Entra ID', answer, shown) ?? kindOf({ status: answer.status, code, message, shown }, question);
  return { failure: failed, said: message };
}
