import { change, empty, refuse, withUser, type Context } from './context.js';
import { forbidden, invalid, oktaError, wrongStatus } from './errors.js';
import type { UserRecord, UserStatus } from './model.js';
import { partyOf } from './state.js';

interface Step {
  readonly from: ReadonlySet<UserStatus>;
  readonly to: UserStatus;
  readonly event: string;
  refused(): ReturnType<typeof oktaError>;
}

const STEPS: Readonly<Record<string, Step>> = {
  suspend: {
    from: new Set(['ACTIVE']),
    to: 'SUSPENDED',
    event: 'user.lifecycle.suspend',
    refused: () => invalid('suspendUser', 'Cannot suspend a user that is not active'),
  },
  unsuspend: {
    from: new Set(['SUSPENDED']),
    to: 'ACTIVE',
    event: 'user.lifecycle.unsuspend',
    refused: () => invalid('unsuspendUser', 'Cannot unsuspend a user that is not suspended'),
  },
  unlock: {
    from: new Set(['LOCKED_OUT']),
    to: 'ACTIVE',
    event: 'user.account.unlock',
    refused: () => oktaError(403, 'E0000032', 'Unlock is not allowed for this user.'),
  },
  expire_password: {
    from: new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY']),
    to: 'PASSWORD_EXPIRED',
    event: 'user.account.expire_password',
    refused: wrongStatus,
  },
};

export const LIFECYCLE_VERBS = Object.keys(STEPS).join('|');

/** The lifecycle calls; each is taken from certain states only. */
export const lifecycle = withUser((context: Context, user: UserRecord) => {
  const step = STEPS[context.params[1] ?? ''];
  if (step === undefined || !context.reaches(user)) return refuse(forbidden());
  if (!step.from.has(user.status)) return refuse(step.refused());
  return change(user, () => {
    context.state.setStatus(user, step.to);
    context.state.writeLog(step.event, [partyOf(user)], context.origin);
    return { status: 200, body: {} };
  });
});

/** Ends the sessions at Okta; with `oauthTokens` the refresh tokens too. */
export const clearSessions = withUser((context, user) => {
  if (!context.reaches(user)) return refuse(forbidden());
  return change(user, () => {
    user.sessions = 0;
    if (context.query.get('oauthTokens') === 'true') user.refreshTokens = [];
    context.state.writeLog('user.session.clear', [partyOf(user)], context.origin);
    return empty();
  });
});
