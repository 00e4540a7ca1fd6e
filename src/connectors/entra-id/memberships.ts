import { z } from 'zod';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { membershipsAmong } from '../kit/groups.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';

const MOST_MEMBERSHIPS = 2_000;
const DIRECTORY_ROLE = 'directoryRole';

export const row = z.object({
  // An object without a type is shown as a group rather than left out.
  '@odata.type': z.string().min(1).catch('#microsoft.graph.group'),
  id: z.string().min(1),
  displayName: z.string().nullable().catch(null),
});

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Memberships {
  readonly groups: readonly Named[];
  /** Directory roles for the whole tenant, also through a group. */
  readonly roles: readonly Named[];
  readonly complete: boolean;
}

/** The account's memberships. `memberOf`: directly; `transitiveMemberOf`: through other groups too. */
export function readMemberships(
  { api }: Reader,
  { account, call }: Target,
  how: 'memberOf' | 'transitiveMemberOf',
): Answer<Memberships> {
  const path = `${userPath(account)}/${how}?$select=id,displayName&$top=200`;
  const found = api.list(row, { path, needs: [PERMISSION.readGroups], call }, MOST_MEMBERSHIPS);
  return mapped(found, ({ items, complete }) => {
    const those = (isMeant: (type: string) => boolean): readonly Named[] =>
      items
        .filter((entry) => isMeant(entry['@odata.type'].replace('#microsoft.graph.', '')))
        .map(({ id, displayName }) => ({ id: id.toLowerCase(), name: displayName ?? id }));
    return {
      // An object of a kind that is not known is not left out: groups are compared by their ids.
      groups: those((type) => type !== DIRECTORY_ROLE && type !== 'administrativeUnit'),
      roles: those((type) => type === DIRECTORY_ROLE),
      complete,
    };
  });
}

export const membershipsIn = (found: Memberships | null, groups: readonly string[]) =>
  membershipsAmong(found === null ? null : { ...found, items: found.groups }, groups, (group, { id }) => id === group);
