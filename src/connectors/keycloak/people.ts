import { ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { KeycloakApi } from './api.js';
import { loginOf, readUser } from './user.js';

const MOST_KEPT = 2000;

/** Who a user id belongs to. Logins are kept for a while: a log names the same people again and again. */
export interface People {
  /** `null` when the realm has no such user (any more). */
  login(userId: string, call: CallContext): Promise<Result<string | null, ConnectorFailure>>;
}

export function createPeople(api: KeycloakApi): People {
  const kept = new Map<string, string>();
  return {
    async login(userId, call) {
      const known = kept.get(userId);
      if (known !== undefined) return ok(known);
      const user = await readUser(api, userId, call);
      if (!user.ok) return user.error.kind === 'not_found' ? ok(null) : user;
      if (kept.size >= MOST_KEPT) kept.clear();
      const login = loginOf(user.value);
      kept.set(userId, login);
      return ok(login);
    },
  };
}
