import type { FunctionInput, Prepared } from './function-input.js';
import { addressError } from './users.js';
import { functionFailure, success } from './wire.js';

/** `get-profile`: in the reference of API 1.0, not in the catalogue of API 2.0. */
export function getProfile({ state, item }: FunctionInput): Prepared {
  const wrong = addressError(item);
  if (wrong !== null) return { refused: functionFailure(item, wrong) };
  const user = state.find(String(item['emailAddress']));
  if (user === undefined) {
    const message = '0003 Forbidden To Perform Operation For Address';
    return { refused: functionFailure(item, { code: 'err_xdk_operation_forbidden_for_address', message }) };
  }
  const admin = user.role !== null;
  return {
    commit: () =>
      success([
        {
          emailAddress: user.emailAddress,
          displayName: user.name,
          role: user.role ?? '',
          admin,
          localPassword: true,
          changePassword: user.forcePasswordChange,
          external: false,
        },
      ]),
  };
}
