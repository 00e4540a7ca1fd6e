import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { Fact, Receipt } from '../../ports/connector.js';
import { ALREADY, FOREIGN_FACTS, unsupported, type Answer, type Target } from '../kit/action.js';
import type { Listed, Saved } from '../kit/items.js';
import type { GraphChange } from './api.js';
import type { Bodies } from './bodies.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { words } from './user.js';

const ROLES = '/v1.0/roleManagement/directory';
const MARK = 'eligible:';
const JUSTIFICATION = 'Containment of a compromised account (Notme)';

/** Until when; `end: null`: for good. What cannot be read is neither: it would be given back for longer than it was. */
function untilOf(value: unknown): { readonly end: string | null } | null {
  const read = z.iso.datetime({ offset: true }).nullable().safeParse(value);
  return read.success ? { end: read.data } : null;
}

export const eligibility = z
  .object({
    roleDefinitionId: z.string().min(1),
    /** `/` is the whole tenant; `null`: not told. */
    directoryScopeId: words,
    memberType: words,
    endDateTime: z.unknown().optional(),
    roleDefinition: z.object({ displayName: words }).nullish().catch(null),
  })
  .transform(({ roleDefinitionId, directoryScopeId: scope, memberType, endDateTime, roleDefinition }) => ({
    how: 'eligible' as const,
    scope,
    roleDefinitionId,
    name: `${roleDefinition?.displayName ?? roleDefinitionId} (eligible)`,
    /** Through a group, from which the person would have to be taken. A word that is not known counts as the account's own. */
    inherited: ['group', 'inherited'].includes(memberType?.toLowerCase() ?? ''),
    until: untilOf(endDateTime),
    key: `${MARK}${roleDefinitionId}@${scope ?? ''}`,
  }));
export type Eligibility = z.output<typeof eligibility>;

/** Roles that the account may activate in Privileged Identity Management. A tenant without its licence has none. */
export async function readEligibilities({ api }: Reader, { account, call }: Target): Answer<Listed<Eligibility>> {
  const filter = encodeURIComponent(`principalId eq ${quoted(account.accountId)}`);
  const path = `${ROLES}/roleEligibilityScheduleInstances?$filter=${filter}&$expand=roleDefinition`;
  const found = await api.whole(eligibility, 'eligible roles', { path, needs: [PERMISSION.readRoles], call });
  if (!found.ok) return found.error.kind === 'licence' ? ok({ items: [], complete: true }) : found;
  const { items, complete } = found.value;
  return ok({ items, complete: complete && items.every(({ scope }) => scope !== null) });
}

const ask = ({ api }: Reader, json: Bodies['eligibility'], { call }: Target, isAlready: GraphChange['isAlready']) =>
  api.change({
    method: 'POST',
    path: `${ROLES}/roleEligibilityScheduleRequests`,
    json,
    needs: [PERMISSION.roles],
    call,
    ...(isAlready === undefined ? {} : { isAlready }),
  });

export async function removeEligibility(reader: Reader, role: Eligibility, target: Target): Answer<Receipt> {
  const { name, scope: directoryScopeId, roleDefinitionId } = role;
  if (directoryScopeId === null)
    return unsupported(`Microsoft Graph does not tell the scope of "${name}"; remove it in the Entra admin center.`);
  const { accountId: principalId } = target.account;
  const json = {
    action: 'adminRemove',
    principalId,
    roleDefinitionId,
    directoryScopeId,
    justification: JUSTIFICATION,
  } as const;
  return ask(reader, json, target, (_kind, said) => /does not exist/i.test(said));
}

const FOR_GOOD = 'eligible for good';
const UNTIL = 'eligible until ';

/** What an undo must know: until when; `null`: it could be given back for more than it was. */
export const eligibilityFact = ({ scope, until }: Eligibility): Fact =>
  scope === null || until === null ? null : until.end === null ? FOR_GOOD : `${UNTIL}${until.end}`;

export const isEligibility = ({ id }: Saved): boolean => id.startsWith(MARK);

export async function putBackEligibility(reader: Reader, { id, fact }: Saved, target: Target): Answer<Receipt> {
  const [roleDefinitionId = '', ...scope] = id.slice(MARK.length).split('@');
  const end = fact === FOR_GOOD ? null : untilOf(String(fact).slice(UNTIL.length))?.end;
  if (end === undefined) return err(FOREIGN_FACTS);
  const now = reader.api.vendorTime(reader.runtime.now());
  // It would have ended by now.
  if (end !== null && new Date(end) <= now) return ok(ALREADY);
  const json: Bodies['eligibility'] = {
    action: 'adminAssign',
    principalId: target.account.accountId,
    roleDefinitionId,
    directoryScopeId: scope.join('@'),
    justification: JUSTIFICATION,
    scheduleInfo: {
      startDateTime: now.toISOString(),
      expiration: end === null ? { type: 'noExpiration' } : { type: 'afterDateTime', endDateTime: end },
    },
  };
  return ask(reader, json, target, (kind) => kind === 'conflict');
}
