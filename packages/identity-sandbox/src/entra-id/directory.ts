import { randomUUID } from 'node:crypto';
import { startHttpDirectory, type HttpDirectory } from '../http/server.js';
import { createErrors } from './errors.js';
import { entraIdSnapshot, roleIdOf, type EntraIdSnapshot } from './model.js';
import { createTokens } from './oauth.js';
import { createOutside } from './outside.js';
import type { Licence } from './route.js';
import { createRouter, EVERY_PERMISSION } from './router.js';
import { seeded, type DomainSeed, type GroupSeed, type LocationSeed, type UserSeed } from './seed.js';
import { Tenant, type ConditionalAccess } from './tenant.js';

export interface EntraIdDirectoryOptions {
  readonly users: readonly UserSeed[];
  readonly groups?: readonly GroupSeed[];
  readonly locations?: readonly LocationSeed[];
  readonly domains?: readonly DomainSeed[];
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** PEM of the certificate that was uploaded to the application. */
  readonly certificate?: string;
  readonly clock: () => Date;
  /** Loopback port; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Application permissions that were granted; all that exist here when left out. */
  readonly permissions?: readonly string[];
  /** Names of the directory roles of the application's service principal; none when left out. */
  readonly applicationRoles?: readonly string[];
  /** P1 and P2 when left out. */
  readonly licences?: readonly Licence[];
  readonly writeback?: boolean;
  /** Conditional Access and Identity Protection; 1 when left out, `null` switches the limit off. */
  readonly protectedCallsPerSecond?: number | null;
  /** Replaces users, groups and all else. */
  readonly snapshot?: EntraIdSnapshot;
  /** Whom the audit log names for calls of the API. */
  readonly apiActor?: string;
}

export type EntraIdDirectory = HttpDirectory &
  ReturnType<typeof createOutside> & {
    /** All application permissions that the tenant knows. */
    readonly everyPermission: readonly string[];
    /** Grants or takes an application permission; tokens of before are not taken any more, as if their hour were over. */
    permit(permission: string, granted: boolean): void;
    /** Gives or takes a role of the application's service principal. */
    grantRole(role: string, granted: boolean): void;
    license(feature: Licence, granted: boolean): void;
    /** Switches the security defaults, or moves the limits. */
    conditionalAccess(more: Partial<ConditionalAccess>): void;
    setLag(ms: number): void;
    expireTokens(): void;
    snapshot(): EntraIdSnapshot;
    onChange(listener: () => void): () => void;
  };

/** A tenant of its own: token endpoint and Graph over real HTTP on loopback, in Microsoft's paths, shapes and errors. */
export async function createEntraIdDirectory(options: EntraIdDirectoryOptions): Promise<EntraIdDirectory> {
  const { clock, users, groups = [], locations = [], domains = [] } = options;
  const { snapshot } = options;
  // Parsed, because what was saved by an earlier version lacks what is new.
  const before = snapshot === undefined ? null : entraIdSnapshot.parse(snapshot);
  const tenant = new Tenant(clock, before ?? seeded({ users, groups, locations, domains }, clock()));
  const permissions = new Set(options.permissions ?? EVERY_PERMISSION);
  const roles = new Set((options.applicationRoles ?? []).map(roleIdOf));
  const licences = new Set<Licence>(options.licences ?? ['P1', 'P2']);
  const application = {
    tenantId: options.tenantId,
    clientId: options.clientId.toLowerCase(),
    clientSecret: options.clientSecret ?? null,
    certificate: options.certificate ?? null,
  };
  const tokens = createTokens(clock, application, () => ({ permissions, roles }));
  const errors = createErrors(clock);
  const address = { url: '' };
  const route = createRouter({
    tenant,
    tokens,
    licences,
    actor: options.apiActor ?? 'API client',
    writeback: options.writeback ?? false,
    protectedCallsPerSecond: options.protectedCallsPerSecond === undefined ? 1 : options.protectedCallsPerSecond,
    url: () => address.url,
  });
  const server = await startHttpDirectory({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    errors,
    headers: (request) => ({
      'request-id': randomUUID(),
      ...(request.header('client-request-id') === ''
        ? {}
        : { 'client-request-id': request.header('client-request-id') }),
    }),
    isSignIn: ({ path }) => path.endsWith('/oauth2/v2.0/token'),
    route,
  });
  address.url = server.url;

  const change = <T>(set: Set<T>, value: T, there: boolean): void => {
    if (there) set.add(value);
    else set.delete(value);
  };
  return {
    ...server,
    ...createOutside(tenant),
    everyPermission: EVERY_PERMISSION,
    permit(permission, granted) {
      change(permissions, permission, granted);
      tokens.expireAll();
    },
    grantRole(role, granted) {
      change(roles, roleIdOf(role), granted);
      tokens.expireAll();
    },
    license: (feature, granted) => change(licences, feature, granted),
    conditionalAccess: (more) => void Object.assign(tenant.conditionalAccess, more),
    setLag: (ms) => tenant.setLag(ms),
    expireTokens: () => tokens.expireAll(),
    snapshot: () => tenant.snapshot(),
    onChange: (listener) => tenant.onChange(listener),
  };
}
