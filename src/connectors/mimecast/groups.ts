import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { CallContext, ConnectorFailure, Receipt } from '../../ports/connector.js';
import type { ReadRows } from '../http/rows.js';
import { ALREADY, failure, refuse, unsupported, type Answer, type Outcome, type Target } from '../kit/action.js';
import { andThen } from '../kit/answers.js';
import { isSame } from '../kit/find.js';
import { membershipsBy, type Groups, type Membership } from '../kit/groups.js';
import { readUser } from './account.js';
import type { MimecastApi } from './api.js';
import { FORBIDDEN_ADDRESS, type MimecastFailure } from './envelope.js';
import { PATH } from './permissions.js';

const PAGES = { size: 100, mostPages: 100 };

export const folder = z.object({
  id: z.string().min(1),
  description: z.string().catch(''),
  source: z.string().catch(''),
});
/** A member is an address, or a whole domain. */
const member = z.union([z.object({ emailAddress: z.string().min(3) }), z.object({ domain: z.string().min(1) })]);

/** Mimecast's profile groups, named as in the console. Names are not unique, so ids are looked up once and cached. */
export interface ProfileGroups extends Groups {
  /** Fails with `not_found` or `ambiguous` unless exactly one cloud group has this very name. */
  idOf(name: string, call: CallContext): Answer<string>;
  hasMember(name: string, target: Target): Answer<boolean>;
}

function pickGroup(name: string, { items, unreadable }: ReadRows<z.output<typeof folder>>): Outcome<string> {
  const exact = items.filter(({ description, source }) => description === name && source === 'cloud');
  const [only, second] = exact;
  if (second !== undefined) {
    const message = `Mimecast has ${exact.length} cloud profile groups named "${name}"; rename all but the one that is meant.`;
    return err({ kind: 'ambiguous', message, candidates: exact.map(({ id }) => id) });
  }
  if (only !== undefined) return ok(only.id);
  const untold = items.filter((one) => one.description === '' || (one.description === name && one.source === ''));
  const unread = unreadable + untold.length;
  if (unread > 0)
    return unsupported(
      `Mimecast's list of groups holds ${unread} that cannot be read, so whether "${name}" is among them is not told; do the manual steps.`,
    );
  return refuse(
    'not_found',
    `Mimecast has no cloud profile group named "${name}"; create it, or correct its name in the configuration.`,
  );
}

const mayBeStale = ({ kind, codes }: MimecastFailure): boolean =>
  kind === 'not_found' ? !codes.includes(FORBIDDEN_ADDRESS) : kind === 'conflict' && codes.length === 0;

interface MembershipChange {
  readonly path: string;
  /** The code by which Mimecast says that nothing had to change. */
  readonly doneCode: string;
}

const ADD: MembershipChange = { path: PATH.addMember, doneCode: 'err_folder_group_member_already_exists' };
/** The address is not in the group. */
export const NO_MEMBER = 'err_folder_email_address_not_found';
const REMOVE: MembershipChange = { path: PATH.removeMember, doneCode: NO_MEMBER };

export function createGroups(api: MimecastApi): ProfileGroups {
  const ids = new Map<string, string>();

  async function idOf(name: string, call: CallContext): Answer<string> {
    const known = ids.get(name);
    if (known !== undefined) return ok(known);
    const search = { path: PATH.findGroups, data: { query: name, source: 'cloud' }, call };
    const found = await api.list(search, { item: folder, inside: 'folders', ...PAGES });
    if (!found.ok) return found;
    const picked = pickGroup(name, found.value);
    if (picked.ok) ids.set(name, picked.value);
    return picked;
  }

  /**
   * Calls with the group's id. The group may have been deleted and recreated under its name, and Mimecast answers a
   * stale id with "not found" or with 400 and nothing else: such an id is looked up again, once, and nothing was
   * changed by it.
   */
  async function withId<T>(
    name: string,
    call: CallContext,
    ask: (id: string) => Promise<Result<T, MimecastFailure>>,
  ): Promise<Result<T, MimecastFailure>> {
    const known = ids.get(name);
    const id = await idOf(name, call);
    if (!id.ok) return err({ codes: [], ...id.error });
    const answer = await ask(id.value);
    if (answer.ok || !mayBeStale(answer.error)) return answer;
    ids.delete(name);
    const anew = known === undefined ? id : await idOf(name, call);
    return anew.ok && anew.value !== id.value ? ask(anew.value) : answer;
  }

  /** The same address can be read a call away, so it is the group that may not be changed, not the address. */
  async function refusedGroup(
    name: string,
    refused: MimecastFailure,
    { account: { accountId }, call }: Target,
  ): Promise<ConnectorFailure> {
    if (!refused.codes.includes(FORBIDDEN_ADDRESS) || !(await readUser(api, accountId, call)).ok) return refused;
    return failure(
      'unsupported',
      `Mimecast knows ${accountId}, but does not let this API application change who is in the group "${name}" (${FORBIDDEN_ADDRESS}); do the manual steps, and ask Mimecast's support why group changes are refused.`,
    );
  }

  async function change({ path, doneCode }: MembershipChange, name: string, target: Target): Answer<Receipt> {
    const { account, call } = target;
    const answer = await withId(name, call, (id) => api.change(path, { id, emailAddress: account.accountId }, call));
    if (answer.ok) return answer;
    if (answer.error.codes.includes(doneCode)) return ok(ALREADY);
    return err(await refusedGroup(name, answer.error, target));
  }

  async function hasMember(name: string, { account, call }: Target): Answer<boolean> {
    const members = await withId(name, call, (id) =>
      api.list({ path: PATH.groupMembers, data: { id }, call }, { item: member, inside: 'groupMembers', ...PAGES }),
    );
    if (!members.ok) return members;
    const { items, unreadable, complete } = members.value;
    if (items.some((one) => 'emailAddress' in one && isSame(one.emailAddress, account.accountId))) return ok(true);
    // A whole domain that the address belongs to: it is in the group, and nobody can say whether also by itself.
    const byDomain = items.some((one) => 'domain' in one && account.accountId.toLowerCase().endsWith(`@${one.domain}`));
    if (complete && !byDomain) return ok(false);
    return unsupported(
      unreadable > 0 || byDomain
        ? `Mimecast's answer about the members of the group "${name}" cannot be read whole; look in the console.`
        : `The group "${name}" has more than ${PAGES.size * PAGES.mostPages} members; use a group of its own for containment.`,
    );
  }

  async function membership(name: string, target: Target): Answer<Membership> {
    const found = await hasMember(name, target);
    // One group that cannot be read whole says nothing about the others.
    if (!found.ok) return found.error.kind === 'unsupported' ? ok('unknown') : found;
    return ok(found.value ? 'inside' : 'outside');
  }

  return {
    idOf,
    hasMember,
    memberships: (names, target) => membershipsBy(names, (name) => membership(name, target)),
    join: (name, target) => change(ADD, name, target),
    // Read first: a removal that is simply accepted does not show whether there was anything to remove.
    leave: (name, target) =>
      andThen(membership(name, target), (found) => (found === 'outside' ? ok(ALREADY) : change(REMOVE, name, target))),
  };
}
