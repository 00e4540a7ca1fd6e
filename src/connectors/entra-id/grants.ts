import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { whole, type ItemKind, type Saved } from './items.js';
import { PERMISSION } from './permissions.js';
import { already, done, userPath, type Outcome, type Reader, type Target } from './reader.js';
import { time } from './user.js';

const consentRow = z.object({
  id: z.string().min(1),
  clientId: z.string().min(1),
  resourceId: z.string().min(1),
  consentType: z.string().catch('Principal'),
  scope: z.string().nullable().catch(null),
});
const assignmentRow = z.object({
  id: z.string().min(1),
  appRoleId: z.string().min(1),
  resourceId: z.string().min(1),
  resourceDisplayName: z.string().nullable().catch(null),
  principalId: z.string().min(1),
  createdDateTime: time,
});

/** A consent lets an application act for the person; an assignment lets the person into an application. */
export type Grant =
  | {
      readonly how: 'consent';
      readonly rowId: string;
      readonly clientId: string;
      readonly resourceId: string;
      readonly scope: string;
    }
  | {
      readonly how: 'assignment';
      readonly rowId: string;
      readonly resourceId: string;
      readonly appRoleId: string;
      readonly name: string;
      readonly at: Date | null;
    };

/** By contents, not by Graph's id: a grant that is made again after an undo gets a new one. */
export const grantId = (grant: Grant): string =>
  grant.how === 'consent'
    ? `consent:${grant.clientId}:${grant.resourceId}`
    : `assignment:${grant.resourceId}:${grant.appRoleId}`;

async function readConsents(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<readonly Grant[], ConnectorFailure>> {
  const path = `${userPath(account)}/oauth2PermissionGrants`;
  const found = await api.list(path, [PERMISSION.readGrants], call);
  if (!found.ok) return err(found.error);
  const read = (raw: unknown): Grant | null => {
    const parsed = consentRow.safeParse(raw);
    if (!parsed.success) return null;
    const { id: rowId, clientId, resourceId, scope } = parsed.data;
    return { how: 'consent', rowId, clientId, resourceId, scope: scope?.trim() ?? '' };
  };
  return whole(found.value, read, 'consents');
}

async function readAssignments(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<readonly Grant[], ConnectorFailure>> {
  const found = await api.list(`${userPath(account)}/appRoleAssignments`, [PERMISSION.readGrants], call);
  if (!found.ok) return err(found.error);
  // Those that the person has through a group come too, and are not the person's to lose.
  const own = found.value.rows.filter((raw) => {
    const parsed = assignmentRow.safeParse(raw);
    return !parsed.success || parsed.data.principalId === account.accountId;
  });
  const read = (raw: unknown): Grant | null => {
    const parsed = assignmentRow.safeParse(raw);
    if (!parsed.success) return null;
    const { id: rowId, resourceId, appRoleId, resourceDisplayName, createdDateTime: at } = parsed.data;
    return { how: 'assignment', rowId, resourceId, appRoleId, name: resourceDisplayName ?? resourceId, at };
  };
  return whole({ rows: own, complete: found.value.complete }, read, 'application assignments');
}

export async function readGrants(reader: Reader, target: Target): Promise<Result<readonly Grant[], ConnectorFailure>> {
  const [consents, assignments] = await Promise.all([
    readConsents(reader, target),
    reader.settings.app_assignments ? readAssignments(reader, target) : ok([]),
  ]);
  if (!consents.ok) return consents;
  return assignments.ok ? ok([...consents.value, ...assignments.value]) : assignments;
}

const differs = (id: string): Outcome =>
  err({
    kind: 'conflict',
    message: `The application has other permissions by now than before (${id}); compare them in the Entra admin center.`,
  });

/** Makes the grant again. The id says whose and of what, the fact says which permissions. */
async function makeAgain({ api }: Reader, { id, fact }: Saved, { account, call }: Target): Promise<Outcome> {
  const [how, first = '', second = ''] = id.split(':');
  const { accountId: principalId } = account;
  const consent = { clientId: first, consentType: 'Principal', principalId, resourceId: second, scope: fact };
  const assignment = { principalId, resourceId: first, appRoleId: second };
  const request =
    how === 'consent'
      ? { path: '/v1.0/oauth2PermissionGrants', json: consent, needs: [PERMISSION.grants] }
      : { path: `${userPath(account)}/appRoleAssignments`, json: assignment, needs: [PERMISSION.appAssignments] };
  const answer = await api.send({ method: 'POST', ...request, call });
  if (answer.ok) return done(answer.value.requestId);
  return answer.error.kind === 'conflict' ? already : err(answer.error);
}

export function grantItems(reader: Reader): ItemKind<Grant> {
  const { api } = reader;
  return {
    words: { many: 'grants', nothingLeft: 'None of the chosen grants and assignments is left.' },
    list: (target) => readGrants(reader, target),
    id: grantId,
    title: (grant) => (grant.how === 'consent' ? `application ${grant.clientId} (${grant.scope})` : grant.name),
    fact: (grant) => (grant.how === 'consent' ? grant.scope : grant.name),
    harmless: () => false,
    async change(grant, { account, call }) {
      const rowId = encodeURIComponent(grant.rowId);
      const request =
        grant.how === 'consent'
          ? { path: `/v1.0/oauth2PermissionGrants/${rowId}`, needs: [PERMISSION.grants] }
          : { path: `${userPath(account)}/appRoleAssignments/${rowId}`, needs: [PERMISSION.appAssignments] };
      const answer = await api.send({ method: 'DELETE', ...request, call });
      return answer.ok ? done(answer.value.requestId) : err(answer.error);
    },
    putBack(saved, present, target) {
      if (present === undefined) return makeAgain(reader, saved, target);
      const same = present.how === 'assignment' || present.scope === saved.fact;
      return Promise.resolve(same ? already : differs(saved.id));
    },
  };
}
