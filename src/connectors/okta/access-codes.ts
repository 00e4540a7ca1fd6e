import { z } from 'zod';
import { ok } from '../../platform/result.js';
import { segment } from '../http/path.js';
import type { Answer, Target } from '../kit/action.js';
import { filled, joined } from '../kit/evidence.js';
import type { Listed } from '../kit/items.js';
import type { ConnectorFailure, EvidenceItem } from '../../ports/connector.js';
import type { OktaApi } from './api.js';
import { text, time, userPath } from './user.js';

// Temporary access codes sign in without any factor. Okta's management API, tag UserAuthenticatorEnrollments (Identity
// Engine): they stand in `GET /users/{userId}/authenticator-enrollments` and go with `DELETE` of the enrollment;
// `.../authenticator-enrollments/tac` only makes one. okta.users.read and okta.users.manage.

export const enrollment = z.object({
  id: z.string().min(1),
  key: z.string().catch(''),
  type: z.string().catch(''),
  name: text,
  nickname: text.optional().catch(null),
  status: z.string().catch(''),
  created: time,
});
export type AccessCode = z.output<typeof enrollment>;

/** Neither word can be read: it may be one. */
const mayBeCode = ({ key, type }: AccessCode): boolean =>
  key === 'tac' || type === 'tac' || (key === '' && type === '');

/** An org of Classic Engine has no such path, and one without the feature no such codes. */
const HAS_NONE: ReadonlySet<ConnectorFailure['kind']> = new Set(['licence', 'not_found', 'unsupported']);

/** Where they may not be read, the list is not complete, and says why. */
export async function readAccessCodes(api: OktaApi, { account, call }: Target): Answer<Listed<AccessCode>> {
  const found = await api.list(userPath(account.accountId, '/authenticator-enrollments'), enrollment, call);
  if (found.ok) return ok({ ...found.value, items: found.value.items.filter(mayBeCode) });
  if (HAS_NONE.has(found.error.kind)) return ok({ items: [], complete: true });
  return found.error.kind === 'permission' ? ok({ items: [], complete: false, because: found.error }) : found;
}

const PREFIX = 'access_code/';
/** As it is chosen: apart from the ids of factors. */
export const codeId = ({ id }: AccessCode): string => `${PREFIX}${id}`;
export const isCodeId = (id: string): boolean => id.startsWith(PREFIX);

export const codeTitle = ({ name, nickname }: AccessCode): string =>
  joined([name ?? 'Temporary access code', nickname], ' ');

export const codeItem = (row: AccessCode): EvidenceItem => ({
  id: codeId(row),
  title: codeTitle(row),
  at: row.created,
  ...filled({ detail: row.status === 'ACTIVE' ? '' : row.status }),
});

export const codePath = ({ account }: Target, { id }: AccessCode): string =>
  userPath(account.accountId, `/authenticator-enrollments/${segment(id)}`);
