import { z } from 'zod';
import type { Core } from '../core.js';
import type { JsonObject } from '../json.js';
import { rankOf, setActive } from '../office/standing.js';
import type { User } from '../workspace/model.js';
import { readFilter } from './filter.js';
import { ScimError } from './reply.js';

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A person as the SCIM API shows them. */
function shown(core: Core, user: User): JsonObject {
  const { data } = core.workspace;
  const { profile } = user;
  return {
    schemas: [USER_SCHEMA],
    id: user.id,
    externalId: '',
    meta: {
      created: new Date(user.updated * 1000).toISOString(),
      location: `${core.url()}/scim/v2/Users/${user.id}`,
    },
    userName: user.name,
    nickName: profile.display_name,
    name: { givenName: profile.first_name, familyName: profile.last_name },
    displayName: user.real_name,
    profileUrl: `https://${data.team.domain}.slack.com/team/${user.name}`,
    title: profile.title,
    timezone: user.tz,
    active: !user.deleted,
    emails: profile.email === undefined ? [] : [{ value: profile.email, primary: true }],
    photos: [],
    groups: data.usergroups
      .filter(({ users }) => users.includes(user.id))
      .map(({ id, name }) => ({ value: id, display: name })),
  };
}

const people = (core: Core): User[] => core.workspace.data.users;

function existing(core: Core, id: string): User {
  const user = core.workspace.user(id);
  if (!user) throw new ScimError('no_such_user', 404);
  return user;
}

const whole = (text: string | null, otherwise: number): number => {
  const value = Number(text ?? otherwise);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new ScimError('invalid_query', 400);
};

export function listUsers(core: Core, query: URLSearchParams): JsonObject {
  const filter = query.get('filter');
  const wanted = people(core).filter(filter === null ? () => true : readFilter(filter));
  const startIndex = Math.max(1, whole(query.get('startIndex'), 1));
  const count = Math.min(1000, whole(query.get('count'), 10));
  const items = wanted.slice(startIndex - 1, startIndex - 1 + count);
  return {
    schemas: [LIST_SCHEMA],
    totalResults: wanted.length,
    itemsPerPage: items.length,
    startIndex,
    Resources: items.map((user) => shown(core, user)),
  };
}

export const readUser = (core: Core, id: string): JsonObject => shown(core, existing(core, id));

/** Whether `actor` may change this person: their standing is not above the actor's, and somebody must stay. */
function needStanding(core: Core, user: User, actorId: string, active: boolean): void {
  if (user.is_bot) throw new ScimError('cannot_disable_bot_user_with_scim', 403);
  if (user.is_primary_owner && !active) throw new ScimError('cannot_disable_primary_owner', 403);
  if (rankOf(user) > rankOf(existing(core, actorId))) throw new ScimError('cannot_modify_owner', 403);
}

export function activate(core: Core, id: string, active: boolean, actorId: string): JsonObject {
  const user = existing(core, id);
  needStanding(core, user, actorId, active);
  setActive(core, user, active, actorId);
  return shown(core, user);
}

const Operation = z.union([
  z.object({ op: z.string(), path: z.literal('active'), value: z.boolean() }).transform(({ op, value }) => ({
    op,
    active: value,
  })),
  z
    .object({ op: z.string(), value: z.strictObject({ active: z.boolean() }) })
    .transform(({ op, value }) => ({ op, active: value.active })),
]);

const Patch = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes('urn:ietf:params:scim:api:messages:2.0:PatchOp')),
  Operations: z.tuple([Operation]),
});

/**
 * The wanted `active` of a PATCH: one replace is simulated, no other attribute.
 * @throws ScimError 400 when it is another
 */
export function readPatch(body: unknown): boolean {
  const read = Patch.safeParse(body);
  if (!read.success || read.data.Operations[0].op.toLowerCase() !== 'replace')
    throw new ScimError('not_simulated: only one replace of "active"', 400);
  return read.data.Operations[0].active;
}
