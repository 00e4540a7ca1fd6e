import { z } from 'zod';
import { ok, type Result } from '../../platform/result.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { ALREADY, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { membershipsBy, type Groups, type Membership } from '../kit/groups.js';
import { ifShown } from '../kit/partial.js';
import { segment } from '../http/path.js';
import { filterText, type Operation, type ScimApi } from './api.js';
import type { ScimFailure } from './failures.js';
import { isEmpty, list } from './list.js';
import type { ScimSettings } from './settings.js';

const text = z.string().nullish().catch(null);
const element = z.object({ value: text, $ref: text, type: text });
type Member = z.output<typeof element> | null;

export const group = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  displayName: z.string().catch(''),
  // Of another shape: the members are not shown, which is no reason to lose the group's name.
  members: z.array(element.nullable().catch(null)).nullish().catch(null),
});
type Group = z.output<typeof group>;

/** Prepared groups by their ids. */
export interface PreparedGroups extends Groups {
  read(groupId: string, call: CallContext): Promise<Result<Group, ScimFailure>>;
  /** Its name when it was read, else its id. */
  nameOf(groupId: string): string;
}

/** Of a reference, without a query. */
const pathOf = (member: Member): string => member?.$ref?.split(/[?#]/)[0] ?? '';

/** A group inside a group (RFC 7643 §4.2): its members are in both. */
const isGroup = (member: Member): boolean =>
  member?.type?.toLowerCase() === 'group' || /\/Groups\/[^/]+$/i.test(pathOf(member));

const holdsGroups = ({ members }: Group): boolean => (members ?? []).some(isGroup);

/** A member's id: `value`, or the last part of `$ref` (RFC 7643 §4.2); `null` when neither can be read. */
function memberId(member: Member): string | null {
  if (member?.value != null && member.value !== '') return member.value;
  const last = pathOf(member).split('/').at(-1) ?? '';
  try {
    return last === '' ? null : decodeURIComponent(last);
  } catch {
    return null;
  }
}

/**
 * What the group itself shows. Absent or empty members prove nothing: "GetGroup and ListGroups return an empty member
 * list" (AWS IAM Identity Center, SCIM developer guide), and RFC 7643 §7 lets a server return them never.
 */
function shownBy(group: Group, userId: string): Membership {
  const ids = (group.members ?? []).map(memberId);
  if (ids.includes(userId)) return 'inside';
  return ids.length === 0 || ids.includes(null) || holdsGroups(group) ? 'unknown' : 'outside';
}

const identified = z.array(z.object({ id: z.string() }));
const told = z.object({ groups: z.array(z.object({ value: z.string() })).nullish() });
/** Nobody has this id: a server that finds it in a group ignores the filter. */
const NOBODY = 'notme-nobody';

function operationFor({ patch_style, member_removal }: ScimSettings, userId: string, inside: boolean): Operation {
  const members = [{ value: userId }];
  if (inside)
    return patch_style === 'path' ? { op: 'add', path: 'members', value: members } : { op: 'add', value: { members } };
  // A removal needs its path in either style: without one the server could not tell what to remove.
  return member_removal === 'filter'
    ? { op: 'remove', path: `members[value eq ${filterText(userId)}]` }
    : { op: 'remove', path: 'members', value: members };
}

export function createGroups(api: ScimApi, settings: ScimSettings): PreparedGroups {
  const names = new Map<string, string>();

  const read: PreparedGroups['read'] = async (groupId, call) => {
    const path = `/Groups/${segment(groupId)}`;
    const whole = await api.read(path, group, call);
    const tooLarge = !whole.ok && whole.error.tooLarge === true;
    // Without its members (RFC 7644 §3.9) a group of any size can be read; then it shows nobody, which proves nothing.
    const found = tooLarge ? await api.read(`${path}?excludedAttributes=members`, group, call) : whole;
    if (found.ok && found.value.displayName !== '') names.set(groupId, found.value.displayName);
    return found;
  };

  /** `null`: the server refuses it, or returns something else. One that is away, or busy, has refused nothing. */
  async function readIfShown<T>(path: string, schema: z.ZodType<T>, call: CallContext): Answer<T | null> {
    const found = ifShown(await api.read(path, z.unknown(), call));
    return found.ok ? ok(schema.safeParse(found.value).data ?? null) : found;
  }

  /**
   * The groups that the account itself lists; `null` when it lists none or something unreadable, which proves nothing.
   */
  const named = (userId: string, call: CallContext): Answer<readonly string[] | null> =>
    mapped(readIfShown(`/Users/${segment(userId)}`, told, call), (found) => {
      const groups = found?.groups ?? [];
      return groups.length === 0 ? null : groups.map(({ value }) => value);
    });

  /** Whether a filter finds this one group; `null` when the server refuses it, or returns something else. */
  function finds(groupId: string, more: string, call: CallContext): Answer<boolean | null> {
    const filter = `id eq ${filterText(groupId)}${more}`;
    return mapped(readIfShown(`/Groups?${new URLSearchParams({ filter }).toString()}`, list, call), (found) => {
      if (found === null) return null;
      if (isEmpty(found)) return false;
      const rows = identified.min(1).safeParse(found.Resources);
      return rows.success && rows.data.every(({ id }) => id === groupId) ? true : null;
    });
  }

  /**
   * The second source, where the group shows no members: the account's own list, then a filter, as RFC 7644 §3.4.2.2
   * writes it or as AWS does. The filter is trusted only if it also answers two control queries correctly: nobody is
   * not in the group, and the group is found without asking for a member. Neither source reliably covers membership
   * through another group, and the account's list proves an absence only where it contains the ids of groups: some
   * servers write names.
   */
  async function elsewhere(group: Group, groupId: string, { account, call }: Target): Answer<Membership> {
    const userId = account.accountId;
    const listed = await named(userId, call);
    if (!listed.ok) return listed;
    const groups = listed.value ?? [];
    if (groups.includes(groupId)) return ok('inside');
    if (holdsGroups(group)) return ok('unknown');
    const [first] = groups;
    const shown = first === undefined ? ok(null) : ifShown(await read(first, call));
    if (!shown.ok) return shown;
    if (shown.value !== null) return ok('outside');
    for (const attribute of ['members.value', 'members']) {
      const found = await byFilter(groupId, { userId, attribute }, call);
      if (!found.ok || found.value !== null) return mapped(found, (known) => known ?? 'unknown');
    }
    return ok('unknown');
  }

  /** `null`: the server does not answer this filter. */
  async function byFilter(
    groupId: string,
    { userId, attribute }: { readonly userId: string; readonly attribute: string },
    call: CallContext,
  ): Answer<Membership | null> {
    const has = (id: string) => finds(groupId, ` and ${attribute} eq ${filterText(id)}`, call);
    const inside = await has(userId);
    if (!inside.ok || inside.value === null) return mapped(inside, () => null);
    if (inside.value) return mapped(has(NOBODY), (nobody) => (nobody === false ? 'inside' : 'unknown'));
    return mapped(finds(groupId, '', call), (found) => (found === true ? 'outside' : 'unknown'));
  }

  /** What the group shows, and what is known in the end. */
  async function look(
    groupId: string,
    target: Target,
  ): Answer<{ readonly shown: Membership; readonly known: Membership }> {
    const found = await read(groupId, target.call);
    if (!found.ok) return found;
    const shown = shownBy(found.value, target.account.accountId);
    if (shown !== 'unknown') return ok({ shown, known: shown });
    return mapped(elsewhere(found.value, groupId, target), (known) => ({ shown, known }));
  }

  /** What is shown to be so already is not sent again. */
  async function set(groupId: string, inside: boolean, target: Target): Answer<Receipt> {
    const found = await look(groupId, target);
    if (!found.ok) return found;
    const { shown, known } = found.value;
    const wanted = inside ? 'inside' : 'outside';
    // A removal is sent even where a second source says that there is nothing to remove: it does no harm, and the
    // source may err.
    if (shown === wanted || (inside && known === wanted)) return ok(ALREADY);
    const operations = [operationFor(settings, target.account.accountId, inside)];
    const sent = await api.patch({ path: `/Groups/${segment(groupId)}`, operations, call: target.call });
    // RFC 7644 §3.5.2.2: a filter that matches no member is answered with noTarget; it was no member.
    if (!inside && !sent.ok && sent.error.scimType === 'noTarget') return ok(ALREADY);
    return sent.ok && known === wanted ? ok({ ...sent.value, alreadyDone: true }) : sent;
  }

  return {
    read,
    nameOf: (groupId) => names.get(groupId) ?? groupId,
    memberships: (groupIds, target) =>
      membershipsBy(groupIds, (groupId) => mapped(look(groupId, target), ({ known }) => known)),
    join: (groupId, target) => set(groupId, true, target),
    leave: (groupId, target) => set(groupId, false, target),
  };
}
