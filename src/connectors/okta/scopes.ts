import { native } from '../kit/action.js';

/** OAuth 2.0 scopes of Okta's management API that this connector uses. */
export const SCOPE = {
  readUsers: 'okta.users.read',
  manageUsers: 'okta.users.manage',
  readGroups: 'okta.groups.read',
  manageGroups: 'okta.groups.manage',
  readRoles: 'okta.roles.read',
  manageRoles: 'okta.roles.manage',
  readLogs: 'okta.logs.read',
  readZones: 'okta.networkZones.read',
  manageZones: 'okta.networkZones.manage',
  readDevices: 'okta.devices.read',
  manageDevices: 'okta.devices.manage',
  readRisk: 'okta.userRisk.read',
  manageRisk: 'okta.userRisk.manage',
  readTokens: 'okta.apiTokens.read',
  manageTokens: 'okta.apiTokens.manage',
  readPolicies: 'okta.policies.read',
  readProviders: 'okta.idps.read',
  manageProviders: 'okta.idps.manage',
} as const;

/** Apps that were set up before these were used have not granted them: without the first, linked providers are not read. */
const LATER: readonly string[] = [SCOPE.readProviders, SCOPE.manageProviders];
/** Without it less is proven, and everything works. */
const OPTIONAL: readonly string[] = [SCOPE.readPolicies];

const without = (left: readonly string[]): readonly string[] =>
  Object.values(SCOPE).filter((scope) => !left.includes(scope));

/** What to ask for, best first: Okta may refuse the whole list because of one scope that was not granted. */
export const SCOPE_LISTS: readonly (readonly string[])[] = [
  without([]),
  without(LATER),
  without(OPTIONAL),
  without([...LATER, ...OPTIONAL]),
];

/** A call that needs these scopes, besides the reading of the account. */
export const scopes = (...needed: readonly string[]): ReturnType<typeof native> => native(SCOPE.readUsers, ...needed);

interface Rule {
  readonly path: RegExp;
  readonly read: string;
  readonly write: string;
}

/** In order: the first match counts. */
const RULES: readonly Rule[] = [
  { path: /^\/api\/v1\/users\/[^/]+\/roles\b/, read: SCOPE.readRoles, write: SCOPE.manageRoles },
  { path: /^\/oauth2\/v1\/clients\/[^/]+\/roles\b/, read: SCOPE.readRoles, write: SCOPE.manageRoles },
  { path: /^\/api\/v1\/users\/[^/]+\/risk\b/, read: SCOPE.readRisk, write: SCOPE.manageRisk },
  { path: /^\/api\/v1\/users\/[^/]+\/devices\b/, read: SCOPE.readDevices, write: SCOPE.manageDevices },
  { path: /^\/api\/v1\/users\/[^/]+\/idps\b/, read: SCOPE.readProviders, write: SCOPE.manageProviders },
  { path: /^\/api\/v1\/idps\b/, read: SCOPE.readProviders, write: SCOPE.manageProviders },
  { path: /^\/api\/v1\/users\b/, read: SCOPE.readUsers, write: SCOPE.manageUsers },
  { path: /^\/api\/v1\/groups\b/, read: SCOPE.readGroups, write: SCOPE.manageGroups },
  { path: /^\/api\/v1\/devices\b/, read: SCOPE.readDevices, write: SCOPE.manageDevices },
  { path: /^\/api\/v1\/zones\b/, read: SCOPE.readZones, write: SCOPE.manageZones },
  { path: /^\/api\/v1\/api-tokens\b/, read: SCOPE.readTokens, write: SCOPE.manageTokens },
  { path: /^\/api\/v1\/policies\b/, read: SCOPE.readPolicies, write: SCOPE.readPolicies },
  { path: /^\/api\/v1\/logs\b/, read: SCOPE.readLogs, write: SCOPE.readLogs },
];

/** The scope that a request needs; `null` for one that is not in the table. */
export function scopeFor(path: string, write: boolean): string | null {
  const rule = RULES.find((candidate) => candidate.path.test(path));
  if (rule === undefined) return null;
  return write ? rule.write : rule.read;
}

/** Whether a granted scope is sufficient; in Okta `manage` includes `read`. */
export const grants = (granted: readonly string[], scope: string): boolean =>
  granted.includes(scope) || (scope.endsWith('.read') && granted.includes(scope.replace(/read$/, 'manage')));
