import type { KeycloakDirectory } from 'identity-sandbox/keycloak';
import { NOTHING, things, type Truth } from './truth.js';

const CODES = 'recovery-authn-codes';

export function readKeycloak(
  directory: KeycloakDirectory,
  email: string,
  prepared: { readonly twoStepAction: string; readonly quarantine: string },
): Truth {
  const { users, groups } = directory.snapshot();
  const user = users.find((one) => one.email === email);
  if (user === undefined) throw new Error(`Keycloak has nobody called ${email}`);
  const quarantine = groups.find(({ path }) => path === prepared.quarantine)?.id;
  const factors = user.credentials.filter(({ type }) => type !== CODES);
  return {
    ...NOTHING,
    canSignIn: user.enabled,
    mustChange: user.requiredActions.includes('UPDATE_PASSWORD'),
    passwordMark: user.password?.passwordHash ?? null,
    opens: (password) => directory.checkPassword(email, password),
    sessions: user.sessions.map(({ id, offline }) => `${offline ? 'offline' : 'online'} ${id}`),
    factors: things(factors, ({ id, type }) => ({ id, said: type })),
    identity_providers: things(user.identities, ({ identityProvider, userId, userName }) => ({
      id: identityProvider,
      said: `${identityProvider} ${userId} ${userName}`,
      since: userId,
    })),
    grants: things(user.consents, ({ clientId, createdDate }) => ({ id: clientId, since: String(createdDate) })),
    backupCodes: user.credentials.length - factors.length,
    ownRoles: user.adminRoles,
    groupRoles: groups.filter(({ id }) => user.groups.includes(id)).flatMap(({ adminRoles }) => adminRoles),
    twoStep: user.requiredActions.includes(prepared.twoStepAction),
    quarantined: quarantine !== undefined && user.groups.includes(quarantine),
  };
}
