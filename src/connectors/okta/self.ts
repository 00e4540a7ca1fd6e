import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { OktaApi } from './api.js';
import { readAppRoles, readRoles, type OktaRole } from './roles.js';
import type { OktaSettings } from './settings.js';

/** Who Notme itself is in Okta. */
export interface Identity {
  /** The administrator whose API token is used; `null` for a service app, which is nobody's account. */
  readonly userId: string | null;
  /** Its administrator roles; `null` when they may not be read. */
  readonly roles: readonly OktaRole[] | null;
}

export interface Self {
  /** Kept for five minutes. */
  identity(call: CallContext): Promise<Result<Identity, ConnectorFailure>>;
  /** Asked anew. */
  fresh(call: CallContext): Promise<Result<Identity, ConnectorFailure>>;
}

const KEPT_MS = 5 * 60_000;
const me = z.object({ id: z.string().min(1) });

const unlessForbidden = (
  roles: Result<readonly OktaRole[], ConnectorFailure>,
): Result<readonly OktaRole[] | null, ConnectorFailure> => {
  if (roles.ok) return roles;
  const { kind } = roles.error;
  return kind === 'permission' || kind === 'not_found' || kind === 'unsupported' ? ok(null) : roles;
};

export function createSelf(api: OktaApi, settings: OktaSettings, runtime: Runtime): Self {
  let kept: { readonly identity: Identity; readonly until: number } | null = null;

  const ask = async (call: CallContext): Promise<Result<Identity, ConnectorFailure>> => {
    if (settings.client_id !== null) {
      const roles = unlessForbidden(await readAppRoles(api, settings.client_id, call));
      return roles.ok ? ok({ userId: null, roles: roles.value }) : roles;
    }
    const user = await api.one('/api/v1/users/me', me, call);
    if (!user.ok) return user;
    const account = { system: 'okta', accountId: user.value.id, login: '' };
    const roles = unlessForbidden(await readRoles(api, account, call));
    return roles.ok ? ok({ userId: user.value.id, roles: roles.value }) : roles;
  };

  const fresh: Self['fresh'] = async (call) => {
    const identity = await ask(call);
    if (identity.ok) kept = { identity: identity.value, until: runtime.now().getTime() + KEPT_MS };
    return identity;
  };

  return {
    fresh,
    identity: (call) =>
      kept !== null && kept.until > runtime.now().getTime() ? Promise.resolve(ok(kept.identity)) : fresh(call),
  };
}

/** Why delegated rights do not reach an account with these roles; `null` when they do, or when it cannot be told. */
export function protectedBecause(
  { userId, roles }: Identity,
  account: { readonly id: string; readonly roles: readonly OktaRole[] | null },
): string | null {
  if (userId !== null && userId === account.id) {
    return "Notme's own API token belongs to this account: containing it would lock Notme out of Okta, so it is done by hand.";
  }
  const own = new Set((roles ?? []).map(({ type }) => type));
  if (account.roles === null || account.roles.length === 0 || roles === null) return null;
  if (own.has('SUPER_ADMIN') || own.has('CUSTOM')) return null;
  const superAdmin = account.roles.some(({ type }) => type === 'SUPER_ADMIN');
  if (!superAdmin && own.has('ORG_ADMIN')) return null;
  const needed = superAdmin ? 'a super administrator' : 'an organization or super administrator';
  return `This account holds administrator roles in Okta, and only ${needed} may contain it.`;
}
