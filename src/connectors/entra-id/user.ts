import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { refuse, type Answer, type Target } from '../kit/action.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';

/** A time as Graph writes it; anything else counts as unknown. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable()
  .catch(null);

/** A text that Graph may leave out; an empty one tells nothing. */
export const words = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => text || null);

/** Graph returns only what `$select` names; an absent field is `null`: it cannot tell. */
export const row = z.object({
  id: z.string().min(1),
  userPrincipalName: z.string().min(1).nullable().catch(null),
  userType: words,
  externalUserState: words,
  accountEnabled: z.boolean().nullable().catch(null),
  onPremisesSyncEnabled: z.boolean().nullable().catch(null),
  lastPasswordChangeDateTime: time,
  signInSessionsValidFromDateTime: time,
});
export type EntraUser = z.output<typeof row> & { readonly userPrincipalName: string };

const INVITED = /^(.+)#EXT#@/i;

/**
 * Where somebody from outside authenticates: a guest, or an invited person (`userType`, `externalUserState`, and
 * `#EXT#` in the login, which contains the home address with `_` for its `@`). `null`: an account of this tenant.
 */
export function homeTenantOf({ userPrincipalName, userType, externalUserState }: EntraUser): string | null {
  const [, address] = INVITED.exec(userPrincipalName) ?? [];
  const outside = address !== undefined || userType?.toLowerCase() === 'guest' || (externalUserState ?? '') !== '';
  if (!outside) return null;
  const domain = address?.slice(address.lastIndexOf('_') + 1) ?? '';
  return domain.includes('.') ? `the home tenant (${domain})` : 'the home tenant';
}

const SELECT = Object.keys(row.shape).join(',');

export async function readUser({ api }: Reader, { account, call }: Target): Answer<EntraUser> {
  const path = `${userPath(account)}?$select=${SELECT}`;
  const user = await api.get(row, 'a user', { path, needs: [PERMISSION.readUsers], call });
  if (user.ok) return ok({ ...user.value, userPrincipalName: user.value.userPrincipalName ?? account.login });
  if (user.error.kind !== 'not_found') return user;
  return refuse(
    'not_found',
    `Entra ID has no account ${account.login} any more; check whether it was deleted (Users | Deleted users).`,
  );
}

const demanded = z.boolean().nullable().catch(null);
/** `null`: unknown. */
export const mustChange = z
  .object({
    passwordProfile: z
      .object({ forceChangePasswordNextSignIn: demanded, forceChangePasswordNextSignInWithMfa: demanded })
      .transform(({ forceChangePasswordNextSignIn: plain, forceChangePasswordNextSignInWithMfa: withMfa }) =>
        plain === true || withMfa === true ? true : plain === false && withMfa === false ? false : null,
      ),
  })
  .transform(({ passwordProfile }) => passwordProfile)
  .nullable()
  .catch(null);

/** Whether the person must choose a new password; queried separately, because it may need a right of its own. */
export function readMustChange({ api }: Reader, { account, call }: Target): Answer<boolean | null> {
  const path = `${userPath(account)}?$select=passwordProfile`;
  return api.get(mustChange, 'a password profile', { path, needs: [PERMISSION.passwords], call });
}
