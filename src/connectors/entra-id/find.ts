import { z } from 'zod';
import { err } from '../../platform/result.js';
import type { AccountRef, CallContext, PersonIdentifiers } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { theOnly, tidy } from '../kit/find.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';

export const SYSTEM = 'entra_id';

const MOST_CANDIDATES = 10;

export const row = z.object({ id: z.string().min(1), userPrincipalName: z.string().min(1).nullable().catch(null) });

// eslint-disable-next-line no-control-regex -- control characters are what is being refused
const EMAIL = /^[^\s\u0000-\u001f@]{1,64}@[^\s\u0000-\u001f@]{1,255}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is being refused
const EMPLOYEE_ID = /^[^\u0000-\u001f]{1,16}$/;

/** One filter for each handle: Graph limits how many clauses one filter may have. */
function filters(person: PersonIdentifiers): readonly string[] {
  const { emails, employeeId: number } = tidy(person);
  const byEmail = emails.flatMap((email) => {
    const text = quoted(email);
    const address = quoted(`smtp:${email}`);
    if (!EMAIL.test(email)) return [];
    return [`mail eq ${text} or userPrincipalName eq ${text} or proxyAddresses/any(p:p eq ${address})`];
  });
  return number !== null && EMPLOYEE_ID.test(number) ? [...byEmail, `employeeId eq ${quoted(number)}`] : byEmail;
}

/** The one account that the identifiers name, by UPN, mail, any proxy address or employee id; never by a display name. */
export async function find({ api }: Reader, person: PersonIdentifiers, call: CallContext): Answer<AccountRef> {
  const wanted = filters(person);
  if (wanted.length === 0) {
    const message = 'There is neither an e-mail address nor an employee id to look for in Entra ID; give one.';
    return err({ kind: 'invalid_input', message, field: 'person' });
  }
  const found = new Map<string, string>();
  let unreadable = false;
  for (const filter of wanted) {
    const path = `/v1.0/users?$filter=${encodeURIComponent(filter)}&$select=id,userPrincipalName&$top=${MOST_CANDIDATES}`;
    const answer = await api.list(row, { path, needs: [PERMISSION.readUsers], call }, MOST_CANDIDATES);
    if (!answer.ok) return answer;
    for (const { id, userPrincipalName } of answer.value.items) found.set(id, userPrincipalName ?? id);
    unreadable ||= answer.value.unreadable > 0;
  }
  const accounts = [...found].map(([accountId, login]) => ({ system: SYSTEM, accountId, login }));
  return theOnly(accounts, 'Entra ID', unreadable);
}
