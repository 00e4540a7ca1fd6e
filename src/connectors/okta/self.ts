import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { ifShown } from '../kit/partial.js';
import type { CallContext } from '../../ports/connector.js';
import type { OktaApi } from './api.js';
import { appRolesPath, readRoles, rolesPath, type OktaRole } from './roles.js';
import type { OktaSettings } from './settings.js';

/** Notme's own identity in Okta. */
export interface Identity {
  /** The administrator whose API token is used; `null` for a service app, which is nobody's account. */
  readonly userId: string | null;
  /** Its administrator roles; `null` when they may not be read. */
  readonly roles: readonly OktaRole[] | null;
}

export interface Self {
  /** Cached for five minutes; `fresh` queries it again. */
  identity(call: CallContext, fresh?: boolean): Answer<Identity>;
  /** Okta's id of Notme's service app, or of the administrator whose API token it uses; `null` when unknown. */
  id(call: CallContext): Promise<string | null>;
}

const KEPT_MS = 5 * 60_000;
export const me = z.object({ id: z.string().min(1) });

export function createSelf(api: OktaApi, { client_id: clientId }: OktaSettings, runtime: Runtime): Self {
  let kept: { readonly identity: Identity; readonly until: number } | null = null;

  const ask = async (call: CallContext): Answer<Identity> => {
    const user = clientId === null ? await api.one('/api/v1/users/me', me, call) : ok(null);
    if (!user.ok) return user;
    const userId = user.value?.id ?? null;
    const path = userId === null ? appRolesPath(clientId ?? '') : rolesPath(userId);
    return mapped(readRoles(api, path, call).then(ifShown), (roles) => ({
      userId,
      roles: roles?.complete === true ? roles.items : null,
    }));
  };

  const identity: Self['identity'] = async (call, fresh = false) => {
    if (!fresh && kept !== null && kept.until > runtime.now().getTime()) return ok(kept.identity);
    const asked = await ask(call);
    if (asked.ok) kept = { identity: asked.value, until: runtime.now().getTime() + KEPT_MS };
    return asked;
  };

  return {
    identity,
    async id(call) {
      if (clientId !== null) return clientId;
      const found = await identity(call);
      return found.ok ? found.value.userId : null;
    },
  };
}

/** Standard roles that do not reach every account; what any other one permits is not known here. */
const LESSER = new Set([
  'API_ACCESS_MANAGEMENT_ADMIN',
  'APP_ADMIN',
  'GROUP_MEMBERSHIP_ADMIN',
  'HELP_DESK_ADMIN',
  'MOBILE_ADMIN',
  'ORG_ADMIN',
  'READ_ONLY_ADMIN',
  'REPORT_ADMIN',
  'USER_ADMIN',
]);

/** Why delegated rights do not reach an account with these roles; `null` when they do, or when that is unknown. */
export function protectedBecause(
  { userId, roles }: Identity,
  account: { readonly id: string; readonly roles: readonly OktaRole[] | null },
): string | null {
  if (userId !== null && userId === account.id) {
    return "Notme's own API token belongs to this account: containing it would lock Notme out of Okta, so it is done by hand.";
  }
  const own = new Set((roles ?? []).map(({ type }) => type));
  if (account.roles === null || account.roles.length === 0 || roles === null) return null;
  if (own.has('SUPER_ADMIN') || ![...own].every((type) => LESSER.has(type))) return null;
  const superAdmin = account.roles.some(({ type }) => type === 'SUPER_ADMIN');
  if (!superAdmin && own.has('ORG_ADMIN')) return null;
  const needed = superAdmin ? 'a super administrator' : 'an organization or super administrator';
  return `This account holds administrator roles in Okta, and only ${needed} may contain it.`;
}
