import { z } from 'zod';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { membershipsAmong } from '../kit/groups.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';

const MOST_MEMBERSHIPS = 2_000;

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
    const ofType = (type: string): readonly Named[] =>
      items
        .filter((entry) => entry['@odata.type'] === `#microsoft.graph.${type}`)
        .map(({ id, displayName }) => ({ id: id.toLowerCase(), name: displayName ?? id }));
    return { groups: ofType('group'), roles: ofType('directoryRole'), complete };
  });
}

export const membershipsIn = (found: Memberships | null, groups: readonly string[]) =>
  membershipsAmong(found === null ? null : { ...found, items: found.groups }, groups, (group, { id }) => id === group);
