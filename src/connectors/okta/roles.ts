import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure } from '../port.js';
import { part, type OktaApi } from './api.js';
import { userPath, time } from './user.js';

const roleRow = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  label: z.string().catch(''),
  status: z.string().catch('ACTIVE'),
  /** `GROUP`: the role comes with membership of a group and cannot be taken from the person. */
  assignmentType: z.string().catch('USER'),
  created: time,
  /** Of a custom role: its id, and the id of the resource set that it holds for. */
  role: z.string().optional().catch(undefined),
  'resource-set': z.string().optional().catch(undefined),
});
export type OktaRole = z.output<typeof roleRow>;

const groupTarget = z.object({ id: z.string().min(1) });
const appTarget = z.object({ name: z.string().min(1), id: z.string().optional().catch(undefined) });

/** Roles that may be limited to groups, or to applications. Without targets they hold for all. */
const GROUP_TARGETS = new Set(['USER_ADMIN', 'HELP_DESK_ADMIN', 'GROUP_MEMBERSHIP_ADMIN']);
const APP_TARGETS = new Set(['APP_ADMIN']);

const rolesPath = (accountId: string): string => `${userPath(accountId)}/roles`;

export const nameOf = ({ label, type }: OktaRole): string => (label === '' ? type : label);

export const isDirect = ({ assignmentType }: OktaRole): boolean => assignmentType === 'USER';

export async function readRoles(
  api: OktaApi,
  { accountId }: AccountRef,
  call: CallContext,
): Promise<Result<readonly OktaRole[], ConnectorFailure>> {
  const roles = await api.list(rolesPath(accountId), roleRow, call);
  return roles.ok ? ok(roles.value.rows.filter(({ status }) => status === 'ACTIVE')) : roles;
}

/** The roles of the service app, for what Notme itself may do. */
export async function readAppRoles(
  api: OktaApi,
  clientId: string,
  call: CallContext,
): Promise<Result<readonly OktaRole[], ConnectorFailure>> {
  const roles = await api.list(`/oauth2/v1/clients/${part(clientId)}/roles`, roleRow, call);
  return roles.ok ? ok(roles.value.rows) : roles;
}

async function targetsOf(
  api: OktaApi,
  accountId: string,
  { id, type }: OktaRole,
  call: CallContext,
): Promise<Result<readonly string[], ConnectorFailure>> {
  const base = `${rolesPath(accountId)}/${part(id)}/targets`;
  if (GROUP_TARGETS.has(type)) {
    const groups = await api.list(`${base}/groups`, groupTarget, call);
    return groups.ok ? ok(groups.value.rows.map((target) => `groups/${target.id}`)) : groups;
  }
  if (APP_TARGETS.has(type)) {
    const apps = await api.list(`${base}/catalog/apps`, appTarget, call);
    if (!apps.ok) return apps;
    return ok(apps.value.rows.map(({ name, id: app }) => `catalog/apps/${name}${app === undefined ? '' : `/${app}`}`));
  }
  return ok([]);
}

/**
 * A role with all that limits it, as one text without spaces inside its parts: `USER_ADMIN groups/00g1`,
 * `CUSTOM role/cr01 resource-set/iam1`. Assignment ids are left out: a role given anew has another.
 */
async function describe(
  api: OktaApi,
  accountId: string,
  role: OktaRole,
  call: CallContext,
): Promise<Result<string, ConnectorFailure>> {
  if (role.type === 'CUSTOM') {
    return ok(`CUSTOM role/${role.role ?? ''} resource-set/${role['resource-set'] ?? ''}`);
  }
  const targets = await targetsOf(api, accountId, role, call);
  return targets.ok ? ok([role.type, ...targets.value.toSorted()].join(' ')) : targets;
}

/** The roles that were given to the person directly, each with its limits, in order. */
export async function describeDirectRoles(
  api: OktaApi,
  account: AccountRef,
  call: CallContext,
): Promise<Result<readonly string[], ConnectorFailure>> {
  const roles = await readRoles(api, account, call);
  if (!roles.ok) return roles;
  const texts: string[] = [];
  for (const role of roles.value.filter(isDirect)) {
    const described = await describe(api, account.accountId, role, call);
    if (!described.ok) return described;
    texts.push(described.value);
  }
  return ok(texts.toSorted());
}

/** Takes one role away; one that is gone already counts as taken. */
export async function unassign(
  api: OktaApi,
  { accountId }: AccountRef,
  { id }: OktaRole,
  call: CallContext,
): Promise<Result<string | null, ConnectorFailure>> {
  const answer = await api.change({ method: 'DELETE', path: `${rolesPath(accountId)}/${part(id)}`, call });
  if (answer.ok) return ok(answer.value.requestId);
  return answer.error.kind === 'not_found' ? ok(null) : answer;
}

const created = z.object({ id: z.string().min(1) });

/**
 * Gives a role back with its limits. Okta knows a new role without limits for a moment; when they cannot be set, the role
 * is taken away again, so that it never holds for more than it did.
 */
export async function assign(
  api: OktaApi,
  account: AccountRef,
  described: string,
  call: CallContext,
): Promise<Result<null, ConnectorFailure>> {
  const [type = '', ...limits] = described.split(' ');
  const limit = (kind: string): string | undefined =>
    limits.find((text) => text.startsWith(`${kind}/`))?.slice(kind.length + 1);
  const custom = type === 'CUSTOM';
  const json = custom ? { type, role: limit('role'), 'resource-set': limit('resource-set') } : { type };
  const answer = await api.change({ method: 'POST', path: rolesPath(account.accountId), json, call });
  if (!answer.ok) return answer;
  if (custom || limits.length === 0) return ok(null);
  const role = created.safeParse(answer.value.body);
  if (!role.success) {
    const message = 'Okta gave the role back but did not say under which id; read the roles and limit it by hand.';
    return err({ kind: 'unknown_outcome', message });
  }
  const base = `${rolesPath(account.accountId)}/${part(role.data.id)}`;
  for (const target of limits) {
    const path = `${base}/targets/${target.split('/').map(part).join('/')}`;
    const limited = await api.change({ method: 'PUT', path, call });
    if (limited.ok) continue;
    const taken = await api.change({ method: 'DELETE', path: base, call });
    return taken.ok ? limited : taken;
  }
  return ok(null);
}
