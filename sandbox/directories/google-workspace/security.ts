import {
  DONE,
  doerOf,
  isUser,
  listing,
  reading,
  refused,
  targetOf,
  writing,
  type Endpoint,
  type Visit,
} from './endpoint.js';
import { invalid, notFound, precondition } from './errors.js';
import type { UserRecord } from './model.js';

const SECURITY = ['admin.directory.user.security'];
const USER = '/admin/directory/v1/users/:user';

const whole = (items: readonly unknown[]) => ({ items, next: null });

/** An endpoint on one user: `act` gets the user when the caller may have it. */
function onUser(
  method: Endpoint['method'],
  tail: string,
  act: (visit: Visit, user: UserRecord) => ReturnType<Endpoint['handle']>,
): Endpoint {
  return {
    method,
    path: `${USER}/${tail}`,
    scopes: SECURITY,
    handle(visit) {
      const user = targetOf(visit, method !== 'GET');
      return isUser(user) ? act(visit, user) : user;
    },
  };
}

function adminLog(visit: Visit, user: UserRecord, name: string, parameters: Record<string, string> = {}): void {
  const all = { USER_EMAIL: user.primaryEmail, ...parameters };
  visit.state.log({ application: 'admin', type: 'USER_SETTINGS', name, parameters: all }, doerOf(visit));
  visit.state.changed();
}

const partial = ({ request }: Visit, row: Record<string, unknown>): Record<string, unknown> => {
  const only = /^items\((\w+(?:,\w+)*)\)$/.exec(request.query.get('fields') ?? '')?.[1]?.split(',');
  return only === undefined ? row : Object.fromEntries(Object.entries(row).filter(([key]) => only.includes(key)));
};

function turnOff(visit: Visit, user: UserRecord) {
  if (user.suspended) return refused(precondition('2-Step Verification cannot be turned off for a suspended user'));
  if (visit.state.isEnforcedIn2Sv(user)) return refused(precondition('2-Step Verification is enforced for the user'));
  if (user.factors.length === 0) return refused(invalid('The user is not enrolled in 2-Step Verification'));
  return writing(user.primaryEmail, () => {
    user.factors = [];
    user.backupCodes = [];
    user.appPasswords = [];
    adminLog(visit, user, 'TURN_OFF_2_STEP_VERIFICATION');
    return DONE;
  });
}

export const SECURITY_ENDPOINTS: readonly Endpoint[] = [
  onUser('POST', 'signOut', (visit, user) =>
    writing(user.primaryEmail, () => {
      user.sessions = [];
      adminLog(visit, user, 'RESET_SIGNIN_COOKIES');
      return DONE;
    }),
  ),
  onUser('POST', 'twoStepVerification/turnOff', turnOff),
  onUser('GET', 'verificationCodes', (visit, user) =>
    listing(
      'admin#directory#verificationCodesList',
      'items',
      whole(
        user.backupCodes.map((verificationCode) =>
          partial(visit, { kind: 'admin#directory#verificationCode', userId: user.id, verificationCode }),
        ),
      ),
    ),
  ),
  onUser('POST', 'verificationCodes/invalidate', (visit, user) =>
    writing(user.primaryEmail, () => {
      user.backupCodes = [];
      adminLog(visit, user, 'DELETE_2SV_SCRATCH_CODES');
      return DONE;
    }),
  ),
  onUser('GET', 'tokens', (_visit, user) =>
    listing(
      'admin#directory#tokenList',
      'items',
      whole(user.grants.map((grant) => ({ kind: 'admin#directory#token', userKey: user.id, ...grant }))),
    ),
  ),
  onUser('GET', 'tokens/:client', ({ params }, user) => {
    const found = user.grants.find(({ clientId }) => clientId === params['client']);
    return found === undefined
      ? refused(notFound('clientId'))
      : reading({ kind: 'admin#directory#token', userKey: user.id, ...found });
  }),
  onUser('DELETE', 'tokens/:client', (visit, user) => {
    const client = visit.params['client'] ?? '';
    if (!user.grants.some(({ clientId }) => clientId === client)) return refused(notFound('clientId'));
    return writing(user.primaryEmail, () => {
      user.grants = user.grants.filter(({ clientId }) => clientId !== client);
      adminLog(visit, user, 'REVOKE_3LO_TOKEN', { APP_ID: client });
      return DONE;
    });
  }),
  onUser('GET', 'asps', (_visit, user) =>
    listing(
      'admin#directory#aspList',
      'items',
      whole(
        user.appPasswords.map(({ codeId, name, creationTime, lastTimeUsed }) => ({
          kind: 'admin#directory#asp',
          userKey: user.id,
          codeId,
          name,
          creationTime: String(creationTime),
          lastTimeUsed: String(lastTimeUsed),
        })),
      ),
    ),
  ),
  onUser('DELETE', 'asps/:code', (visit, user) => {
    const code = visit.params['code'] ?? '';
    if (!user.appPasswords.some(({ codeId }) => String(codeId) === code)) return refused(notFound('codeId'));
    return writing(user.primaryEmail, () => {
      user.appPasswords = user.appPasswords.filter(({ codeId }) => String(codeId) !== code);
      adminLog(visit, user, 'REVOKE_ASP', { ASP_ID: code });
      return DONE;
    });
  }),
];
