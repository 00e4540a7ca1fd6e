import { z } from 'zod';
import { passwordIsWeak } from '../passwords.js';
import {
  bodyOf,
  doerOf,
  isUser,
  filled,
  nextOf,
  paged,
  reading,
  refused,
  show,
  targetOf,
  writing,
  type Endpoint,
  type Visit,
} from './endpoint.js';
import { invalid, notAuthorized } from './errors.js';
import type { UserRecord } from './model.js';
import type { GoogleWorkspaceState } from './state.js';

const READ = ['admin.directory.user.readonly', 'admin.directory.user'];

function shown(state: GoogleWorkspaceState, user: UserRecord) {
  const rank = state.adminKind(user);
  return {
    kind: 'admin#directory#user',
    id: user.id,
    primaryEmail: user.primaryEmail,
    name: { fullName: user.name },
    isAdmin: rank === 'super',
    isDelegatedAdmin: rank === 'delegated',
    suspended: user.suspended,
    ...(user.suspensionReason === null ? {} : { suspensionReason: user.suspensionReason }),
    archived: user.archived,
    changePasswordAtNextLogin: user.changePasswordAtNextLogin,
    isEnrolledIn2Sv: user.factors.length > 0,
    isEnforcedIn2Sv: state.isEnforcedIn2Sv(user),
    isMailboxSetup: user.mailbox !== null,
    orgUnitPath: user.orgUnitPath,
    emails: [user.primaryEmail, ...user.aliases].map((address, index) => ({
      address,
      ...(index === 0 ? { primary: true } : {}),
    })),
    ...(user.aliases.length === 0 ? {} : { aliases: user.aliases }),
    ...(user.employeeId === null ? {} : { externalIds: [{ value: user.employeeId, type: 'organization' }] }),
    ...(user.recoveryEmail === '' ? {} : { recoveryEmail: user.recoveryEmail }),
    ...(user.recoveryPhone === '' ? {} : { recoveryPhone: user.recoveryPhone }),
  };
}

const SEARCH = /^externalId[=:]'?((?:[^'\\]|\\.)*)'?$/;

function search(visit: Visit) {
  const { state, request, subject } = visit;
  if (state.adminKind(subject) === null) return refused(notAuthorized());
  if (request.query.get('customer') === null && request.query.get('domain') === null)
    return refused(invalid('Bad Request: either customer or domain is needed'));
  const text = request.query.get('query');
  const wanted = text === null ? null : SEARCH.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
  if (wanted === undefined) return refused(invalid('Invalid Input: query'));
  const found = state.data.users.filter(({ employeeId }) => wanted === null || employeeId === wanted);
  const page = paged(
    found.map((user) => shown(state, user)),
    request.query,
    500,
  );
  return page === null
    ? refused(invalid('Invalid Input: pageToken'))
    : reading(
        show.users({ kind: 'admin#directory#users', ...nextOf(page), ...filled(page.items, (users) => ({ users })) }),
      );
}

const change = z.strictObject({
  password: z.string().optional(),
  changePasswordAtNextLogin: z.boolean().optional(),
  suspended: z.boolean().optional(),
  recoveryEmail: z.string().optional(),
  recoveryPhone: z
    .string()
    .regex(/^(\+\d{6,15})?$/)
    .optional(),
  orgUnitPath: z.string().optional(),
});
type Change = z.output<typeof change>;

const passwordIsTaken = (password: string, user: UserRecord): boolean =>
  // eslint-disable-next-line no-control-regex -- ASCII is the rule
  /^[\x00-\x7f]{8,100}$/.test(password) && !passwordIsWeak(password, user.primaryEmail);

function refusal({ state, subject }: Visit, user: UserRecord, wanted: Change) {
  if (wanted.password !== undefined && !passwordIsTaken(wanted.password, user)) return invalid('Invalid Password');
  if (wanted.orgUnitPath !== undefined && !state.data.orgUnits.some(({ path }) => path === wanted.orgUnitPath))
    return invalid('Invalid Input: INVALID_OU_ID');
  return wanted.suspended === true && user.id === subject.id ? notAuthorized() : null;
}

