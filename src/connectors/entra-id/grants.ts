import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import {
  ALREADY,
  lasting,
  native,
  refuse,
  type Action,
  type Answer,
  type Reading,
  type Target,
} from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { itemAction, type Listed, type Saved } from '../kit/items.js';
import { unread, type GraphChange } from './api.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';
import { ACCESS_TOKENS } from './residual.js';
import { time } from './user.js';

const CONSENTS = '/v1.0/oauth2PermissionGrants';

/** A consent lets an application act for the person. */
export const consent = z
  .object({
    id: z.string().min(1),
    clientId: z.string().min(1),
    resourceId: z.string().min(1),
    scope: z.string().nullable().catch(null),
  })
  .transform(({ id: rowId, clientId, resourceId, scope }) => ({
    how: 'consent' as const,
    /** By contents, not by Graph's id: a grant restored by an undo gets a new one. */
    id: `consent:${clientId}:${resourceId}`,
    rowId,
    clientId,
    /** `null`: not told, so it cannot be given back as it was. */
    scope: scope?.trim() || null,
  }));

/** An assignment lets the person into an application. */
export const assignment = z
  .object({
    id: z.string().min(1),
    appRoleId: z.string().min(1),
    resourceId: z.string().min(1),
    resourceDisplayName: z.string().nullable().catch(null),
    principalId: z.string().min(1),
    createdDateTime: time,
  })
  .transform(({ id: rowId, appRoleId, resourceId, resourceDisplayName, principalId, createdDateTime: at }) => ({
    how: 'assignment' as const,
    id: `assignment:${resourceId}:${appRoleId}`,
    rowId,
    name: resourceDisplayName ?? resourceId,
    principalId,
    at,
  }));

export type Grant = z.output<typeof consent> | z.output<typeof assignment>;

function readConsents({ api }: Reader, { account, call }: Target): Answer<Listed<Grant>> {
  const path = `${userPath(account)}/oauth2PermissionGrants`;
  return api.whole(consent, 'consents', { path, needs: [PERMISSION.readGrants], call });
}

const assignmentsPath = ({ account }: Target): string => `${userPath(account)}/appRoleAssignments`;

function readAssignments({ api }: Reader, target: Target): Answer<Listed<Grant>> {
  const request = { path: assignmentsPath(target), needs: [PERMISSION.readGrants], call: target.call };
  return mapped(api.whole(assignment, 'application assignments', request), ({ items, complete }) => ({
    // Those that the person has through a group are listed too, and cannot be removed from the person.
    items: items.filter(({ principalId }) => principalId === target.account.accountId),
    complete,
  }));
}

export function readGrants(reader: Reader, target: Target): Answer<Listed<Grant>> {
  const { app_assignments: withAssignments } = reader.settings;
  const lists = [readConsents(reader, target), ...(withAssignments ? [readAssignments(reader, target)] : [])];
  return mapped(allOf(lists), (all) => ({
    items: all.flatMap(({ items }) => items),
    complete: all.every(({ complete }) => complete),
  }));
}

/** Restores the grant. The id says whose and of what, the fact says which permissions. */
function makeAgain({ api }: Reader, { id, fact }: Saved, target: Target): Answer<Receipt> {
  const [how, first = '', second = ''] = id.split(':');
  const { accountId: principalId } = target.account;
  const request: Pick<GraphChange, 'path' | 'json' | 'needs'> =
    how === 'consent'
      ? {
          path: CONSENTS,
          json: {
            clientId: first,
            consentType: 'Principal',
            principalId,
            resourceId: second,
            scope: typeof fact === 'string' ? fact : '',
          },
          needs: [PERMISSION.grants],
        }
      : {
          path: assignmentsPath(target),
          json: { principalId, resourceId: first, appRoleId: second },
          needs: [PERMISSION.appAssignments],
        };
  return api.change({ method: 'POST', ...request, call: target.call, isAlready: (kind) => kind === 'conflict' });
}

export function revokeGrants(reader: Reader): Action<'revoke_grants', Reading> {
  const assignments = reader.settings.app_assignments ? [PERMISSION.appAssignments] : [];
  return itemAction<'revoke_grants', Reading, Grant>(
    {
      words: { nothingLeft: 'None of the chosen grants and assignments is left.', unread: unread('grants') },
      list: (target) => readGrants(reader, target),
      // Assignments let the person into an application, and provisioning disables whoever loses one: only chosen ones
      // are removed.
      all: {
        list: (target) => readConsents(reader, target),
        nothingLeft:
          'No consent of this person to an application is left; assignments to applications were not touched.',
      },
      id: ({ id }) => id,
      title: (grant) =>
        grant.how === 'consent' ? `application ${grant.clientId} (${grant.scope ?? 'not told'})` : grant.name,
      change(grant, target) {
        const rowId = encodeURIComponent(grant.rowId);
        const request =
          grant.how === 'consent'
            ? { path: `${CONSENTS}/${rowId}`, needs: [PERMISSION.grants] }
            : { path: `${assignmentsPath(target)}/${rowId}`, needs: [PERMISSION.appAssignments] };
        return reader.api.change({ method: 'DELETE', ...request, call: target.call });
      },
      undo: {
        fact: (grant) => (grant.how === 'consent' ? grant.scope : grant.name),
        async putBack(saved, present, target) {
          if (present === undefined) return makeAgain(reader, saved, target);
          if (present.how === 'assignment' || present.scope === saved.fact) return ok(ALREADY);
          return refuse(
            'conflict',
            `The application has other permissions by now than before (${saved.id}); compare them in the Entra admin center.`,
          );
        },
      },
    },
    {
      can: native(PERMISSION.readUsers, PERMISSION.readGrants, PERMISSION.grants, ...assignments),
      residual: [
        ACCESS_TOKENS,
        lasting(
          "Consents that an administrator gave for everybody: they are no one person's, and act for this one too",
        ),
      ],
    },
  );
}
