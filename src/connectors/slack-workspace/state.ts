import { z } from 'zod';
import { ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, CallContext, ConnectorFailure } from '../port.js';
import type { Identity } from './identity.js';
import { METHOD } from './permissions.js';
import type { Reader } from './reader.js';
import { adminRoles, readUser, standing, type SlackUser } from './user.js';

const teamInfo = z.looseObject({
  team: z.looseObject({ sso_provider: z.looseObject({ label: z.string().catch('') }).nullish() }),
});

type Authority = AccountState['authority'];

/** Whether people sign in through another system, as far as Slack tells; without `team:read` it does not. */
async function authority({ api, settings }: Reader, call: CallContext): Promise<Authority> {
  if (settings.sign_in_through !== null) return { where: 'federated', from: settings.sign_in_through };
  const answer = await api.web(METHOD.team, {}, { write: false, call });
  const read = answer.ok ? teamInfo.safeParse(answer.value.body) : null;
  if (!read?.success) return null;
  const provider = read.data.team.sso_provider;
  if (provider === undefined || provider === null) return { where: 'here' };
  return { where: 'federated', from: provider.label === '' ? null : provider.label };
}

/** Why the token cannot, or must not, act on this person; `null` when it can. */
export function protection(user: SlackUser, identity: Identity, owner: SlackUser | null): string | null {
  if (user.id === identity.userId)
    return "This is the account that the Slack token belongs to; acting on it would cut off the token: another owner does it in Slack's administration.";
  if (standing(user) === 3)
    return 'This is the primary owner, whom Slack lets nobody else deactivate or sign out; ownership is transferred first.';
  if (user.is_bot) return 'This is an app, not a person; it is managed under Manage apps.';
  if (owner !== null && standing(user) > standing(owner))
    return "This person is an owner, and the token's owner is not; let an owner install the app.";
  return null;
}

export interface Reading {
  readonly user: SlackUser;
  readonly state: AccountState;
}

/** One person with everything that Slack can tell. The reads run side by side. */
export async function readAccount(
  reader: Reader,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Reading, ConnectorFailure>> {
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
      enabled: !user.value.deleted,
      locked: null,
      mustChangePassword: null,
      passwordChangedAt: null,
      twoStepRequired: null,
      loginRanges: null,
      protectedBecause: protection(user.value, identity.value, owner.ok ? owner.value : null),
      authority: where,
      adminRoles: adminRoles(user.value),
      use: user.value.is_bot ? 'service' : 'person',
      readAt: reader.runtime.now(),
    },
  });
}
