import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { unsupported, type Answer, type Target } from '../kit/action.js';
import type { MimecastApi } from './api.js';
import { FORBIDDEN_ADDRESS, type MimecastFailure } from './envelope.js';
import { PATH } from './permissions.js';

export const profile = z.object({ admin: z.boolean(), role: z.string().catch('') });

/** The administrator roles of a person; `null`: the answer does not tell. `unsupported`: nobody answers. */
export type Roles = (target: Target) => Answer<readonly string[] | null>;

/** A function that an application does not have is not called again for each reading. */
const PATIENCE_MS = 5 * 60_000;

const NOT_OURS: ReadonlySet<ConnectorFailure['kind']> = new Set(['permission', 'licence', 'not_found']);

const HIDDEN = unsupported("Mimecast's API shows no roles of a person; look in the Administration Console.");

/** The function as such is refused, or does not exist; not only for this address. */
const isNotOurs = ({ kind, codes }: MimecastFailure): boolean =>
  NOT_OURS.has(kind) && !codes.includes(FORBIDDEN_ADDRESS);

function rolesIn(row: unknown): readonly string[] | null {
  const { data } = profile.safeParse(row);
  if (data === undefined) return null;
  if (!data.admin) return [];
  return [data.role === '' ? 'Administrator' : data.role];
}

/**
 * By `get-profile`. Its documentation is of API 1.0 (`Directories | Internal | Read`) and the catalogue of API 2.0 does
 * not list it; programs in use call it with tokens of API 2.0 all the same. So both are asked, and a refusal is
 * "not told".
 */
export function createRoles(api: MimecastApi, runtime: Runtime): Roles {
  let notBefore = -Infinity;
  return async ({ account, call }) => {
    if (runtime.now().getTime() < notBefore) return HIDDEN;
    const data = { emailAddress: account.accountId, showAvatar: false };
    const answer = await api.call({ path: PATH.profile, data, write: false, call });
    if (answer.ok) return ok(rolesIn(answer.value.data[0]));
    if (!isNotOurs(answer.error)) return answer;
    notBefore = runtime.now().getTime() + PATIENCE_MS;
    return HIDDEN;
  };
}
