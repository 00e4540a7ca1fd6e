import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { AccountState, CallContext } from '../../ports/connector.js';
import { UNTOLD, type Answer, type Target } from '../kit/action.js';
import { shaped } from './api.js';
import type { Identity } from './identity.js';
import { METHOD } from './permissions.js';
import type { Reader, Reading } from './reader.js';
import { adminRoles, readUser, standing, type SlackUser } from './user.js';

export const teamInfo = z.object({
  team: z.object({ sso_provider: z.object({ label: z.string().catch('') }).nullish() }),
});

/** Whether people sign in through another system, as far as Slack shows; without `team:read` it does not. */
async function authority({ api, settings }: Reader, call: CallContext): Promise<AccountState['authority']> {
  if (settings.sign_in_through !== null) return { where: 'federated', from: settings.sign_in_through };
  const read = await shaped(api.web(METHOD.team, {}, call), teamInfo, 'the workspace');
  if (!read.ok) return null;
  const { sso_provider: provider } = read.value.team;
  return provider == null ? { where: 'here' } : { where: 'federated', from: provider.label || null };
}

/** Why the token cannot, or must not, act on this person; `null` when it can. */
function protection(user: SlackUser, identity: Identity, owner: SlackUser | null): string | null {
  if (user.id === identity.userId)
    return "This is the account that the Slack token belongs to; acting on it would cut off the token: another owner does it in Slack's administration.";
  if (standing(user) === 3)
    return 'This is the primary owner, whom Slack lets nobody else deactivate or sign out; ownership is transferred first.';
  if (user.is_bot) return 'This is an app, not a person; it is managed under Manage apps.';
  if (owner !== null && standing(user) > standing(owner))
    return "This person is an owner, and the token's owner is not; let an owner install the app.";
  return null;
}

/** One person with everything that Slack can tell. The reads run in parallel. */
export async function readAccount(reader: Reader, { account, call }: Target): Answer<Reading> {
  const identity = await reader.identity.get(call);
  if (!identity.ok) return identity;
  const [user, owner, where] = await Promise.all([
    readUser(reader.api, account.accountId, call),
    readUser(reader.api, identity.value.userId, call),
    authority(reader, call),
  ]);
  if (!user.ok) return user;
  return ok({
    user: user.value,
    state: {
      ...UNTOLD,
      enabled: user.value.deleted === null ? null : !user.value.deleted,
      protectedBecause: protection(user.value, identity.value, owner.ok ? owner.value : null),
      authority: where,
      adminRoles: adminRoles(user.value),
      use: user.value.is_bot ? 'service' : 'person',
      readAt: reader.runtime.now(),
    },
  });
}
