import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import { ALREADY, refuse, unsupported, type Answer, type Outcome, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { membershipsAmong, type Groups } from '../kit/groups.js';
import type { Listed } from '../kit/items.js';
import type { CallContext, Receipt } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import type { OktaApi } from './api.js';
import { userPath } from './user.js';

export const group = z.object({
  id: z.string().min(1),
  type: z.string().catch(''),
  profile: z.object({ name: z.string().catch('') }).catch({ name: '' }),
});
export type OktaGroup = z.output<typeof group>;

/** Okta's groups, named as in the console. Ids are looked up once and cached. */
export interface OktaGroups extends Groups {
  /** Fails with `not_found` or `ambiguous` unless exactly one Okta group has this very name. */
  idOf(name: string, call: CallContext): Answer<string>;
  /** The groups of an account, straight from its own list. */
  of(target: Target): Answer<Listed<OktaGroup>>;
}

const OTHER_KINDS: ReadonlySet<string> = new Set(['APP_GROUP', 'BUILT_IN']);

/** Groups that come from an application or a directory accept no members here. */
const ELSEWHERE = ['APP_GROUP', 'BUILT_IN'];

/** `null`: the row does not tell. */
function isNamed(name: string, { type, profile }: OktaGroup): boolean | null {
  if ((profile.name !== '' && profile.name !== name) || ELSEWHERE.includes(type)) return false;
  return profile.name === name && type === 'OKTA_GROUP' ? true : null;
}

function pick(name: string, { items, complete }: Listed<OktaGroup>): Outcome<string> {
  const exact = items.filter((row) => isNamed(name, row) === true);
  const [only, second] = exact;
  if (only === undefined && (!complete || items.some((row) => isNamed(name, row) === null)))
    return unsupported(
      `Okta lists groups that cannot be read, and "${name}" is not among the others; look under Directory | Groups.`,
    );
  if (only === undefined)
    return refuse(
      'not_found',
      `Okta has no group of its own named "${name}"; create it under Directory | Groups, or correct its name in the configuration.`,
    );
  if (second === undefined) return ok(only.id);
  return err({
    kind: 'ambiguous',
    message: `Okta has ${exact.length} groups named "${name}"; rename all but the one that is meant.`,
    candidates: exact.map(({ id }) => id),
  });
}

/** Of a kind, or with a name, that cannot be read: it may be the one that is meant. */
const mayBe = (name: string, { type, profile }: OktaGroup): boolean =>
  !OTHER_KINDS.has(type) && (profile.name === '' || (profile.name === name && type !== 'OKTA_GROUP'));

/** Which of the groups contain an account. */
export function membershipsIn(groups: Listed<OktaGroup> | null, names: readonly string[]) {
  const isRead = groups?.items.every((row) => !names.some((name) => mayBe(name, row))) === true;
  const found = groups === null ? null : { ...groups, complete: groups.complete && isRead };
  return membershipsAmong(found, names, isNamed);
}

export function createGroups(api: OktaApi): OktaGroups {
  const ids = new Map<string, string>();

  const idOf: OktaGroups['idOf'] = async (name, call) => {
    const known = ids.get(name);
    if (known !== undefined) return ok(known);
    const found = await api.list(`/api/v1/groups?q=${encodeURIComponent(name)}&limit=200`, group, call);
    if (!found.ok) return found;
    const picked = pick(name, found.value);
    if (picked.ok) ids.set(name, picked.value);
    return picked;
  };

  const of: OktaGroups['of'] = ({ account, call }) =>
    api.list(userPath(account.accountId, '/groups?limit=200'), group, call);

  const memberships: OktaGroups['memberships'] = (names, on) => mapped(of(on), (found) => membershipsIn(found, names));

  /** Both calls answer 204 whether or not something changed, so the present state is read first. */
  const set = async (name: string, on: Target, wanted: 'inside' | 'outside'): Answer<Receipt> => {
    const present = await memberships([name], on);
    if (!present.ok) return present;
    const isSo = present.value.get(name) === wanted;
    if (isSo && wanted === 'outside') return ok(ALREADY);
    // Also before a join without effect: of two groups with this name, the account may be in the wrong one.
    const id = await idOf(name, on.call);
    if (!id.ok || isSo) return id.ok ? ok(ALREADY) : id;
    const path = `/api/v1/groups/${segment(id.value)}/users/${segment(on.account.accountId)}`;
    const sent = await api.change({ method: wanted === 'inside' ? 'PUT' : 'DELETE', path, call: on.call });
    // The group may have been deleted and recreated under its name: the next try looks its id up again.
    if (!sent.ok && sent.error.kind === 'not_found') ids.delete(name);
    return sent;
  };

  return {
    idOf,
    of,
    memberships,
    join: (name, on) => set(name, on, 'inside'),
    leave: (name, on) => set(name, on, 'outside'),
  };
}
