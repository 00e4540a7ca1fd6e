import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { CallContext, Receipt } from '../port.js';
import { filterText, segment, type Operation, type ScimApi } from './api.js';
import type { ScimFailure } from './failures.js';
import type { ScimSettings } from './settings.js';

const group = z.object({
  id: z.string().min(1),
  displayName: z.string().catch(''),
  members: z.array(z.object({ value: z.string().catch('') })).nullish(),
});
type Group = z.output<typeof group>;

/** Prepared groups by their ids. */
export interface Groups {
  read(groupId: string, call: CallContext): Promise<Result<Group, ScimFailure>>;
  hasMember(groupId: string, userId: string, call: CallContext): Promise<Result<boolean, ScimFailure>>;
  /** Those of the groups that hold the account, in the order given. */
  memberships(
    groupIds: readonly string[],
    userId: string,
    call: CallContext,
  ): Promise<Result<readonly string[], ScimFailure>>;
  /** Joins or leaves; what is so already is not sent again. */
  set(groupId: string, userId: string, inside: boolean, call: CallContext): Promise<Result<Receipt, ScimFailure>>;
}

function operationFor({ patch_style, member_removal }: ScimSettings, userId: string, inside: boolean): Operation {
  const members = [{ value: userId }];
  if (inside)
    return patch_style === 'path' ? { op: 'add', path: 'members', value: members } : { op: 'add', value: { members } };
  // A removal needs its path in either style: without one the server could not tell what to remove.
  return member_removal === 'filter'
    ? { op: 'remove', path: `members[value eq ${filterText(userId)}]` }
    : { op: 'remove', path: 'members', value: members };
}

export function createGroups(api: ScimApi, settings: ScimSettings): Groups {
  const read: Groups['read'] = (groupId, call) => api.read(`/Groups/${segment(groupId)}`, group, call);

  const hasMember: Groups['hasMember'] = async (groupId, userId, call) => {
    const found = await read(groupId, call);
    return found.ok ? ok(found.value.members?.some(({ value }) => value === userId) === true) : found;
  };

  return {
    read,
    hasMember,
    async memberships(groupIds, userId, call) {
      const answers = await Promise.all(groupIds.map((groupId) => hasMember(groupId, userId, call)));
      const inside: string[] = [];
      for (const [index, answer] of answers.entries()) {
        if (!answer.ok) return answer;
        const groupId = groupIds[index];
        if (answer.value && groupId !== undefined) inside.push(groupId);
      }
      return ok(inside);
    },
    async set(groupId, userId, inside, call) {
      const present = await hasMember(groupId, userId, call);
      if (!present.ok) return present;
      if (present.value === inside) return ok({ alreadyDone: true, requestId: null });
      const operations = [operationFor(settings, userId, inside)];
      return api.patch({ path: `/Groups/${segment(groupId)}`, operations, call });
    },
  };
}
