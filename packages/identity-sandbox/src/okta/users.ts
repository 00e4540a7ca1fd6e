import { passwordIsWeak } from '../passwords.js';
import { answer, change, isRecord, paged, refuse, withUser, type Context, type Handler } from './context.js';
import { forbidden, invalid, notFound, oktaError, wrongStatus } from './errors.js';
import { matches, parseFilter } from './filter.js';
import type { UserRecord } from './model.js';
import { partyOf } from './state.js';
import { userJson } from './wire.js';

const MUTABLE = new Set([
  'firstName',
  'lastName',
  'login',
  'email',
  'secondEmail',
  'mobilePhone',
  'employeeNumber',
  'userType',
]);
const TAKES_PASSWORD = new Set(['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY']);

function valuesOf(user: UserRecord, name: string): readonly string[] {
  if (name === 'id') return [user.id];
  if (name === 'status') return [user.status];
  const value = name.startsWith('profile.') ? user.profile[name.slice('profile.'.length)] : null;
  return typeof value === 'string' ? [value] : [];
}

/** Searching goes by the index, which follows later; a list without `search` leaves the deactivated out. */
export const listUsers: Handler = (context) => {
  const { query, state, base } = context;
  const search = query.get('search');
  if (search === null) {
    const living = state.users.filter(({ status }) => status !== 'DEPROVISIONED');
    return paged(
      context,
      living.map((user) => userJson(user, base)),
    );
  }
  const filter = parseFilter(search);
  if (filter === null) return refuse(oktaError(400, 'E0000031', `Invalid search criteria.`));
  const found = state.index.seen().filter((user) => matches(filter, (name) => valuesOf(user, name)));
  return paged(
    context,
    found.map((user) => userJson(user, base)),
  );
};

/** Only the administrator behind a token is somebody; a service app is not. */
export const getMe: Handler = ({ state, ownerId, base }) => {
  const owner = ownerId === null ? undefined : state.byId(ownerId);
  return owner === undefined ? refuse(notFound('me', 'User')) : answer(userJson(owner, base));
};

export const getUser = withUser(({ base }, user) => answer(userJson(user, base)));

function passwordOf(json: Context['json']): unknown {
  const credentials = json['credentials'];
  const password = isRecord(credentials) ? credentials['password'] : undefined;
  return isRecord(password) ? password['value'] : undefined;
}

function refusePassword(user: UserRecord, password: unknown): ReturnType<typeof refuse> | null {
  if (password === undefined) return null;
  if (user.provider.type !== 'OKTA') return refuse(oktaError(403, 'E0000014', 'Update of credentials failed'));
  if (!TAKES_PASSWORD.has(user.status)) return refuse(wrongStatus());
  if (typeof password === 'string' && !passwordIsWeak(password, user.profile['login'] ?? '')) return null;
  return refuse(
    invalid(
      'password',
      'password: Password requirements were not met. Password requirements: at least 10 characters, a lowercase letter, an uppercase letter, a number, no parts of your username.',
    ),
  );
}

function refuseProfile(user: UserRecord, profile: unknown): ReturnType<typeof refuse> | null {
  if (profile === undefined) return null;
  if (!isRecord(profile)) return refuse(invalid('profile', 'profile: The field must be an object'));
  if (user.provider.type === 'ACTIVE_DIRECTORY' || user.provider.type === 'LDAP') {
    return refuse(oktaError(403, 'E0000023', 'Operation failed because user profile is mastered under another system'));
  }
  const wrong = Object.entries(profile).find(
    ([key, value]) => !MUTABLE.has(key) || (value !== null && typeof value !== 'string'),
  );
  return wrong === undefined ? null : refuse(invalid(wrong[0], `${wrong[0]}: The field is not valid`));
}

/** POST changes what it names alone. Setting a password brings an expired account back to ACTIVE. */
export const updateUser = withUser((context, user) => {
  const { json, state, origin, base } = context;
  if (!context.reaches(user)) return refuse(forbidden());
  const password = passwordOf(json);
  const { profile } = json;
  const refused = refusePassword(user, password) ?? refuseProfile(user, profile);
  if (refused !== null) return refused;
  return change(user, () => {
    if (typeof password === 'string') {
      state.setPassword(user, password);
      if (user.status === 'PASSWORD_EXPIRED' || user.status === 'RECOVERY') state.setStatus(user, 'ACTIVE');
      state.writeLog('user.account.update_password', [partyOf(user)], origin);
    }
    if (isRecord(profile)) {
      for (const [key, value] of Object.entries(profile)) user.profile[key] = typeof value === 'string' ? value : null;
      user.lastUpdated = state.now();
      state.writeLog('user.account.update_profile', [partyOf(user)], origin);
    }
    return { status: 200, body: userJson(user, base) };
  });
});
