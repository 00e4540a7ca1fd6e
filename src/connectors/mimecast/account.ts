import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { changed, refuse, type Answer, type Target } from '../kit/action.js';
import type { MimecastApi } from './api.js';
import { PATH } from './permissions.js';

/** The answer of `update-user`; a field that Mimecast leaves out is `null`: it cannot tell. */
const flag = z.boolean().nullable().catch(null);
export const row = z.object({
  emailAddress: z.string().min(3),
  forcePasswordChange: flag,
  accountLocked: flag,
  accountDisabled: flag,
  allowPop: flag,
  allowSmtp: flag,
});

export type MimecastUser = z.output<typeof row>;

/** What this connector sets of a user. */
export type UserChange = Partial<
  Record<'forcePasswordChange' | 'accountDisabled' | 'accountLocked' | 'allowPop' | 'allowSmtp', boolean> & {
    readonly password: string;
  }
>;

/** Sets flags of a user; Mimecast answers with the state after it. */
export async function changeUser(api: MimecastApi, { account, call }: Target, change: UserChange): Answer<Receipt> {
  const data = { emailAddress: account.accountId, ...change };
  const answer = await api.call({ path: PATH.updateUser, data, write: true, call });
  if (!answer.ok) return answer;
  if (row.safeParse(answer.value.data[0]).success) return ok(changed(answer.value.requestId));
  return refuse('unknown_outcome', 'Mimecast took the change but did not show the user; read the account back.');
}

/**
 * The user's present state: `update-user` with nothing but the address changes nothing and returns the present flags.
 */
export async function readUser(api: MimecastApi, email: string, call: CallContext): Answer<MimecastUser> {
  const answer = await api.call({ path: PATH.updateUser, data: { emailAddress: email }, write: false, call });
  if (!answer.ok && answer.error.kind !== 'not_found') return answer;
  const [first] = answer.ok ? answer.value.data : [];
  if (first === undefined) {
    const mend = 'check the address, or leave Mimecast out for this person.';
    return refuse('not_found', `Mimecast has no user with the address ${email}; ${mend}`);
  }
  const user = row.safeParse(first);
  if (user.success) return ok(user.data);
  return refuse('transient', 'Mimecast answered without the user; it is safe to ask again.');
}
