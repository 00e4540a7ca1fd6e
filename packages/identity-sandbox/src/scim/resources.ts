import SCIMMY from 'scimmy';
import { z } from 'zod';
import { hashPassword, passwordIsWeak } from '../passwords.js';
import { ScimStore, type ScimSnapshot, type ScimUserRecord } from './store.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The package hands on whatever the application gave it as context. */
function storeOf(context: unknown): ScimStore {
  if (context instanceof ScimStore) return context;
  throw new SCIMMY.Types.Error(500, '', 'The request came without an application');
}

const missing = (id: string): Error => new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);

export function representUser(user: ScimUserRecord, { groups }: ScimSnapshot) {
  const { id, userName, displayName, externalId, active, emails, phoneNumbers, roles, employeeNumber } = user;
  return {
    id,
    userName,
    displayName,
    active,
    emails,
    phoneNumbers,
    roles: roles.map((value) => ({ value, display: value })),
    groups: groups
      .filter(({ members }) => members.includes(id))
      .map((group) => ({ value: group.id, display: group.displayName, type: 'direct' })),
    ...(externalId === null ? {} : { externalId }),
    ...(employeeNumber === null ? {} : { [ENTERPRISE]: { employeeNumber } }),
    meta: { created: user.created, lastModified: user.lastModified },
  };
}

/** What of a written user the application keeps; the rest of the schema it ignores. */
const written = z.object({
  userName: z.string(),
  displayName: z.string().optional(),
  active: z.boolean().optional(),
  password: z.string().optional(),
});

function writeUser(id: string | undefined, instance: unknown, store: ScimStore) {
  const record = store.present().users.find((user) => user.id === id);
  if (record === undefined) throw missing(id ?? '');
  const data = written.parse(instance);
  if (data.password !== undefined && passwordIsWeak(data.password, record.userName)) {
    // The text quotes the password on purpose: a client must not pass a server's text on as it is.
    const message = `The password "${data.password}" does not meet the policy`;
    throw new SCIMMY.Types.Error(400, 'invalidValue', message);
  }
  record.userName = data.userName;
  if (data.displayName !== undefined) record.displayName = data.displayName;
  if (data.active !== undefined) record.active = data.active;
  if (data.password !== undefined)
    Object.assign(record, hashPassword(data.password), { passwordChangedAt: store.clock().toISOString() });
  store.touch(record);
  return representUser(record, store.present());
}

export function representGroup({ id, displayName, members }: ScimSnapshot['groups'][number]) {
  return { id, displayName, members: members.map((value) => ({ value, type: 'User' })) };
}

const writtenGroup = z.object({
  displayName: z.string(),
  members: z.array(z.object({ value: z.string() })).optional(),
});

function writeGroup(id: string | undefined, instance: unknown, store: ScimStore) {
  const record = store.present().groups.find((group) => group.id === id);
  if (record === undefined) throw missing(id ?? '');
  const data = writtenGroup.parse(instance);
  const members = (data.members ?? []).map(({ value }) => value);
  const unknown = members.find((member) => !store.present().users.some((user) => user.id === member));
  if (unknown !== undefined) throw new SCIMMY.Types.Error(400, 'invalidValue', `Member ${unknown} does not exist`);
  record.displayName = data.displayName;
  record.members = [...new Set(members)];
  store.changed();
  return representGroup(record);
}

/** The package looks for an extension's attribute under its whole URN, beside the core attributes. */
function searchable(row: object): object {
  const extension: unknown = Object.entries(row).find(([key]) => key === ENTERPRISE)?.[1];
  if (typeof extension !== 'object' || extension === null) return row;
  return {
    ...row,
    ...Object.fromEntries(Object.entries(extension).map(([key, value]) => [`${ENTERPRISE}:${key}`, value])),
  };
}

/** One resource by its id, or all that the filter lets through; pages are cut by the package. */
function pick<Row extends { readonly id: string }>(
  resource: { readonly id?: string | undefined; readonly filter?: SCIMMY.Types.Filter | undefined },
  rows: readonly Row[],
): Row | Row[] {
  const { id, filter } = resource;
  if (id === undefined) return rows.filter((row) => filter === undefined || filter.match([searchable(row)]).length > 0);
  const found = rows.find((row) => row.id === id);
  if (found === undefined) throw missing(id);
  return found;
}

let isDeclared = false;

/**
 * Ties the package's resources to applications. The package keeps its resource types once for the process, so they are
 * declared once, and each request brings the application that it is for.
 */
export function declareResources(): void {
  if (isDeclared) return;
  isDeclared = true;
  const { User, Group } = SCIMMY.Resources;
  User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  User.egress((resource, context: unknown) => {
    const store = storeOf(context);
    return pick(
      resource,
      store.seen().users.map((user) => representUser(user, store.seen())),
    );
  });
  User.ingress((resource, instance, context: unknown) => writeUser(resource.id, instance, storeOf(context)));
  User.degress((resource, context: unknown) => {
    const store = storeOf(context);
    const { users } = store.present();
    const index = users.findIndex((user) => user.id === resource.id);
    if (index < 0) throw missing(resource.id ?? '');
    users.splice(index, 1);
    store.changed();
  });
  Group.egress((resource, context: unknown) => pick(resource, storeOf(context).seen().groups.map(representGroup)));
  Group.ingress((resource, instance, context: unknown) => writeGroup(resource.id, instance, storeOf(context)));
  SCIMMY.Resources.declare(User);
  SCIMMY.Resources.declare(Group);
  SCIMMY.Config.set({ changePassword: true, etag: false });
}
