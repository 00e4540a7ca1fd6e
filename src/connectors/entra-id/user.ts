import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import { lost } from '../http/network-failure.js';
import type { ConnectorFailure } from '../port.js';
import type { GraphFailure } from './failures.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader, type Target } from './reader.js';

/** A time as Graph writes it; anything else counts as not told. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable()
  .catch(null);

/** Graph answers only what `$select` names; a field that is left out is `null`: it cannot tell. */
const row = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1),
  accountEnabled: z.boolean().nullable().catch(null),
  onPremisesSyncEnabled: z.boolean().nullable().catch(null),
  lastPasswordChangeDateTime: time,
  signInSessionsValidFromDateTime: time,
});
export type EntraUser = z.output<typeof row>;

const SELECT = Object.keys(row.shape).join(',');

const profile = z.object({
  passwordProfile: z.object({
    forceChangePasswordNextSignIn: z.boolean().nullable().catch(null),
    forceChangePasswordNextSignInWithMfa: z.boolean().nullable().catch(null),
  }),
});

const NOT_A_USER = lost('Microsoft Graph answered something that is not a user', false);

export async function readUser(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<EntraUser, ConnectorFailure>> {
  const path = `${userPath(account)}?$select=${SELECT}`;
  const answer = await api.send({ method: 'GET', path, needs: [PERMISSION.readUsers], call });
  if (!answer.ok) return err(gone(answer.error, account.login));
  const parsed = row.safeParse(answer.value.body);
  return parsed.success ? ok(parsed.data) : err(NOT_A_USER);
}

const gone = (failure: GraphFailure, login: string): ConnectorFailure =>
  failure.kind === 'not_found'
    ? {
        kind: 'not_found',
        message: `Entra ID has no account ${login} any more; check whether it was deleted (Users | Deleted users).`,
      }
    : failure;

/** Whether the person must choose a new password; asked by itself, because it may take a right of its own. */
export async function readMustChange(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<boolean | null, ConnectorFailure>> {
  const path = `${userPath(account)}?$select=passwordProfile`;
  const answer = await api.send({ method: 'GET', path, needs: [PERMISSION.passwords], call });
  if (!answer.ok) return answer;
  const parsed = profile.safeParse(answer.value.body);
  if (!parsed.success) return ok(null);
  const { forceChangePasswordNextSignIn: plain, forceChangePasswordNextSignInWithMfa: withMfa } =
    parsed.data.passwordProfile;
  return ok(plain === null && withMfa === null ? null : plain === true || withMfa === true);
}
