import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import type { Fact, Receipt } from '../../ports/connector.js';
import { allOf } from '../kit/answers.js';
import { ALREADY, FOREIGN_FACTS, unsupported, type Answer, type Target } from '../kit/action.js';
import type { Listed, Saved } from '../kit/items.js';
import type { GraphChange } from './api.js';
import type { Bodies } from './bodies.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { time, words } from './user.js';

const ROLES = '/v1.0/roleManagement/directory';
const MARK = 'eligible:';
const LATER = 'eligible from:';
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
type Instance = z.output<typeof eligibility>;

/** One that begins later is a schedule, and no instance yet. */
export interface Eligibility extends Instance {
  readonly from?: Date;
}

/** learn.microsoft.com/graph/api/resources/unifiedroleeligibilityschedule */
export const scheduled = z
  .object({
    roleDefinitionId: z.string().min(1),
    directoryScopeId: words,
    memberType: words,
    scheduleInfo: z
      .object({
        startDateTime: time,
        expiration: z.object({ type: words, endDateTime: z.unknown().optional() }).nullish().catch(null),
      })
      .nullish()
      .catch(null),
    roleDefinition: z.object({ displayName: words }).nullish().catch(null),
  })
  .transform(({ scheduleInfo, ...row }) => ({ row, start: scheduleInfo?.startDateTime ?? null, scheduleInfo }));

/** Those that are not in force yet; when one begins may not be told. */
function laterOf({ row, start, scheduleInfo }: z.output<typeof scheduled>, now: Date): readonly Eligibility[] {
  if (start === null || start <= now) return [];
  const { type, endDateTime } = scheduleInfo?.expiration ?? {};
  const end = type === 'noExpiration' ? null : (endDateTime ?? 'not told');
  const read = eligibility.safeParse({ ...row, endDateTime: end });
  const from = start.toISOString();
  const key = `${LATER}${from}|${row.roleDefinitionId}@${row.directoryScopeId ?? ''}`;
  if (!read.success) return [];
  return [
    {
      ...read.data,
      key,
      from: start,
      name: `${read.data.name.replace(/ \(eligible\)$/, '')} (eligible from ${from} on)`,
    },
  ];
}

/**
 * Roles that the account may activate in Privileged Identity Management, now or from a later day on. A tenant without its
 * licence has none.
 */
export async function readEligibilities(reader: Reader, { account, call }: Target): Answer<Listed<Eligibility>> {
  const { api, runtime } = reader;
  const filter = encodeURIComponent(`principalId eq ${quoted(account.accountId)}`);
  const request = (name: string) => ({
    path: `${ROLES}/${name}?$filter=${filter}&$expand=roleDefinition`,
    needs: [PERMISSION.readRoles],
    call,
  });
  const found = await allOf([
    api.whole(eligibility, 'eligible roles', request('roleEligibilityScheduleInstances')),
    api.whole(scheduled, 'eligible roles of a later day', request('roleEligibilitySchedules')),
  ]);
  if (!found.ok) return found.error.kind === 'licence' ? ok({ items: [], complete: true }) : found;
  const [present, schedules] = found.value;
  const now = api.vendorTime(runtime.now());
  const items = [...present.items, ...schedules.items.flatMap((one) => laterOf(one, now))];
  const isTold = items.every(({ scope }) => scope !== null) && schedules.items.every(({ start }) => start !== null);
  return ok({ items, complete: present.complete && schedules.complete && isTold });
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

export const isEligibility = ({ id }: Saved): boolean => id.startsWith(MARK) || id.startsWith(LATER);

export async function putBackEligibility(reader: Reader, { id, fact }: Saved, target: Target): Answer<Receipt> {
  const [start = '', later] = id.startsWith(LATER) ? id.slice(LATER.length).split('|') : [];
  const [roleDefinitionId = '', ...scope] = (later ?? id.slice(MARK.length)).split('@');
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
      startDateTime: later !== undefined && new Date(start) > now ? start : now.toISOString(),
      expiration: end === null ? { type: 'noExpiration' } : { type: 'afterDateTime', endDateTime: end },
    },
  };
  return ask(reader, json, target, (kind) => kind === 'conflict');
}
