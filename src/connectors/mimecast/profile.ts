import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure } from '../port.js';
import { PATH } from './permissions.js';
import type { Reader } from './reader.js';

const profile = z.object({ admin: z.boolean(), role: z.string().catch('') });

/**
 * The administrator roles of a person: told by `get-profile`, which API 1.0 alone has. `null`: cannot be told.
 */
export async function readRoles(
  { api, settings }: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<readonly string[] | null, ConnectorFailure>> {
  if (settings.auth === 'api2') return ok(null);
  const data = { emailAddress: account.accountId, showAvatar: false };
  const answer = await api.call({ path: PATH.profile, data, write: false, call });
  if (!answer.ok) return answer;
  const read = profile.safeParse(answer.value.data[0]);
  if (!read.success) return ok(null);
  if (!read.data.admin) return ok([]);
  return ok([read.data.role === '' ? 'Administrator' : read.data.role]);
}
