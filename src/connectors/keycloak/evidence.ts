import type { AccountRef, CallContext, ConnectorFailure, Evidence, EvidenceItem, EvidenceSection } from '../port.js';
import type { Result } from '../../result.js';
import {
  isFactor,
  readCredentials,
  readGrants,
  readGroups,
  readSessions,
  RECOVERY_CODES,
  type Credential,
} from './holdings.js';
import {
  adminEventId,
  readAdminEvents,
  readLogConfig,
  readUserEvents,
  userEventId,
  type AdminEvent,
  type UserEvent,
} from './log.js';
import type { Reader } from './state.js';
import { readUser, type KeycloakUser } from './user.js';

const MOST = 100;
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

type Section = Evidence[EvidenceSection];

const unsupported = (message: string): Section => ({ unavailable: { kind: 'unsupported', message } });

const dateOf = (at: number | null | undefined): Date | null => {
  const date = at == null ? null : new Date(at);
  return date === null || Number.isNaN(date.getTime()) ? null : date;
};

const newestFirst = (left: EvidenceItem, right: EvidenceItem): number =>
  (right.at?.getTime() ?? Number.NEGATIVE_INFINITY) - (left.at?.getTime() ?? Number.NEGATIVE_INFINITY) || 0;

function section<T>(
  result: Result<T, ConnectorFailure>,
  itemsOf: (value: T) => readonly EvidenceItem[],
  limit = MOST,
): Section {
  if (!result.ok) return { unavailable: result.error };
  const unique = new Map(itemsOf(result.value).map((item) => [item.id, item]));
  const items = [...unique.values()].sort(newestFirst);
  return { items: items.slice(0, limit), complete: items.length < limit };
}

function signIn(event: UserEvent): EvidenceItem {
  const { type, error, clientId, ipAddress } = event;
  const what = error == null ? 'Sign-in' : 'Failed sign-in';
  const client = clientId == null ? '' : ` to ${clientId}`;
  return {
    id: userEventId(event),
    title: type === 'IMPERSONATE' ? 'An administrator signed in as this person' : `${what}${client}`,
    at: dateOf(event.time),
    ...(ipAddress == null ? {} : { ip: ipAddress }),
    succeeded: error == null,
    ...(error == null ? {} : { detail: error }),
  };
}

const factor = ({ id, type, userLabel, createdDate }: Credential): EvidenceItem => ({
  id,
  title: [type, userLabel].filter(Boolean).join(': '),
  at: dateOf(createdDate),
});

function recovery(user: KeycloakUser, credentials: readonly Credential[]): readonly EvidenceItem[] {
  const email = user.email == null || user.email === '' ? [] : [user.email];
  return [
    ...email.map((address) => ({
      id: 'email',
      title: `"Forgot password" goes to ${address}`,
      at: null,
      detail: user.emailVerified === true ? 'verified' : 'not verified',
    })),
    ...(user.federatedIdentities ?? []).map(({ identityProvider, userName }) => ({
      id: `identity-provider:${identityProvider}`,
      title: `Sign-in through ${identityProvider} as ${userName ?? 'somebody'}`,
      at: null,
    })),
    ...credentials.filter(({ type }) => type === RECOVERY_CODES).map(factor),
  ];
}

const ownChange = (event: UserEvent, login: string): EvidenceItem => ({
  id: userEventId(event),
  title: `${event.type}${event.details?.['credential_type'] === undefined ? '' : ` (${event.details['credential_type']})`}`,
  at: dateOf(event.time),
  by: login,
  ...(event.ipAddress == null ? {} : { ip: event.ipAddress }),
  succeeded: event.error == null,
});

