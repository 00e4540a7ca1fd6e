import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { MimecastApi } from './api.js';
import { PATH } from './permissions.js';

/** What `update-user` answers; a field that Mimecast leaves out is `null`: it cannot tell. */
const row = z.object({
  emailAddress: z.string().min(3),
  forcePasswordChange: z.boolean().nullable().catch(null),
  accountLocked: z.boolean().nullable().catch(null),
  accountDisabled: z.boolean().nullable().catch(null),
  allowPop: z.boolean().nullable().catch(null),
  allowSmtp: z.boolean().nullable().catch(null),
});

export type MimecastUser = z.output<typeof row>;

/** The flags that this connector sets. */
export interface UserChange {
  readonly password?: string;
  readonly forcePasswordChange?: boolean;
  readonly accountDisabled?: boolean;
  readonly allowPop?: boolean;
  readonly allowSmtp?: boolean;
}

interface Updated {
  readonly user: MimecastUser;
  readonly requestId: string | null;
}

async function update(
  api: MimecastApi,
  email: string,
  change: UserChange,
  call: CallContext,
): Promise<Result<Updated, ConnectorFailure>> {
  const write = Object.keys(change).length > 0;
  const answer = await api.call({ path: PATH.updateUser, data: { emailAddress: email, ...change }, write, call });
  if (!answer.ok) return answer;
  const [first] = answer.value.data;
  if (first === undefined && !write) {
    return err({
      kind: 'not_found',
      message: `Mimecast has no user with the address ${email}; check the address, or leave Mimecast out for this person.`,
    });
  }
  const user = row.safeParse(first);
  if (user.success) return ok({ user: user.data, requestId: answer.value.requestId });
  return err(
    write
      ? {
          kind: 'unknown_outcome',
          message: 'Mimecast took the change but did not show the user; read the account back.',
        }
      : { kind: 'transient', message: 'Mimecast answered without the user; it is safe to ask again.' },
  );
}

/** Sets flags of a user; the answer is the state after it. */
export const changeUser = update;

/** The user as it is: `update-user` with nothing but the address changes nothing and answers with the present flags. */
export async function readUser(
  api: MimecastApi,
  email: string,
  call: CallContext,
): Promise<Result<MimecastUser, ConnectorFailure>> {
  const updated = await update(api, email, {}, call);
  if (updated.ok) return ok(updated.value.user);
  const { error } = updated;
  if (error.kind !== 'not_found') return updated;
  return err({
    kind: 'not_found',
    message: `Mimecast has no user with the address ${email}; check the address, or leave Mimecast out for this person.`,
  });
}
