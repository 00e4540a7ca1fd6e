import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';

export const SYSTEM = 'entra_id';

const MOST_HANDLES = 20;
const MOST_CANDIDATES = 10;

const row = z.object({ id: z.string().min(1), userPrincipalName: z.string().min(1) });

// eslint-disable-next-line no-control-regex -- control characters are what is being refused
const EMAIL = /^[^\s\u0000-\u001f@]{1,64}@[^\s\u0000-\u001f@]{1,255}$/;
// eslint-disable-next-line no-control-regex -- control characters are what is being refused
const EMPLOYEE_ID = /^[^\u0000-\u001f]{1,16}$/;

/** One filter for each handle: Graph limits how many clauses one filter may have. */
function filters({ emails, employeeId }: PersonHandles): readonly string[] {
  const byEmail = [...new Set(emails.map((email) => email.trim()))]
    .filter((email) => EMAIL.test(email))
    .map((email) => {
      const text = quoted(email);
      return `mail eq ${text} or userPrincipalName eq ${text} or proxyAddresses/any(p:p eq ${quoted(`smtp:${email}`)})`;
    });
  const number = employeeId?.trim() ?? '';
  return [...byEmail, ...(EMPLOYEE_ID.test(number) ? [`employeeId eq ${quoted(number)}`] : [])].slice(0, MOST_HANDLES);
}

/** The one account that the handles name, by UPN, mail, any proxy address or employee id; never by a display name. */
export async function find(
  { api }: Reader,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const wanted = filters(person);
  if (wanted.length === 0) {
    const message = 'There is neither an e-mail address nor an employee id to look for in Entra ID; give one.';
    return err({ kind: 'invalid_input', message, field: 'person' });
  }
  const found = new Map<string, string>();
  for (const filter of wanted) {
    const path = `/v1.0/users?$filter=${encodeURIComponent(filter)}&$select=id,userPrincipalName&$top=${MOST_CANDIDATES}`;
    const answer = await api.list(path, [PERMISSION.readUsers], call, MOST_CANDIDATES);
    if (!answer.ok) return err(answer.error);
    for (const raw of answer.value.rows) {
      const parsed = row.safeParse(raw);
      if (parsed.success) found.set(parsed.data.id, parsed.data.userPrincipalName);
    }
  }
  const [only, second] = found;
  if (only === undefined) {
    const message =
      'Entra ID has no account with this address; check the address, or leave Entra ID out for this person.';
    return err({ kind: 'not_found', message });
  }
  if (second !== undefined) {
    const message = `Entra ID has ${found.size} accounts for this person; choose the one that is meant.`;
    return err({ kind: 'ambiguous', message, candidates: [...found.values()] });
  }
  const [accountId, login] = only;
  return ok({ system: SYSTEM, accountId, login });
}