function applyFlags(visit: Visit, user: UserRecord, wanted: Change): void {
  const { state } = visit;
  const log = (name: string, parameters: Record<string, string> = {}): void =>
    state.log(
      {
        application: 'admin',
        type: 'USER_SETTINGS',
        name,
        parameters: { USER_EMAIL: user.primaryEmail, ...parameters },
      },
      doerOf(visit),
    );
  if (wanted.suspended !== undefined && wanted.suspended !== user.suspended) {
    user.suspended = wanted.suspended;
    user.suspensionReason = wanted.suspended ? 'ADMIN' : null;
    if (wanted.suspended) user.sessions = [];
    log(wanted.suspended ? 'SUSPEND_USER' : 'UNSUSPEND_USER');
  }
  if (wanted.recoveryEmail !== undefined && wanted.recoveryEmail !== user.recoveryEmail) {
    user.recoveryEmail = wanted.recoveryEmail;
    log('CHANGE_RECOVERY_EMAIL');
  }
  if (wanted.recoveryPhone !== undefined && wanted.recoveryPhone !== user.recoveryPhone) {
    user.recoveryPhone = wanted.recoveryPhone;
    log('CHANGE_RECOVERY_PHONE');
  }
  if (wanted.orgUnitPath !== undefined && wanted.orgUnitPath !== user.orgUnitPath) {
    log('MOVE_USER_TO_ORG_UNIT', { ORG_UNIT_NAME: user.orgUnitPath, NEW_VALUE: wanted.orgUnitPath });
    user.orgUnitPath = wanted.orgUnitPath;
  }
}

function applyPassword(visit: Visit, user: UserRecord, wanted: Change): void {
  const { state } = visit;
  const parameters = { USER_EMAIL: user.primaryEmail };
  if (wanted.password !== undefined) {
    state.setPassword(user, wanted.password);
    state.log({ application: 'admin', type: 'USER_SETTINGS', name: 'CHANGE_PASSWORD', parameters }, doerOf(visit));
  }
  if (
    wanted.changePasswordAtNextLogin !== undefined &&
    wanted.changePasswordAtNextLogin !== user.changePasswordAtNextLogin
  ) {
    user.changePasswordAtNextLogin = wanted.changePasswordAtNextLogin;
    const name = 'CHANGE_PASSWORD_ON_NEXT_LOGIN';
    state.log({ application: 'admin', type: 'USER_SETTINGS', name, parameters }, doerOf(visit));
  }
}

function patch(visit: Visit) {
  const user = targetOf(visit, true);
  if (!isUser(user)) return user;
  const wanted = change.safeParse(bodyOf(visit));
  if (!wanted.success) return refused(invalid(`Invalid Input: ${String(wanted.error.issues[0]?.path[0] ?? 'body')}`));
  const wrong = refusal(visit, user, wanted.data);
  if (wrong !== null) return refused(wrong);
  return writing(user.primaryEmail, () => {
    applyPassword(visit, user, wanted.data);
    applyFlags(visit, user, wanted.data);
    visit.state.changed();
    return show.user(shown(visit.state, user));
  });
}

export const USERS: readonly Endpoint[] = [
  { method: 'GET', path: '/admin/directory/v1/users', scopes: READ, handle: search },
  {
    method: 'GET',
    path: '/admin/directory/v1/users/:user',
    scopes: READ,
    handle(visit) {
      const user = targetOf(visit, false);
      return isUser(user) ? reading(show.user(shown(visit.state, user))) : user;
    },
  },
  { method: 'PATCH', path: '/admin/directory/v1/users/:user', scopes: ['admin.directory.user'], handle: patch },
];
