import { z } from 'zod';
import { jsonOf, type Reply } from '../http/message.js';
import { passwordIsWeak } from '../passwords.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { UserRecord } from './model.js';
import {
  noContent,
  reachesAdministrators,
  read,
  refused,
  withSeenUser,
  withUser,
  write,
  type Context,
  type Route,
} from './route.js';
import { isAdministrator } from './tenant.js';

const USERS: Shape<EntraId.Graph.User> = {
  context: 'users',
  defaults: ['displayName', 'mail', 'userPrincipalName', 'givenName', 'surname', 'jobTitle', 'mobilePhone', 'id'],
  filterable: true,
};

/** Every field that `$select` may ask for; the password itself is never told. */
const rowOf = (user: UserRecord) => ({
  id: user.id,
  displayName: user.displayName,
  userPrincipalName: user.userPrincipalName,
  mail: user.mail,
  proxyAddresses: user.proxyAddresses,
  employeeId: user.employeeId,
  userType: user.userType,
  externalUserState: user.externalUserState,
  accountEnabled: user.accountEnabled,
  onPremisesSyncEnabled: user.onPremisesSyncEnabled,
  createdDateTime: user.createdDateTime,
  lastPasswordChangeDateTime: user.lastPasswordChangeDateTime,
  signInSessionsValidFromDateTime: user.signInSessionsValidFromDateTime,
  passwordProfile: {
    password: null,
    forceChangePasswordNextSignIn: user.forceChangePasswordNextSignIn,
    forceChangePasswordNextSignInWithMfa: user.forceChangePasswordNextSignInWithMfa,
  },
});

const change = z.strictObject({
  accountEnabled: z.boolean().optional(),
  passwordProfile: z
    .strictObject({
      password: z.string().optional(),
      forceChangePasswordNextSignIn: z.boolean().optional(),
      forceChangePasswordNextSignInWithMfa: z.boolean().optional(),
    })
    .optional(),
});
type Change = z.output<typeof change>;

const MAY_ENABLE = ['User.EnableDisableAccount.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'];
const MAY_SET_PASSWORD = ['User-PasswordProfile.ReadWrite.All'];

/** Why Graph refuses the change; `null` when it carries it out. All of it or nothing. */
function whyNot(context: Context, user: UserRecord, { accountEnabled, passwordProfile }: Change): Reply | null {
  const { errors, rights, tenant } = context;
  const may = (any: readonly string[]): boolean => any.some((permission) => rights.permissions.has(permission));
  if (accountEnabled !== undefined && !may(MAY_ENABLE)) return errors.denied();
  if (passwordProfile !== undefined && !may(MAY_SET_PASSWORD)) return errors.denied();
  if (isAdministrator(tenant.present(), user.id) && !reachesAdministrators(context)) return errors.denied();
  const password = passwordProfile?.password;
  if (password === undefined) return null;
  if (user.onPremisesSyncEnabled === true && !context.writeback) return errors.onPremises();
  if (passwordIsWeak(password, user.userPrincipalName)) {
    return errors.badRequest(
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    );
  }
  return null;
}

function apply(context: Context, user: UserRecord, { accountEnabled, passwordProfile }: Change): void {
  const { tenant, actor } = context;
  const target = { type: 'User', id: user.id, name: user.userPrincipalName } as const;
  if (accountEnabled !== undefined) {
    user.accountEnabled = accountEnabled;
    tenant.audit({ activity: accountEnabled ? 'Enable account' : 'Disable account', actor: { app: actor }, target });
  }
  if (passwordProfile === undefined) return;
  const {
    password,
    forceChangePasswordNextSignIn: force,
    forceChangePasswordNextSignInWithMfa: withMfa,
  } = passwordProfile;
  user.forceChangePasswordNextSignIn = force ?? (password !== undefined && withMfa !== true);
  user.forceChangePasswordNextSignInWithMfa = withMfa ?? false;
  if (password === undefined) return;
  tenant.setPassword(user, password);
  tenant.audit({ activity: 'Reset user password', actor: { app: actor }, target });
  tenant.audit({ activity: 'Update user', actor: { app: actor }, target });
}

export const USER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'users',
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    handle: (context) => read(() => collection(context, context.tenant.seen().users.map(rowOf), USERS)),
  },
  {
    method: 'GET',
    path: 'users/:id',
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    handle: (context) => withSeenUser(context, (user) => read(() => entity(context, rowOf(user), USERS))),
  },
  {
    method: 'PATCH',
    path: 'users/:id',
    permissions: [...MAY_ENABLE, ...MAY_SET_PASSWORD],
    handle: (context) =>
      withUser(context, (user) => {
        const parsed = change.safeParse(jsonOf(context.request.body));
        if (!parsed.success)
          return refused(context.errors.badRequest('One or more property values specified are invalid.'));
        const no = whyNot(context, user, parsed.data);
        if (no !== null) return refused(no);
        return write(context, user.userPrincipalName, () => {
          apply(context, user, parsed.data);
          return noContent;
        });
      }),
  },
  {
    method: 'POST',
    path: 'users/:id/revokeSignInSessions',
    permissions: ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    handle: (context) =>
      withUser(context, (user) =>
        write(context, user.userPrincipalName, () => {
          user.signInSessionsValidFromDateTime = context.tenant.stamp();
          // "This API doesn't revoke sign-in sessions for external users": their home tenant does.
          if (user.userType !== 'Guest') user.sessions.splice(0);
          const target = { type: 'User', id: user.id, name: user.userPrincipalName } as const;
          context.tenant.audit({
            activity: 'Update StsRefreshTokenValidFrom Timestamp',
            actor: { app: context.actor },
            target,
          });
          return { status: 200, body: { '@odata.context': `${context.url}/v1.0/$metadata#Edm.Boolean`, value: true } };
        }),
      ),
  },
];
