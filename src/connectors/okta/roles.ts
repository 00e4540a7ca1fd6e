import { z } from 'zod';
import type { Bodies } from './bodies.js';
import { ok } from '../../platform/result.js';
import { changed, refuse, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { Listed } from '../kit/items.js';
import type { OktaApi } from './api.js';
import { time, userPath } from './user.js';

const UNREAD = 'UNREAD';

export const role = z.object({
  id: z.string().catch(''),
  type: z.string().min(1).catch(UNREAD),
  label: z.string().catch(''),
  status: z.string().catch('ACTIVE'),
  /** `GROUP`: the role comes with membership of a group and cannot be removed from the person. */
  assignmentType: z.string().catch('USER'),
  created: time,
  /** Of a custom role: its id, and the id of the resource set that it applies to. */
  role: z.string().optional().catch(undefined),
  'resource-set': z.string().optional().catch(undefined),
});
export type OktaRole = z.output<typeof role>;

/** An unreadable role still counts: the account is treated as an administrator, and as still having it. */
const roleRow = role.catch(role.parse({}));

/** Roles that may be limited, with the place where Okta lists the limits. Without targets they apply to all. */
const TARGETS: Readonly<Record<string, 'groups' | 'catalog/apps'>> = {
  USER_ADMIN: 'groups',
  HELP_DESK_ADMIN: 'groups',
  GROUP_MEMBERSHIP_ADMIN: 'groups',
  APP_ADMIN: 'catalog/apps',
};
/** A group by its id; an application by its name in the catalogue and, for one instance only, its id. */
const target = {
  groups: z.object({ id: z.string().min(1) }).transform(({ id }) => `groups/${id}`),
  'catalog/apps': z
    .object({ name: z.string().min(1), id: z.string().optional().catch(undefined) })
    .transform(({ name, id }) => ['catalog/apps', name, ...(id === undefined ? [] : [id])].join('/')),
};

export const rolesPath = (accountId: string): string => userPath(accountId, '/roles');
export const appRolesPath = (clientId: string): string => `/oauth2/v1/clients/${segment(clientId)}/roles`;

export function nameOf({ label, type }: OktaRole): string {
  if (label !== '') return label;
  return type === UNREAD ? 'a role that cannot be read' : type;
}

export const isUnread = ({ type, label }: OktaRole): boolean => type === UNREAD && label === '';
export const isDirect = ({ assignmentType }: OktaRole): boolean => assignmentType !== 'GROUP';

/** Not complete with a role that cannot be read; it is among them all the same, as is one of a status that is not known. */
export const readRoles = (api: OktaApi, path: string, call: CallContext): Answer<Listed<OktaRole>> =>
  mapped(api.list(path, roleRow, call), ({ items, complete }) => ({
    items: items.filter(({ status }) => status !== 'INACTIVE'),
    complete: complete && items.every(({ id, type }) => id !== '' && type !== UNREAD),
  }));

/** Everything that limits a role, each as one text. */
async function limitsOf(api: OktaApi, role: OktaRole, { account, call }: Target): Answer<readonly string[]> {
  const { id, type } = role;
  if (type === 'CUSTOM') return ok([`role/${role.role ?? ''}`, `resource-set/${role['resource-set'] ?? ''}`]);
  const kind = Object.hasOwn(TARGETS, type) ? TARGETS[type] : undefined;
  if (kind === undefined) return ok([]);
  const path = `${rolesPath(account.accountId)}/${segment(id)}/targets/${kind}`;
  const named = await api.list(path, target[kind], call);
  if (!named.ok) return named;
  if (named.value.complete) return ok(named.value.items.toSorted());
  // With a limit left out, an undo would grant more than there was.
  return refuse(
    'unsupported',
    `Okta limits the role ${type} to things that cannot all be read, so it could not be given back as it was; take it away by hand in the Okta Admin Console.`,
  );
}

/**
 * The roles assigned to the person directly, in order: each with all its limits, as one text without spaces inside its
 * parts: `USER_ADMIN groups/00g1`, `CUSTOM role/cr01 resource-set/iam1`. Assignment ids are left out: a restored role
 * has another. `null`: not all can be read.
 */
export async function describeDirectRoles(api: OktaApi, on: Target): Answer<readonly string[] | null> {
  const roles = await readRoles(api, rolesPath(on.account.accountId), on.call);
  if (!roles.ok) return roles;
  if (!roles.value.complete) return ok(null);
  const texts: string[] = [];
  for (const one of roles.value.items.filter(isDirect)) {
    const limits = await limitsOf(api, one, on);
    if (!limits.ok) return limits;
    texts.push([one.type, ...limits.value].join(' '));
  }
  return ok(texts.toSorted());
}

export const created = z.object({ id: z.string().min(1) });

/**
 * Restores a role with its limits. For a moment Okta has the new role without limits; when they cannot be set, the role
 * is removed again, so that it never covers more than it did.
 */
export async function assign(api: OktaApi, described: string, { account, call }: Target): Answer<Receipt> {
  const [type = '', ...limits] = described.split(' ');
  const limit = (kind: string): string | undefined =>
    limits.find((text) => text.startsWith(`${kind}/`))?.slice(kind.length + 1);
  const path = rolesPath(account.accountId);
  if (type === 'CUSTOM') {
    const json: Bodies['customRole'] = { type, role: limit('role') ?? '', 'resource-set': limit('resource-set') ?? '' };
    return api.change({ method: 'POST', path, json, call });
  }
  if (limits.length === 0) return api.change({ method: 'POST', path, json: { type }, call });
  const given = await api.create({ method: 'POST', path, json: { type }, call }, created);
  if (!given.ok) return given;
  const base = `${path}/${segment(given.value.id)}`;
  for (const one of limits) {
    const to = `${base}/targets/${one.split('/').map(segment).join('/')}`;
    const limited = await api.change({ method: 'PUT', path: to, call });
    if (limited.ok) continue;
    const taken = await api.change({ method: 'DELETE', path: base, call });
    return taken.ok ? limited : taken;
  }
  return ok(changed());
}
