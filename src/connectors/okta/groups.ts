import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Receipt } from '../port.js';
import { part, type OktaApi } from './api.js';
import { userPath } from './user.js';

const group = z.object({
  id: z.string().min(1),
  type: z.string().catch(''),
  profile: z.object({ name: z.string().catch('') }).catch({ name: '' }),
});
export type OktaGroup = z.output<typeof group>;

/** Okta's groups, named as in the console. Ids are looked up once and kept. */
export interface Groups {
  /** Fails with `not_found` or `ambiguous` unless exactly one Okta group has this very name. */
  idOf(name: string, call: CallContext): Promise<Result<string, ConnectorFailure>>;
  /** The groups of an account, straight from its own list. */
  of(account: AccountRef, call: CallContext): Promise<Result<readonly OktaGroup[], ConnectorFailure>>;
  add(name: string, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
  remove(name: string, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
}

function pick(name: string, rows: readonly OktaGroup[]): Result<string, ConnectorFailure> {
  // Groups that come from an application or a directory take no members here.
  const exact = rows.filter((row) => row.profile.name === name && row.type === 'OKTA_GROUP');
  const [only, second] = exact;
  if (only === undefined) {
    return err({
      kind: 'not_found',
      message: `Okta has no group of its own named "${name}"; create it under Directory | Groups, or correct its name in the configuration.`,
    });
  }
  if (second === undefined) return ok(only.id);
  return err({
    kind: 'ambiguous',
    message: `Okta has ${exact.length} groups named "${name}"; rename all but the one that is meant.`,
    candidates: exact.map(({ id }) => id),
  });
}

export function createGroups(api: OktaApi): Groups {
  const ids = new Map<string, string>();

  const idOf: Groups['idOf'] = async (name, call) => {
    const known = ids.get(name);
    if (known !== undefined) return ok(known);
    const found = await api.list(`/api/v1/groups?q=${encodeURIComponent(name)}&limit=200`, group, call);
    if (!found.ok) return found;
    const picked = pick(name, found.value.rows);
    if (picked.ok) ids.set(name, picked.value);
    return picked;
  };

  const of: Groups['of'] = async (account, call) => {
    const found = await api.list(`${userPath(account.accountId)}/groups?limit=200`, group, call);
    return found.ok ? ok(found.value.rows) : found;
  };

  const set = async (
    name: string,
    account: AccountRef,
    { member, call }: { member: boolean; call: CallContext },
  ): Promise<Result<Receipt, ConnectorFailure>> => {
    const id = await idOf(name, call);
    if (!id.ok) return id;
    // Both calls answer 204 whether or not something changed, so the present is asked first.
    const present = await of(account, call);
    if (!present.ok) return present;
    if (present.value.some((row) => row.id === id.value) === member) return ok({ alreadyDone: true, requestId: null });
    const path = `/api/v1/groups/${part(id.value)}/users/${part(account.accountId)}`;
    const changed = await api.change({ method: member ? 'PUT' : 'DELETE', path, call });
    if (changed.ok) return ok({ alreadyDone: false, requestId: changed.value.requestId });
    // The group may have been deleted and made anew under its name: the next try looks its id up again.
    if (changed.error.kind === 'not_found') ids.delete(name);
    return changed;
  };

  return {
    idOf,
    of,
    add: (name, account, call) => set(name, account, { member: true, call }),
    remove: (name, account, call) => set(name, account, { member: false, call }),
  };
}
