import type { FunctionInput, Prepared } from './function-input.js';
import type { MimecastUserRecord } from './model.js';
import { addressError } from './users.js';
import { functionFailure, paginate, success, validation } from './wire.js';

function primary({ state, item }: FunctionInput): MimecastUserRecord | Prepared {
  const wrong = addressError(item, 'primaryAddress');
  if (wrong !== null) return { refused: functionFailure(item, wrong) };
  const user = state.find(String(item['primaryAddress']));
  const message = '0003 Forbidden To Perform Operation For Address';
  return user ?? { refused: functionFailure(item, { code: 'err_xdk_operation_forbidden_for_address', message }) };
}

const isUser = (found: MimecastUserRecord | Prepared): found is MimecastUserRecord => 'delegates' in found;

export function findDelegates(input: FunctionInput): Prepared {
  const user = primary(input);
  if (!isUser(user)) return user;
  const { page, pagination } = paginate(user.delegates, input.paging);
  const delegateUsers = page.map(({ id, address, source }) => ({
    id,
    emailAddress: address,
    name: input.state.find(address)?.name ?? '',
    source,
  }));
  return { commit: () => success([{ delegateUsers }], pagination) };
}

export function addDelegate(input: FunctionInput): Prepared {
  const user = primary(input);
  if (!isUser(user)) return user;
  const wrong = addressError(input.item, 'delegateAddress');
  if (wrong !== null) return { refused: functionFailure(input.item, wrong) };
  const address = String(input.item['delegateAddress']).toLowerCase();
  if (user.delegates.some((known) => known.address === address)) {
    const message = 'The delegate already exists';
    return { refused: functionFailure(input.item, { code: 'err_delegate_already_exists', message }) };
  }
  return {
    commit: () => {
      const id = input.state.giveDelegate(user, address, { source: 'API', actor: input.actor });
      input.state.took('add_delegate', user.emailAddress, address);
      return success([{ id, success: true }]);
    },
  };
}

export function removeDelegate(input: FunctionInput): Prepared {
  const user = primary(input);
  if (!isUser(user)) return user;
  const { id } = input.item;
  if (typeof id !== 'string') return { refused: functionFailure(input.item, validation.missing('id')) };
  const found = user.delegates.find((known) => known.id === id);
  if (found === undefined) {
    const message = 'The delegate was not found';
    return { refused: functionFailure(input.item, { code: 'err_delegate_not_found', message, field: 'id' }) };
  }
  return {
    commit: () => {
      user.delegates.splice(user.delegates.indexOf(found), 1);
      input.state.writeAudit({
        auditType: 'Delegate Mailbox Removed',
        user: input.actor,
        eventInfo: `Delegate ${found.address} removed from ${user.emailAddress}, Remote IP is null`,
        category: 'user_account_and_role_logs',
      });
      input.state.took('remove_delegate', user.emailAddress, found.address);
      return success([{ id, success: true }]);
    },
  };
}
