import { ok } from '../../platform/result.js';
import type { Answer } from '../kit/action.js';
import type { CallContext } from '../../ports/connector.js';
import type { KeycloakApi } from './api.js';
import { loginOf, readUser } from './user.js';

const MOST_KEPT = 2000;

/**
 * Whose a user id is, `''` when that cannot be read, `null` when the realm has no such user (any more). Logins are cached for a while: a log names the
 * same people again and again.
 */
export type People = (userId: string, call: CallContext) => Answer<string | null>;

export function createPeople(api: KeycloakApi): People {
  const kept = new Map<string, string>();
  return async (userId, call) => {
    const known = kept.get(userId);
    if (known !== undefined) return ok(known);
    const user = await readUser(api, { account: { system: 'keycloak', accountId: userId, login: '' }, call });
    if (!user.ok && user.error.kind === 'unsupported') return ok('');
    if (!user.ok) return user.error.kind === 'not_found' ? ok(null) : user;
    if (kept.size >= MOST_KEPT) kept.clear();
    const login = loginOf(user.value);
    kept.set(userId, login);
    return ok(login);
  };
}
