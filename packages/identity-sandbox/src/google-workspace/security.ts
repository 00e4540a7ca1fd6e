import {
  DONE,
  doerOf,
  isUser,
  filled,
  reading,
  refused,
  show,
  targetOf,
  writing,
  type Endpoint,
  type Visit,
} from './endpoint.js';
import { invalid, notFound, precondition } from './errors.js';
import type { UserRecord } from './model.js';

const SECURITY = ['admin.directory.user.security'];
const USER = '/admin/directory/v1/users/:user';

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

/**
 * What `fields=kind,items(kind,userId)` asks for, of the list and of a row: only that is answered (Google, "Partial
 * response"). All of it without.
 */
function asked({ request }: Visit): { list(key: string): boolean; row(key: string): boolean } {
  const fields = request.query.get('fields');
  if (fields === null) return { list: () => true, row: () => true };
  const rows = /(?:^|,)items\((\w+(?:,\w+)*)\)/.exec(fields);
  const ofList = fields.replace(/\([^)]*\)/g, '').split(',');
  return {
    list: (key) => ofList.includes(key),
    row: (key) => (rows === null ? ofList.includes('items') : (rows[1] ?? '').split(',').includes(key)),
  };
}

function backupCodes(visit: Visit, user: UserRecord) {
  const has = asked(visit);
  const rows = user.backupCodes.map((verificationCode) => ({
    ...(has.row('kind') ? { kind: 'admin#directory#verificationCode' } : {}),
    ...(has.row('userId') ? { userId: user.id } : {}),
    ...(has.row('verificationCode') ? { verificationCode } : {}),
  }));
  const kind = has.list('kind') ? { kind: 'admin#directory#verificationCodesList' } : {};
  return reading(show.verificationCodes({ ...kind, ...filled(has.list('items') ? rows : [], (items) => ({ items })) }));
}

const tokenShown = (user: UserRecord, grant: UserRecord['grants'][number]) => ({
  kind: 'admin#directory#token',
  userKey: user.id,
  ...grant,
});

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
  onUser('GET', 'verificationCodes', backupCodes),
  onUser('POST', 'verificationCodes/invalidate', (visit, user) =>
    writing(user.primaryEmail, () => {
      user.backupCodes = [];
      adminLog(visit, user, 'DELETE_2SV_SCRATCH_CODES');
      return DONE;
    }),
  ),
  onUser('GET', 'tokens', (_visit, user) => {
    const rows = user.grants.map((grant) => tokenShown(user, grant));
    return reading(show.tokens({ kind: 'admin#directory#tokenList', ...filled(rows, (items) => ({ items })) }));
  }),
  onUser('GET', 'tokens/:client', ({ params }, user) => {
    const found = user.grants.find(({ clientId }) => clientId === params['client']);
    return found === undefined ? refused(notFound('clientId')) : reading(show.token(tokenShown(user, found)));
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
  onUser('GET', 'asps', (_visit, user) => {
    const rows = user.appPasswords.map(({ codeId, name, creationTime, lastTimeUsed }) => ({
      kind: 'admin#directory#asp',
      userKey: user.id,
      codeId,
      name,
      creationTime: String(creationTime),
      lastTimeUsed: String(lastTimeUsed),
    }));
    return reading(show.appPasswords({ kind: 'admin#directory#aspList', ...filled(rows, (items) => ({ items })) }));
  }),
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
