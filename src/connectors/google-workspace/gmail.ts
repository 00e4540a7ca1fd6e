import type { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import type { Pages } from '../http/pages.js';
import type { Answer, Target } from '../kit/action.js';
import type { ApiChange, ApiRead, GoogleApi, Listing } from './api.js';
import type { GoogleFailure } from './errors.js';
import { SCOPE } from './scopes.js';
import { readUser } from './user.js';

/** A mailbox's settings, called on behalf of its owner. */
export interface Mailbox {
  readonly owner: string;
  read<T>(part: string, shape: z.ZodType<T>): Answer<T>;
  /** Gmail returns its lists whole, in one page. */
  list<T>(part: string, listing: Omit<Listing<T>, 'mostPages'>): Answer<Pages<T>>;
  change(
    part: string,
    change: Pick<ApiChange, 'method' | 'scope' | 'json'>,
    isDone?: (refusal: GoogleFailure) => boolean,
  ): Answer<Receipt>;
}

/** The login may have been renamed since it was found: Google accepts only the current primary address as a subject. */
export async function openMailbox(api: GoogleApi, { account, call }: Target): Answer<Mailbox> {
  const user = await readUser(api, account.accountId, call);
  if (!user.ok) return user;
  const owner = user.value.primaryEmail || account.login;
  const request = (part: string): ApiRead => ({
    path: `/gmail/v1/users/me/settings/${part}`,
    scope: SCOPE.gmailSettings,
    subject: owner,
    what: `the Gmail settings (${part.split('/')[0] ?? part}) of ${owner}`,
    call,
  });
  return ok({
    owner,
    read: (part, shape) => api.read(request(part), shape),
    list: (part, listing) => api.list(request(part), { ...listing, mostPages: 1 }),
    change: (part, change, isDone) => api.change({ ...request(part), ...change }, isDone),
  });
}
