import { err, ok } from '../../result.js';
import type { AccountRef, CallContext, Receipt } from '../port.js';
import type { ApiRequest, GoogleApi } from './api.js';
import type { Answer } from './handler.js';
import type { Scope } from './scopes.js';
import { readUser } from './user.js';

/** A mailbox, called in the name of its owner. */
export interface Mailbox {
  /** The owner's primary address at present. */
  readonly owner: string;
  request(part: string, scope: Scope): Omit<ApiRequest, 'method'>;
  write(method: 'POST' | 'PUT' | 'DELETE', part: string, scope: Scope, json?: unknown): ReturnType<GoogleApi['send']>;
}

/** The login may have been renamed since it was found: Google takes only the primary address of the moment as a subject. */
export async function openMailbox(api: GoogleApi, account: AccountRef, call: CallContext): Answer<Mailbox> {
  const user = await readUser(api, account.accountId, call);
  if (!user.ok) return user;
  const owner = user.value.primaryEmail;
  const request: Mailbox['request'] = (part, scope) => ({
    path: `/gmail/v1/users/me/settings/${part}`,
    scope,
    subject: owner,
    what: `the Gmail settings (${part.split('/')[0] ?? part}) of ${owner}`,
    call,
  });
  return ok({
    owner,
    request,
    write: (method, part, scope, json) =>
      api.send({ ...request(part, scope), method, ...(json === undefined ? {} : { json }) }),
  });
}

/** A write whose thing may be gone, or there, already. */
export function settle(
  answer: Awaited<ReturnType<GoogleApi['send']>>,
  done: (failure: { kind: string; message: string }) => boolean,
): Awaited<Answer<Receipt>> {
  if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
  const { failure } = answer.error;
  return done(failure) ? ok({ alreadyDone: true, requestId: null }) : err(failure);
}
