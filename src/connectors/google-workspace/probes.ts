import { z } from 'zod';
import { ok } from '../../result.js';
import type { AccountRef, ActionKind, CallContext, ConnectorFailure } from '../port.js';
import type { Actions } from './actions.js';
import type { Answer, Tools } from './handler.js';
import { isMember } from './membership.js';
import { readActivities } from './reports.js';
import { SCOPE, type Scope } from './scopes.js';
import { readUser, userPath } from './user.js';

const HOUR_MS = 60 * 60 * 1000;

/** `null`: it works, as far as that can be seen without changing anything. */
export type Probe = ConnectorFailure | null;

export interface Whom {
  /** In whose mailbox Gmail is tried; the administrator's own when nobody is named. */
  readonly account: AccountRef | null;
  readonly call: CallContext;
}

const isGmail = (scope: Scope): boolean => scope.startsWith('gmail.');

/** A read that succeeds where the scope and the administrator's role suffice; scopes for writing have the token alone. */
function trial(tools: Tools, scope: Scope, mailbox: string, call: CallContext): Answer<unknown> {
  const { api, settings, runtime } = tools;
  const customer = `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}`;
  const get = (path: string, what: string, query: Record<string, string> = {}): Answer<unknown> =>
    api.read({ path, query, scope, what, call, ...(isGmail(scope) ? { subject: mailbox } : {}) }, z.looseObject({}));
  switch (scope) {
    case SCOPE.readUsers:
      return readUser(api, settings.admin_email, call);
    case SCOPE.security:
      return get(`${userPath(settings.admin_email)}/tokens`, 'the grants to apps');
    case SCOPE.readGroups:
      return get('/admin/directory/v1/groups', 'the groups', { userKey: settings.admin_email, maxResults: '1' });
    case SCOPE.readRoles:
    case SCOPE.writeRoles:
      return get(`${customer}/roles`, 'the administrator roles', { maxResults: '1' });
    case SCOPE.readDevices:
      return get(`${customer}/devices/mobile`, 'the mobile devices', { maxResults: '1' });
    case SCOPE.reports: {
      const from = new Date(runtime.now().getTime() - HOUR_MS);
      return readActivities(
        tools,
        { application: 'admin', actor: 'all', eventName: 'CHANGE_PASSWORD', from, maxPages: 1 },
        call,
      );
    }
    case SCOPE.gmailSettings:
      return get('/gmail/v1/users/me/settings/imap', 'the Gmail settings');
    default:
      return api.authenticate({ subject: isGmail(scope) ? mailbox : settings.admin_email, scope }, call);
  }
}

/** Every scope that is used with these settings, tried once. */
export async function probeScopes(
  tools: Tools,
  all: Actions,
  { account, call }: Whom,
): Promise<ReadonlyMap<Scope, Probe>> {
  const mailbox = account?.login ?? tools.settings.admin_email;
  const used = new Set(Object.values(all).flatMap((handler) => handler?.capability.permissions ?? []));
  const rolesScope = tools.settings.super_admin ? SCOPE.writeRoles : SCOPE.readRoles;
  for (const scope of [SCOPE.readUsers, SCOPE.readGroups, SCOPE.reports, rolesScope]) used.add(scope);
  const wanted = Object.values(SCOPE).filter((scope) => used.has(scope));
  const found = await Promise.all(
    wanted.map(async (scope) => {
      const tried = await trial(tools, scope, mailbox, call);
      // An administrator without a mailbox says nothing about other people's.
      const ownMailbox = !tried.ok && account === null && isGmail(scope) && tried.error.kind === 'licence';
      return [scope, tried.ok || ownMailbox ? null : tried.error] as const;
    }),
  );
  return new Map(found);
}

async function orgUnitExists({ api, settings }: Tools, path: string, call: CallContext): Answer<unknown> {
  const inPath = path.slice(1).split('/').map(encodeURIComponent).join('/');
  const request = {
    path: `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}/orgunits/${inPath}`,
    scope: SCOPE.readOrgUnits,
    what: `the organizational unit ${path}`,
    call,
  };
  const found = await api.read(request, z.looseObject({}));
  // Reading units is a right of its own, which nothing else needs: without it the unit is taken on trust.
  return !found.ok && found.error.kind === 'permission' ? ok(null) : found;
}

/** Whether the groups and organizational units of the settings exist. */
export async function probePolicies(tools: Tools, call: CallContext): Promise<ReadonlyMap<ActionKind, Probe>> {
  const { settings, api } = tools;
  const admin: AccountRef = { system: '', accountId: settings.admin_email, login: settings.admin_email };
  const group = (address: string) => isMember(api, address, admin, call);
  const routes: readonly (readonly [ActionKind, readonly Answer<unknown>[]])[] = [
    [
      'require_two_step',
      [
        ...[settings.two_step_group].flatMap((one) => (one === null ? [] : [group(one)])),
        ...[settings.two_step_org_unit].flatMap((one) => (one === null ? [] : [orgUnitExists(tools, one, call)])),
      ],
    ],
    [
      'quarantine',
      [
        ...[settings.quarantine_group].flatMap((one) => (one === null ? [] : [group(one)])),
        ...[settings.quarantine_org_unit].flatMap((one) => (one === null ? [] : [orgUnitExists(tools, one, call)])),
      ],
    ],
    ['limit_login_ips', settings.login_range_groups.map((prepared) => group(prepared.group))],
  ];
  const found = await Promise.all(
    routes.map(async ([kind, tries]) => {
      const failed = (await Promise.all(tries)).find((tried) => !tried.ok);
      return [kind, failed?.ok === false ? failed.error : null] as const;
    }),
  );
  return new Map(found);
}
