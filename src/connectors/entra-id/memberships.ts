import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader, type Target } from './reader.js';

const MOST_MEMBERSHIPS = 2_000;

const row = z.object({
  '@odata.type': z.string().catch(''),
  id: z.string().min(1),
  displayName: z.string().nullable().catch(null),
});

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Memberships {
  readonly groups: readonly Named[];
  /** Directory roles that are held for the whole tenant, also through a group. */
  readonly roles: readonly Named[];
  readonly complete: boolean;
}

/** What the account is in. `memberOf`: directly; `transitiveMemberOf`: through other groups too. */
export async function readMemberships(
  { api }: Reader,
  { account, call }: Target,
  how: 'memberOf' | 'transitiveMemberOf',
): Promise<Result<Memberships, ConnectorFailure>> {
  const path = `${userPath(account)}/${how}?$select=id,displayName&$top=200`;
  const found = await api.list(path, [PERMISSION.readGroups], call, MOST_MEMBERSHIPS);
  if (!found.ok) return err(found.error);
  const rows = found.value.rows.flatMap((raw) => {
    const parsed = row.safeParse(raw);
    return parsed.success ? [parsed.data] : [];
  });
  const ofType = (type: string): readonly Named[] =>
    rows
      .filter((entry) => entry['@odata.type'] === `#microsoft.graph.${type}`)
      .map(({ id, displayName }) => ({ id: id.toLowerCase(), name: displayName ?? id }));
  return ok({ groups: ofType('group'), roles: ofType('directoryRole'), complete: found.value.complete });
}

/** Whether the account is in this group; a group that was not seen in an incomplete list is an unknown. */
export function isIn({ groups, complete }: Memberships, group: string): Result<boolean, ConnectorFailure> {
  const found = groups.some(({ id }) => id === group);
  if (found || complete) return ok(found);
  const message = `The account is in more than ${MOST_MEMBERSHIPS} groups; look at its membership in the Entra admin center.`;
  return err({ kind: 'unsupported', message });
}
