import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Receipt } from '../port.js';
import type { MimecastApi } from './api.js';
import { PATH } from './permissions.js';

const PAGE_SIZE = 100;
const MAX_PAGES = 100;

const foldersRow = z.object({
  folders: z
    .array(z.object({ id: z.string().min(1), description: z.string().catch(''), source: z.string().catch('') }))
    .catch([]),
});
const membersRow = z.object({ groupMembers: z.array(z.object({ emailAddress: z.string().catch('') })).catch([]) });

/** Mimecast's profile groups, named as in the console. Names are not unique, so ids are looked up once and kept. */
export interface Groups {
  /** Fails with `not_found` or `ambiguous` unless exactly one cloud group has this very name. */
  idOf(name: string, call: CallContext): Promise<Result<string, ConnectorFailure>>;
  hasMember(name: string, account: AccountRef, call: CallContext): Promise<Result<boolean, ConnectorFailure>>;
  add(name: string, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
  remove(name: string, account: AccountRef, call: CallContext): Promise<Result<Receipt, ConnectorFailure>>;
}

function pickGroup(name: string, rows: readonly unknown[]): Result<string, ConnectorFailure> {
  const folders = rows.flatMap((row) => {
    const parsed = foldersRow.safeParse(row);
    return parsed.success ? parsed.data.folders : [];
  });
  const exact = folders.filter((folder) => folder.description === name && folder.source === 'cloud');
  const [only, second] = exact;
  if (only === undefined) {
    return err({
      kind: 'not_found',
      message: `Mimecast has no cloud profile group named "${name}"; create it, or correct its name in the configuration.`,
    });
  }
  if (second !== undefined) {
    const message = `Mimecast has ${exact.length} cloud profile groups named "${name}"; rename all but the one that is meant.`;
    return err({ kind: 'ambiguous', message, candidates: exact.map(({ id }) => id) });
  }
  return ok(only.id);
}

function holdsMember(rows: readonly unknown[], address: string): boolean {
  const wanted = address.toLowerCase();
  return rows.some((row) => {
    const parsed = membersRow.safeParse(row);
    return parsed.success && parsed.data.groupMembers.some(({ emailAddress }) => emailAddress.toLowerCase() === wanted);
  });
}

interface MembershipChange {
  readonly path: string;
  /** The code by which Mimecast says that nothing had to change. */
  readonly doneCode: string;
}

const ADD: MembershipChange = { path: PATH.addMember, doneCode: 'err_folder_group_member_already_exists' };
const REMOVE: MembershipChange = { path: PATH.removeMember, doneCode: 'err_folder_email_address_not_found' };

export function createGroups(api: MimecastApi): Groups {
  const ids = new Map<string, string>();

  const idOf: Groups['idOf'] = async (name, call) => {
    const known = ids.get(name);
    if (known !== undefined) return ok(known);
    const search = { path: PATH.findGroups, data: { query: name, source: 'cloud' }, call };
    const found = await api.all(search, PAGE_SIZE, MAX_PAGES);
    if (!found.ok) return found;
    const picked = pickGroup(name, found.value.rows);
    if (picked.ok) ids.set(name, picked.value);
    return picked;
  };

  /** The group may have been deleted and made anew under its name: the next try looks its id up again. */
  const forgetIfGone = (name: string, failure: ConnectorFailure): void => {
    if (failure.kind === 'not_found') ids.delete(name);
  };

  const change = async (
    how: MembershipChange,
    name: string,
    account: AccountRef,
    call: CallContext,
  ): Promise<Result<Receipt, ConnectorFailure>> => {
    const id = await idOf(name, call);
    if (!id.ok) return id;
    const data = { id: id.value, emailAddress: account.accountId };
    const answer = await api.call({ path: how.path, data, write: true, call });
    if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
    if (answer.error.codes.includes(how.doneCode)) return ok({ alreadyDone: true, requestId: null });
    forgetIfGone(name, answer.error);
    return answer;
  };

  return {
    idOf,
    async hasMember(name, account, call) {
      const id = await idOf(name, call);
      if (!id.ok) return id;
      const members = await api.all({ path: PATH.groupMembers, data: { id: id.value }, call }, PAGE_SIZE, MAX_PAGES);
      if (!members.ok) {
        forgetIfGone(name, members.error);
        return members;
      }
      const found = holdsMember(members.value.rows, account.accountId);
      if (found || members.value.complete) return ok(found);
      const message = `The group "${name}" has more than ${PAGE_SIZE * MAX_PAGES} members; use a group of its own for containment.`;
      return err({ kind: 'unsupported', message });
    },
    add: (name, account, call) => change(ADD, name, account, call),
    remove: (name, account, call) => change(REMOVE, name, account, call),
  };
}
