import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Fact } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import type { Listed, Saved } from '../kit/items.js';
import { ifShown } from '../kit/partial.js';
import { PERMISSION } from './permissions.js';
import { quoted, type Reader } from './reader.js';
import { words } from './user.js';

/*
 * For how long an account holds a role. The list of assignments shows one that was activated for some hours beside one
 * for good, and alike; only the instances of their schedules tell them apart:
 * learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance
 */

const INSTANCES = '/v1.0/roleManagement/directory/roleAssignmentScheduleInstances';

const dated = z.iso.datetime({ offset: true }).nullable();

export const activeInstance = z
  .object({
    roleDefinitionId: z.string().min(1),
    directoryScopeId: words,
    /** `Assigned` or `Activated`. */
    assignmentType: words,
    endDateTime: z.unknown().optional(),
  })
  .transform(({ roleDefinitionId, directoryScopeId, assignmentType, endDateTime }) => {
    const end = dated.safeParse(endDateTime ?? null);
    return {
      key: `${roleDefinitionId}@${directoryScopeId ?? ''}`,
      isForGood: assignmentType?.toLowerCase() === 'assigned' && end.success && end.data === null,
      end: end.success ? end.data : null,
    };
  });
type Instance = z.output<typeof activeInstance>;

/** `null`: it is not told. */
export type Term = 'for good' | { readonly until: string } | null;

/** `every`: nothing is activated here. */
type Terms = 'every' | Listed<Instance> | null;

/** A tenant without Privileged Identity Management has no role for a while. */
export async function readTerms({ api }: Reader, { account, call }: Target): Answer<Terms> {
  const filter = encodeURIComponent(`principalId eq ${quoted(account.accountId)}`);
  const request = { path: `${INSTANCES}?$filter=${filter}`, needs: [PERMISSION.readRoles], call };
  const found = await api.whole(activeInstance, 'how long roles are held', request);
  if (!found.ok && found.error.kind === 'licence') return ok('every');
  return mapped(ifShown(found), (terms) => terms);
}

export function termOf({ key }: { readonly key: string }, terms: Terms): Term {
  if (terms === 'every') return 'for good';
  const found = terms?.items.filter((one) => one.key === key) ?? [];
  if (found.some(({ isForGood }) => isForGood)) return 'for good';
  const until = found.flatMap(({ end }) => end ?? [])[0];
  return until === undefined ? null : { until };
}

const UNTIL = ', held until ';
const UNTOLD = ', and until when is not told';

/** What an undo must know: one for a while would be given back for good. */
export const termFact = ({ name, term }: { readonly name: string; readonly term: Term }): Fact =>
  term === 'for good' ? name : term === null ? `${name}${UNTOLD}` : `${name}${UNTIL}${term.until}`;

export const isForAWhile = ({ fact }: Saved): boolean =>
  typeof fact === 'string' && (fact.includes(UNTIL) || fact.endsWith(UNTOLD));
