import { ok } from '../../platform/result.js';
import { unsupported, type Answer, type Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { filled, gather, joined, listed, type Section } from '../kit/evidence.js';
import { linkItem } from '../kit/linked-providers.js';
import type { Evidence, EvidenceItem } from '../../ports/connector.js';
import {
  isFactor,
  readCredentials,
  readGrants,
  readGroups,
  readSessions,
  RECOVERY_CODES,
  sessionId,
} from './holdings.js';
import type { Credential, Grant, Session } from './holdings.js';
import { readLinks } from './identity-providers.js';
import { adminEventId, readAdminEvents, readLogConfig, readUserEvents, userEventId } from './log.js';
import type { AdminEvent, UserEvent } from './log.js';
import type { Parts } from './state.js';
import { readUser, type KeycloakUser } from './user.js';

/** How many rows of a log are requested; of roles and groups there may be more. */
const MOST_ROWS = 100;
const MOST_ITEMS = 1000;
const SIGN_INS = ['LOGIN', 'LOGIN_ERROR', 'IDENTITY_PROVIDER_LOGIN', 'IMPERSONATE'];
const CHANGES = [
  'UPDATE_PASSWORD',
  'UPDATE_CREDENTIAL',
  'REMOVE_CREDENTIAL',
  'UPDATE_TOTP',
  'REMOVE_TOTP',
  'UPDATE_EMAIL',
  'UPDATE_PROFILE',
  'VERIFY_EMAIL',
  'SEND_RESET_PASSWORD',
  'RESET_PASSWORD',
  'GRANT_CONSENT',
  'FEDERATED_IDENTITY_LINK',
  'REMOVE_FEDERATED_IDENTITY',
];

const named = (title: string): EvidenceItem => ({ id: title, title, at: null });

/** Without a word about an error it succeeded; one that cannot be read says neither. */
const outcome = ({ error }: UserEvent): Pick<EvidenceItem, 'succeeded'> =>
  error === undefined ? {} : { succeeded: error === null };

function signIn(event: UserEvent): EvidenceItem {
  const { type, error, clientId, ipAddress: ip } = event;
  const what = joined([error ? 'Failed sign-in' : 'Sign-in', clientId], ' to ');
  return {
    id: userEventId(event),
    title: type === 'IMPERSONATE' ? 'An administrator signed in as this person' : what,
    at: event.time,
    ...outcome(event),
    ...filled({ ip, detail: error }),
  };
}

const factor = ({ id, type, userLabel, createdDate }: Credential): EvidenceItem => ({
  id,
  title: joined([type, userLabel], ': '),
  at: createdDate,
});

const sessionItem = (one: Session): EvidenceItem => ({
  id: sessionId(one),
  title: `${one.offline ? 'Offline session' : 'Session'} in ${joined(Object.values(one.clients ?? {})) || 'no client'}`,
  at: one.start,
  ...filled({ ip: one.ipAddress }),
});

const grantItem = ({ clientId, grantedClientScopes, createdDate, additionalGrants }: Grant): EvidenceItem => ({
  id: clientId,
  title: `Access for ${clientId}`,
  at: createdDate,
  detail: joined([...(grantedClientScopes ?? []), ...(additionalGrants ?? []).map((one) => one?.key)]),
});

const recovery = ({ email, emailVerified }: KeycloakUser): readonly EvidenceItem[] => [
  ...(email
    ? [
        {
          ...named('email'),
          title: `"Forgot password" goes to ${email}`,
          detail: emailVerified === true ? 'verified' : 'not verified',
        },
      ]
    : []),
];

function ownChange(event: UserEvent, by: string): EvidenceItem {
  const credential = event.details?.['credential_type'];
  return {
    id: userEventId(event),
    title: joined([event.type, typeof credential === 'string' ? `(${credential})` : null], ' '),
    at: event.time,
    ...outcome(event),
    ...filled({ by, ip: event.ipAddress }),
  };
}

function adminChange(event: AdminEvent): EvidenceItem {
  const { operationType, resourcePath, authDetails } = event;
  const rest = (resourcePath ?? '').split('/').slice(2).join('/');
  const by = authDetails?.userId;
  return {
    id: adminEventId(event),
    title: `${operationType} ${rest === '' ? 'account' : rest}`,
    at: event.time,
    ...filled({ ip: authDetails?.ipAddress, by: by == null ? null : `user ${by}` }),
  };
}

async function signIns({ api }: Parts, { account, call }: Target): Answer<Section> {
  const [config, rows] = await Promise.all([
    readLogConfig(api, call),
    readUserEvents(api, { max: MOST_ROWS, userId: account.accountId, types: SIGN_INS }, call),
  ]);
  if (config.ok && config.value.eventsEnabled === false)
    return unsupported(
      'Keycloak keeps no events of users; switch on Realm settings | Events | User events settings | Save events.',
    );
  return listed(rows, signIn);
}

/** Changes by the person and by administrators; one unreadable log leaves the section marked as not complete. */
async function changes({ api }: Parts, { account: { accountId, login }, call }: Target): Answer<Section> {
  const [own, admin] = await Promise.all([
    readUserEvents(api, { max: MOST_ROWS, userId: accountId, types: CHANGES }, call),
    readAdminEvents(api, { max: MOST_ROWS, resourcePath: `users/${accountId}*` }, call),
  ]);
  if (!own.ok && !admin.ok) return own;
  const items = [
    ...(own.ok ? own.value.items.map((event) => ownChange(event, login)) : []),
    ...(admin.ok ? admin.value.items.map(adminChange) : []),
  ];
  return ok({ items, complete: own.ok && own.value.complete && admin.ok && admin.value.complete });
}

/** Everything worth keeping before the first change. Each section is there or says why not. */
export function evidence(parts: Parts, on: Target): Promise<Evidence> {
  const { api, roles } = parts;
  const stored = readCredentials(api, on);
  const credentials = (isWanted: (one: Credential) => boolean) =>
    listed(stored, (one) => (isWanted(one) ? factor(one) : null));
  const codes = credentials(({ type }) => type === RECOVERY_CODES);
  return gather(
    {
      sign_ins: signIns(parts, on),
      factors: credentials(isFactor),
      identity_providers: listed(readLinks(parts, on), linkItem),
      sessions: listed(readSessions(api, on), sessionItem),
      grants: listed(readGrants(api, on), grantItem),
      app_passwords: 'Keycloak has no app passwords.',
      mail_rules: 'Keycloak has no mailboxes.',
      devices: "Keycloak's admin API lists no devices; its sessions tell addresses only.",
      roles: listed(roles.effective(on), named),
      groups: listed(readGroups(api, on), ({ id, path }) => ({ ...named(path), id })),
      recovery: mapped(allOf([readUser(api, on), codes]), ([user, { items, complete }]) => ({
        items: [...recovery(user), ...items],
        complete: complete && user.email !== undefined,
      })),
      changes: changes(parts, on),
    },
    MOST_ITEMS,
  );
}
