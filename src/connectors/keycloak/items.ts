import type { Action, Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { inTurn } from '../kit/in-turn.js';
import { everyItemAction, itemAction, type ItemKind, type Listed } from '../kit/items.js';
import type { Receipt, ResidualAccess } from '../../ports/connector.js';
import { segment } from '../http/path.js';
import {
  isFactor,
  isOwnType,
  readCredentials,
  readGrants,
  readSessions,
  RECOVERY_CODES,
  sessionId,
} from './holdings.js';
import type { Credential, Grant, Session } from './holdings.js';
import { managing } from './permissions.js';
import { permittedAction, type Parts, type Reading } from './state.js';
import { userPath } from './user.js';

const wordsOf = (what: string): ItemKind<never>['words'] => ({
  nothingLeft: `Keycloak has none of the chosen ${what} any more.`,
  unread: `Keycloak does not show all ${what} of the account in a form that can be read; look at it in its admin console.`,
});

const remove = ({ api }: Parts, on: Target, rest: string): Answer<Receipt> =>
  api.write({ method: 'DELETE', path: userPath(on, rest), call: on.call });

function credentials(parts: Parts, what: string, isWanted: (one: Credential) => boolean): ItemKind<Credential> {
  return {
    words: wordsOf(what),
    list: (on) =>
      mapped(readCredentials(parts.api, on), (stored) => ({ ...stored, items: stored.items.filter(isWanted) })),
    id: ({ id }) => id,
    title: ({ type, userLabel }) => `${type} ${userLabel ?? ''}`.trim(),
    addedAt: ({ createdDate }) => createdDate,
    change: ({ id }, on) => remove(parts, on, `/credentials/${segment(id)}`),
  };
}

export const removeFactors = (parts: Parts): Action<'remove_factors', Reading> =>
  permittedAction(parts, itemAction(credentials(parts, 'factors', isFactor), { can: managing() }));

export const invalidateBackupCodes = (parts: Parts): Action<'invalidate_backup_codes', Reading> => {
  const isCodes = ({ type }: Credential): boolean => type === RECOVERY_CODES;
  const codes = credentials(parts, 'sets of recovery codes', isCodes);
  // What cannot be recognised may be such a set.
  const list: typeof codes.list = (on) =>
    mapped(readCredentials(parts.api, on), ({ items, complete }) => ({
      items: items.filter(isCodes),
      complete: complete && items.every(isOwnType),
    }));
  return permittedAction(parts, everyItemAction({ ...codes, list }, { can: managing() }));
};

export function revokeGrants(parts: Parts, residual: readonly ResidualAccess[]): Action<'revoke_grants', Reading> {
  const grants: ItemKind<Grant> = {
    words: wordsOf('grants'),
    list: (on) => readGrants(parts.api, on),
    id: ({ clientId }) => clientId,
    title: ({ clientId }) => clientId,
    addedAt: ({ createdDate }) => createdDate,
    change: ({ clientId }, on) => remove(parts, on, `/consents/${segment(clientId)}`),
  };
  return permittedAction(parts, itemAction(grants, { can: managing(), residual }));
}

/** Ends online sessions and makes issued tokens stale, then ends the offline sessions, which that leaves listed. */
export function revokeSessions(parts: Parts, residual: readonly ResidualAccess[]): Action<'revoke_sessions', Reading> {
  const { api } = parts;
  const sessions: ItemKind<Session> = {
    words: wordsOf('sessions'),
    list: (on) => readSessions(api, on),
    id: sessionId,
    title: ({ ipAddress, offline }) => `${offline ? 'offline, ' : ''}from ${ipAddress ?? 'an unknown address'}`,
    addedAt: ({ start }) => start,
    change: ({ id }, { call }) =>
      api.write({ method: 'DELETE', path: `/sessions/${segment(id)}?isOffline=true`, call }),
  };
  const every = everyItemAction<'revoke_sessions', Reading, Session>(sessions, { can: managing(), residual });
  // An unreadable list is no reason to refuse: the preceding sign-out was accepted, and the read-back shows the result.
  const offline = (on: Target): Answer<Listed<Session>> =>
    mapped(readSessions(api, on), ({ items }) => ({ items: items.filter((one) => one.offline), complete: true }));
  const ending = everyItemAction<'revoke_sessions', Reading, Session>({ ...sessions, list: offline }, every);
  return permittedAction(parts, {
    ...every,
    perform: (task) =>
      inTurn([
        () => api.write({ method: 'POST', path: userPath(task, '/logout'), call: task.call }),
        () => ending.perform(task),
      ]),
  });
}
