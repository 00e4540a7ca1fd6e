import type { FunctionInput, Prepared } from './function-input.js';
import type { MimecastGroupRecord } from './model.js';
import { addressError } from './users.js';
import { functionFailure, paginate, success, validation } from './wire.js';

export function findGroups({ state, item, paging }: FunctionInput): Prepared {
  const { query, source } = item;
  if (query !== undefined && typeof query !== 'string')
    return { refused: functionFailure(item, validation.kind('query', 'string')) };
  if (source !== undefined && source !== 'cloud' && source !== 'ldap')
    return { refused: functionFailure(item, validation.kind('source', 'source')) };
  const wanted = (query ?? '').toLowerCase();
  const found = state.groups.filter(
    (group) => group.description.toLowerCase().includes(wanted) && (source === undefined || group.source === source),
  );
  const { page, pagination } = paginate(found, paging);
  const folders = page.map(({ id, description, source: from, members }) => ({
    id,
    description,
    source: from,
    parentId: 'root',
    userCount: members.length,
    folderCount: 0,
  }));
  return { commit: () => success([{ folders, source: source ?? 'cloud' }], pagination) };
}

function groupOf({ state, item }: FunctionInput): MimecastGroupRecord | Prepared {
  const { id } = item;
  if (id === undefined || id === null) return { refused: functionFailure(item, validation.missing('id')) };
  const group = state.groups.find((candidate) => candidate.id === id);
  return (
    group ?? {
      refused: functionFailure(item, { code: 'err_folder_not_found', message: 'The group was not found', field: 'id' }),
    }
  );
}

export function groupMembers(input: FunctionInput): Prepared {
  const group = groupOf(input);
  if (!('members' in group)) return group;
  const { page, pagination } = paginate(group.members, input.paging);
  const members = page.map((emailAddress) => {
    const internal = input.state.isInternal(emailAddress);
    const name = input.state.find(emailAddress)?.name ?? '';
    return { emailAddress, domain: emailAddress.split('@')[1] ?? '', internal, type: 'created_manually', name };
  });
  return { commit: () => success([{ groupMembers: members }], pagination) };
}

interface Membership {
  readonly group: MimecastGroupRecord;
  readonly email: string;
}

function membership(input: FunctionInput): Membership | Prepared {
  const group = groupOf(input);
  if (!('members' in group)) return group;
  const wrong = addressError(input.item);
  if (wrong !== null) return { refused: functionFailure(input.item, wrong) };
  if (input.state.refusesGroupChanges) return { refused: functionFailure(input.item, refusedForAddress) };
  return { group, email: String(input.item['emailAddress']).toLowerCase() };
}

function log({ state, actor, now }: FunctionInput, what: string): void {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  state.writeAudit({
    auditType: 'Folder Log Entry',
    user: actor,
    eventInfo: `Action Performed - ${what} by ${actor} Date: ${date} Time: ${time} +0000 Application: API`,
    category: 'profile_group_logs',
  });
}

export function addMember(input: FunctionInput): Prepared {
  const found = membership(input);
  if (!('group' in found)) return found;
  const { group, email } = found;
  const commit = () => {
    // Looked at again here: another call may have added it since the check.
    if (group.members.includes(email)) return functionFailure(input.item, alreadyThere);
    group.members.push(email);
    log(input, `Added ${email} to ${group.description}`);
    input.state.took('add_group_member', email, group.description);
    return success([
      { id: group.id, folderId: group.id, emailAddress: email, internal: input.state.isInternal(email) },
    ]);
  };
  return group.members.includes(email) ? { refused: functionFailure(input.item, alreadyThere) } : { commit };
}

/** As users of API 2.0 report it: reading works, and every change of a group ends like this. */
const refusedForAddress = {
  code: 'err_xdk_operation_forbidden_for_address',
  message: 'The operation is forbidden for this address',
};
const alreadyThere = { code: 'err_folder_group_member_already_exists', message: 'The group member already exists' };
const notThere = { code: 'err_folder_email_address_not_found', message: 'The address is not a member of the group' };

export function removeMember(input: FunctionInput): Prepared {
  const found = membership(input);
  if (!('group' in found)) return found;
  const { group, email } = found;
  const commit = () => {
    const index = group.members.indexOf(email);
    if (index < 0) return functionFailure(input.item, notThere);
    group.members.splice(index, 1);
    log(input, `Removed ${email} from ${group.description}`);
    input.state.took('remove_group_member', email, group.description);
    return success([
      { id: group.id, folderId: group.id, emailAddress: email, internal: input.state.isInternal(email) },
    ]);
  };
  return group.members.includes(email) ? { commit } : { refused: functionFailure(input.item, notThere) };
}
