import type { FunctionInput, Prepared } from './function-input.js';
import type { MimecastUserRecord } from './model.js';
import { hashPassword, passwordIsWeak } from '../passwords.js';
import type { MimecastState } from './state.js';
import { functionFailure, success, validation, type FunctionError } from './wire.js';

const FLAGS = [
  'forcePasswordChange',
  'passwordNeverExpires',
  'accountLocked',
  'accountDisabled',
  'allowPop',
  'allowSmtp',
] as const;

export function addressError(item: Record<string, unknown>, field = 'emailAddress'): FunctionError | null {
  const value = item[field];
  if (value === undefined || value === null) return validation.missing(field);
  if (typeof value !== 'string') return validation.kind(field, 'string');
  if (value.trim() === '') return validation.blank(field);
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(value) ? null : validation.address(field);
}

function fieldError(item: Record<string, unknown>): FunctionError | null {
  const flag = FLAGS.find((name) => item[name] !== undefined && typeof item[name] !== 'boolean');
  if (flag !== undefined) return validation.kind(flag, 'boolean');
  if (item['password'] === undefined) return null;
  if (typeof item['password'] !== 'string') return validation.kind('password', 'string');
  return item['password'] === '' ? validation.blank('password') : null;
}

const flagsOf = ({
  forcePasswordChange,
  passwordNeverExpires,
  accountLocked,
  accountDisabled,
  allowPop,
  allowSmtp,
}: MimecastUserRecord) => ({
  forcePasswordChange,
  passwordNeverExpires,
  accountLocked,
  accountDisabled,
  allowPop,
  allowSmtp,
});

export function updateUserWrites(item: Record<string, unknown>): boolean {
  return item['password'] !== undefined || item['name'] !== undefined || FLAGS.some((name) => item[name] !== undefined);
}

/** Sets the password and writes the row that tells of it: the person stands in the text, the actor in `user`. */
export function setPassword(
  state: MimecastState,
  user: MimecastUserRecord,
  { password, actor, ip }: { password: string; actor: string; ip: string | null },
): void {
  Object.assign(user, hashPassword(password), { passwordChangedAt: state.now().toISOString() });
  state.writeAudit({
    auditType: 'User Password Changed',
    user: actor,
    eventInfo: `Password reset for user: ${user.emailAddress} User Password Changed, Remote IP is ${ip ?? 'null'}`,
    category: 'user_account_and_role_logs',
  });
}

function applyFlags(state: MimecastState, user: MimecastUserRecord, item: Record<string, unknown>): void {
  const before = flagsOf(user);
  for (const name of FLAGS) {
    const value = item[name];
    if (typeof value === 'boolean') user[name] = value;
  }
  const changed = FLAGS.filter((name) => before[name] !== user[name]);
  if (changed.length === 0) return;
  if (changed.includes('accountDisabled'))
    state.took(user.accountDisabled ? 'disable_account' : 'enable_account', user.emailAddress);
  else if (item['password'] === undefined) state.took('change_flags', user.emailAddress, changed.join(' '));
}

/** With the address alone it changes nothing and answers with the present state. */
export function updateUser({ state, actor, item }: FunctionInput): Prepared {
  const wrong = addressError(item) ?? fieldError(item);
  if (wrong !== null) return { refused: functionFailure(item, wrong) };
  const email = String(item['emailAddress']);
  const user = state.find(email);
  if (user === undefined) {
    return {
      refused: functionFailure(item, {
        code: 'err_user_not_found',
        message: `The user ${email} was not found`,
        field: 'emailAddress',
      }),
    };
  }
  const password = typeof item['password'] === 'string' ? item['password'] : null;
  if (password !== null && passwordIsWeak(password, email)) {
    // The message quotes the password on purpose: a client must not pass a vendor's text on as it is.
    const message = `The password "${password}" does not meet the complexity rules`;
    return { refused: functionFailure(item, { code: 'err_user_password_complexity', message, field: 'password' }) };
  }
  return {
    commit: () => {
      if (password !== null) setPassword(state, user, { password, actor, ip: null });
      applyFlags(state, user, item);
      if (typeof item['name'] === 'string') user.name = item['name'];
      if (password !== null) state.took('reset_password', user.emailAddress);
      return success([{ emailAddress: user.emailAddress, name: user.name, ...flagsOf(user) }]);
    },
  };
}
