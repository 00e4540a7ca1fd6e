import type { DirectoryRequest, Reply } from '../http/message.js';
import type { Routed } from '../http/server.js';
import { ALERTS } from './alerts.js';
import { COMPANY } from './company.js';
import { DEVICES } from './devices.js';
import { refused, type Endpoint } from './endpoint.js';
import { insufficientScopes, invalid, noSuchPage, unauthenticated } from './errors.js';
import { GMAIL } from './gmail.js';
import type { OAuth } from './oauth.js';
import { REPORTS } from './reports.js';
import { SECURITY_ENDPOINTS } from './security.js';
import type { GoogleWorkspaceState } from './state.js';
import { USERS } from './users.js';

/** The scopes that this directory's endpoints know. */
export const EVERY_SCOPE: readonly string[] = [
  ...new Set(
    [...USERS, ...SECURITY_ENDPOINTS, ...COMPANY, ...DEVICES, ...REPORTS, ...ALERTS, ...GMAIL].flatMap(
      ({ scopes }) => scopes,
    ),
  ),
];

const ENDPOINTS: readonly Endpoint[] = [
  ...USERS,
  ...SECURITY_ENDPOINTS,
  ...COMPANY,
  ...DEVICES,
  ...REPORTS,
  ...ALERTS,
  ...GMAIL,
];

/** `null` for what is no percent-encoding. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** The values of the `:names`, `null` when the path is another; `*` takes the rest. */
function match(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/');
  const given = path.split('/');
  const rest = wanted.at(-1) === '*';
  if (rest ? given.length < wanted.length : given.length !== wanted.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const isRest = part === '*';
    const value = decoded(isRest ? given.slice(index).join('/') : (given[index] ?? ''));
    if (value === null) return null;
    if (isRest) params['*'] = value;
    else if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

export interface Router {
  readonly state: GoogleWorkspaceState;
  readonly oauth: OAuth;
  readonly licensed: (feature: string) => boolean;
}

/** Google's doors in their order: the route, the token, the scope, the body's type, then the endpoint itself. */
export function route({ state, oauth, licensed }: Router, request: DirectoryRequest): Routed {
  if (request.path === '/token') {
    if (request.method !== 'POST') return refused(noSuchPage(request.path));
    return { write: false, commit: (): Reply => oauth.token(request) };
  }
  for (const endpoint of ENDPOINTS) {
    if (endpoint.method !== request.method) continue;
    const params = match(endpoint.path, request.path);
    if (params === null) continue;
    const caller = oauth.caller(request.header('authorization'));
    const subject = caller === null ? undefined : state.user(caller.subject);
    if (caller === null || subject === undefined) return refused(unauthenticated());
    if (!endpoint.scopes.some((scope) => caller.scopes.includes(scope))) return refused(insufficientScopes());
    if (request.body !== '' && !/^application\/json\b/i.test(request.header('content-type')))
      return refused(invalid('Unsupported content type'));
    return endpoint.handle({ state, request, params, subject, licensed });
  }
  return refused(noSuchPage(request.path));
}