function adminChange(event: AdminEvent): EvidenceItem {
  const { operationType, resourcePath, authDetails } = event;
  const rest = (resourcePath ?? '').split('/').slice(2).join('/');
  return {
    id: adminEventId(event),
    title: `${operationType} ${rest === '' ? 'account' : rest}`,
    at: dateOf(event.time),
    ...(authDetails?.userId == null ? {} : { by: `user ${authDetails.userId}` }),
    ...(authDetails?.ipAddress == null ? {} : { ip: authDetails.ipAddress }),
  };
}

async function signIns({ api }: Reader, id: string, call: CallContext): Promise<Section> {
  const [config, rows] = await Promise.all([
    readLogConfig(api, call),
    readUserEvents(api, { max: MOST, userId: id, types: SIGN_INS }, call),
  ]);
  if (config.ok && !config.value.eventsEnabled)
    return unsupported(
      'Keycloak keeps no events of users; switch on Realm settings | Events | User events settings | Save events.',
    );
  return section(rows, (events) => events.map(signIn));
}

/** Changes by the person and by administrators; one log that cannot be read leaves the section marked as not complete. */
async function changes({ api }: Reader, account: AccountRef, call: CallContext): Promise<Section> {
  const { accountId: id, login } = account;
  const [own, admin] = await Promise.all([
    readUserEvents(api, { max: MOST, userId: id, types: CHANGES }, call),
    readAdminEvents(api, { max: MOST, resourcePath: `users/${id}*` }, call),
  ]);
  if (!own.ok && !admin.ok) return { unavailable: own.error };
  const rows = [
    ...(own.ok ? own.value.map((event) => ownChange(event, login)) : []),
    ...(admin.ok ? admin.value.map(adminChange) : []),
  ];
  const found = section({ ok: true, value: rows }, (items) => items);
  return 'items' in found ? { ...found, complete: found.complete && own.ok && admin.ok } : found;
}

/** Everything worth keeping before the first change. Each section is there or says why not. */
export async function evidence(reader: Reader, account: AccountRef, call: CallContext): Promise<Evidence> {
  const { api, roles } = reader;
  const id = account.accountId;
  const [user, credentials, sessions, grants, groups, adminRoles, signInSection, changeSection] = await Promise.all([
    readUser(api, id, call),
    readCredentials(api, id, call),
    readSessions(api, id, call),
    readGrants(api, id, call),
    readGroups(api, id, call),
    roles.effective(id, call),
    signIns(reader, id, call),
    changes(reader, account, call),
  ]);
  return {
    sign_ins: signInSection,
    factors: section(credentials, (rows) => rows.filter(isFactor).map(factor)),
    sessions: section(sessions, (rows) =>
      rows.map((one) => ({
        id: one.offline ? `offline:${one.id}` : one.id,
        title: `${one.offline ? 'Offline session' : 'Session'} in ${Object.values(one.clients ?? {}).join(', ') || 'no client'}`,
        at: dateOf(one.start),
        ...(one.ipAddress == null ? {} : { ip: one.ipAddress }),
      })),
    ),
    grants: section(grants, (rows) =>
      rows.map(({ clientId, grantedClientScopes, createdDate, additionalGrants }) => ({
        id: clientId,
        title: `Access for ${clientId}`,
        at: dateOf(createdDate),
        detail: [...(grantedClientScopes ?? []), ...(additionalGrants ?? []).flatMap(({ key }) => key ?? [])].join(
          ', ',
        ),
      })),
    ),
    app_passwords: unsupported('Keycloak has no app passwords.'),
    mail_rules: unsupported('Keycloak has no mailboxes.'),
    devices: unsupported("Keycloak's admin API lists no devices; its sessions tell addresses only."),
    roles: section(adminRoles, (names) => names.map((name) => ({ id: name, title: name, at: null })), 1000),
    groups: section(
      groups,
      (rows) => rows.map(({ id: groupId, path }) => ({ id: groupId, title: path, at: null })),
      1000,
    ),
    recovery: user.ok ? section(credentials, (rows) => recovery(user.value, rows)) : { unavailable: user.error },
    changes: changeSection,
  };
}
