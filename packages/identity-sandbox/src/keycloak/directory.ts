import type { Faults } from '../http/faults.js';
import { startHttpDirectory, type DirectoryCall, type EffectHooks } from '../http/server.js';
import type { KeycloakSnapshot } from './model.js';
import { outsideOf, type KeycloakOutside } from './outside.js';
import { Realm } from './realm.js';
import { failed, UNAUTHORIZED } from './reply.js';
import { isSignIn, route, type Door } from './routes.js';
import { plant, type KeycloakSeed } from './seed.js';
import { createTokens } from './tokens.js';

/** The least that manages users and reads events when the UUID of `realm-management` is configured. */
const LEAST = ['manage-users', 'view-events', 'view-realm'] as const;

export interface KeycloakDirectoryOptions extends KeycloakSeed {
  readonly realm: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Roles of `realm-management` that the service account has; `LEAST` when left out. */
  readonly permissions?: readonly string[];
  /** Replaces what the seed says. */
  readonly snapshot?: KeycloakSnapshot;
}

export interface KeycloakDirectory extends KeycloakOutside {
  readonly url: string;
  readonly faults: Faults;
  readonly hooks: EffectHooks;
  calls(): readonly DirectoryCall[];
  /** Grants or takes a role of `realm-management`. */
  permit(permission: string, granted: boolean): void;
  expireTokens(): void;
  /** The UUID of the client `realm-management`, as the admin console's address bar shows it. */
  adminClientUuid(): string;
  close(): Promise<void>;
}

/** A realm of its own: Keycloak's admin REST API over real HTTP on loopback, in its paths, shapes and errors. */
export async function createKeycloakDirectory(options: KeycloakDirectoryOptions): Promise<KeycloakDirectory> {
  const { clock, clientId, clientSecret } = options;
  const data = structuredClone(options.snapshot) ?? plant(options, clientId, clock());
  const realm = new Realm(options.realm, clock, data);
  const roles = new Set<string>(options.permissions ?? LEAST);
  const actor = data.users.find((user) => user.serviceAccountClientId === clientId)?.id ?? '';
  let issuer = '';
  const tokens = createTokens({
    clock,
    issuer: () => issuer,
    clientId,
    clientSecret,
    subject: actor,
    roles: () => [...roles],
  });
  const door: Door = { realm, tokens, roles, actor };
  const http = await startHttpDirectory({
    clock,
    port: options.port ?? 0,
    errors: {
      // Keycloak itself has no rate limit: this is what a proxy in front of it says.
      throttled: (waitMs) => ({
        status: 429,
        headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
        body: 'Too Many Requests',
      }),
      internal: () => failed(500, 'unknown_error'),
      unauthorized: () => UNAUTHORIZED,
    },
    isSignIn,
    route(request) {
      const routed = route(door, request);
      if ('refused' in routed || !routed.write) return routed;
      return {
        ...routed,
        commit() {
          const reply = routed.commit();
          realm.changed();
          return reply;
        },
      };
    },
  });
  issuer = `${http.url}/realms/${options.realm}`;
  return {
    ...http,
    ...outsideOf(realm),
    permit(permission, granted) {
      if (granted) roles.add(permission);
      else roles.delete(permission);
    },
    expireTokens: () => tokens.expireAll(),
    adminClientUuid: () => realm.clientNamed('realm-management')?.id ?? '',
  };
}
