import type { DirectoryRequest, Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import { createErrors, type Errors } from './errors.js';
import type { Rights, Tokens } from './oauth.js';
import { REPORT_ROUTES } from './reports.js';
import { refused, type Licence, type Route } from './route.js';
import { CONDITIONAL_ACCESS_ROUTES } from './routes-conditional-access.js';
import { GRANT_ROUTES } from './routes-grants.js';
import { GROUP_ROUTES } from './routes-groups.js';
import { LOG_ROUTES } from './routes-logs.js';
import { METHOD_ROUTES } from './routes-methods.js';
import { PROTECTION_ROUTES } from './routes-protection.js';
import { ROLE_ROUTES } from './routes-roles.js';
import { THING_ROUTES } from './routes-things.js';
import { USER_ROUTES } from './routes-users.js';
import type { Tenant } from './tenant.js';

const ROUTES: readonly Route[] = [
  ...USER_ROUTES,
  ...METHOD_ROUTES,
  ...GROUP_ROUTES,
  ...GRANT_ROUTES,
  ...ROLE_ROUTES,
  ...THING_ROUTES,
  ...CONDITIONAL_ACCESS_ROUTES,
  ...PROTECTION_ROUTES,
  ...LOG_ROUTES,
  ...REPORT_ROUTES,
];

/** Every permission that some function asks for first: what a generous administrator grants. */
export const EVERY_PERMISSION: readonly string[] = [
  ...new Set(ROUTES.flatMap(({ permissions, besides = [] }) => [...permissions, ...besides])),
];

/** The values of a route's named parts; `null` when the path is another one. */
function match(route: Route, parts: readonly string[]): Readonly<Record<string, string>> | null {
  const pattern = route.path.split('/');
  if (pattern.length !== parts.length) return null;
  const values: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (wanted.startsWith(':')) values[wanted.slice(1)] = decode(part);
    else if (wanted.toLowerCase() !== part.toLowerCase()) return null;
  }
  return values;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

export interface Gate {
  readonly tenant: Tenant;
  readonly tokens: Tokens;
  readonly licences: ReadonlySet<Licence>;
  readonly actor: string;
  readonly writeback: boolean;
  /** Calls of Conditional Access and Identity Protection in one second; `null`: as many as come. */
  readonly protectedCallsPerSecond: number | null;
  url(): string;
}

/** Counts the calls of the last second. */
function createCounter(clock: () => Date, perSecond: number | null): () => boolean {
  let recent: number[] = [];
  return () => {
    if (perSecond === null) return true;
    const now = clock().getTime();
    recent = recent.filter((at) => at > now - 1000);
    if (recent.length >= perSecond) return false;
    recent.push(now);
    return true;
  };
}

function mayNot({ permissions, besides = [], denied }: Route, rights: Rights) {
  const has = (permission: string): boolean => rights.permissions.has(permission);
  return permissions.some(has) && besides.every(has) ? null : (denied ?? 'denied');
}

interface Found {
  readonly route: Route;
  readonly values: Readonly<Record<string, string>>;
}

/** The function that the path and method name, or Graph's refusal. */
function findRoute({ path, method }: DirectoryRequest, errors: Errors): Found | { readonly reply: Reply } {
  const [version = '', ...parts] = path.split('/').slice(1);
  if (version !== 'v1.0' && version !== 'beta')
    return { reply: errors.error(400, 'BadRequest', `Invalid version: ${version}`) };
  const found = ROUTES.filter(({ beta }) => beta !== true || version === 'beta').flatMap((route) => {
    const values = match(route, parts);
    return values === null ? [] : [{ route, values }];
  });
  const only = found.find(({ route }) => route.method === method);
  if (only !== undefined) return only;
  if (found.length === 0) return { reply: errors.badRoute(parts[0] ?? '') };
  const message = 'Specified HTTP method is not allowed for the request target.';
  return { reply: errors.error(405, 'Request_BadRequest', message) };
}

/** Takes one request as Graph does: token, path, load, permission, licence, and then the function's own rules. */
export function createRouter(gate: Gate): (request: DirectoryRequest) => Routed {
  const { tenant, tokens } = gate;
  const errors = createErrors(() => tenant.now());
  const count = createCounter(() => tenant.now(), gate.protectedCallsPerSecond);

  return (request) => {
    if (/^\/[^/]+\/oauth2\/v2\.0\/token$/.test(request.path) && request.method === 'POST') {
      return { write: false, commit: () => tokens.grant(request, gate.url()) };
    }
    const rights = tokens.check(request.header('authorization'));
    if (rights === null) return refused(errors.unauthorized());
    const found = findRoute(request, errors);
    if ('reply' in found) return refused(found.reply);
    const { route, values } = found;
    if (/^identity(Protection)?\//.test(route.path) && !count()) return refused(errors.throttledSilently());
    const denied = mayNot(route, rights);
    if (denied !== null) return refused(errors[denied]());
    if (route.licence !== undefined && !gate.licences.has(route.licence))
      return refused(errors[route.unlicensed ?? 'notLicensed']());
    const { actor, writeback } = gate;
    const param = (name: string): string => values[name] ?? '';
    return route.handle({ tenant, errors, request, rights, url: gate.url(), param, actor, writeback });
  };
}
