import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { MethodRecord, UserRecord } from './model.js';
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

const READ = ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All'];
const WRITE = ['UserAuthenticationMethod.ReadWrite.All'];
const PASSWORD = {
  '@odata.type': '#microsoft.graph.passwordAuthenticationMethod',
  id: '28c10230-6103-485e-b985-444c60001490',
  password: null,
};

/** The collection that a type is deleted from. */
const TYPES: Readonly<Record<string, MethodRecord['type']>> = {
  phoneMethods: 'phoneAuthenticationMethod',
  emailMethods: 'emailAuthenticationMethod',
  microsoftAuthenticatorMethods: 'microsoftAuthenticatorAuthenticationMethod',
  fido2Methods: 'fido2AuthenticationMethod',
  softwareOathMethods: 'softwareOathAuthenticationMethod',
  windowsHelloForBusinessMethods: 'windowsHelloForBusinessAuthenticationMethod',
  temporaryAccessPassMethods: 'temporaryAccessPassAuthenticationMethod',
};

const rowOf = ({ id, type, createdDateTime, fields }: MethodRecord) => ({
  '@odata.type': `#microsoft.graph.${type}` as const,
  id,
  createdDateTime,
  ...fields,
});

const methodsOf = ({ id }: UserRecord): Shape<EntraId.Methods[keyof EntraId.Methods]> => ({
  context: `users('${id}')/authentication/methods`,
});
const requirementsOf = ({ id }: UserRecord): Shape<EntraId.StrongAuthenticationRequirements> => ({
  context: `users('${id}')/authentication/requirements`,
});

function remove(context: Context, user: UserRecord, segment: string) {
  const { errors, tenant } = context;
  if (isAdministrator(tenant.present(), user.id) && !reachesAdministrators(context))
    return refused(errors.methodDenied());
  const wanted = context.param('method');
  const method = user.methods.find(({ id, type }) => id === wanted && type === TYPES[segment]);
  if (method === undefined)
    return refused(errors.error(404, 'resourceNotFound', 'Could not find the authentication method.'));
  if (method.isDefault && user.methods.length > 1) {
    const message = 'The method cannot be deleted because it is the default authentication method of the user.';
    return refused(errors.error(400, 'badRequest', message));
  }
  return write(context, user.userPrincipalName, () => {
    user.methods.splice(user.methods.indexOf(method), 1);
    tenant.audit({
      activity: 'Admin deleted security info',
      service: 'Authentication Methods',
      actor: { app: context.actor },
      target: { type: 'User', id: user.id, name: user.userPrincipalName },
    });
    return noContent;
  });
}

const requirements = z.strictObject({ perUserMfaState: z.enum(['disabled', 'enabled', 'enforced']) });

export const METHOD_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'users/:id/authentication/methods',
    permissions: READ,
    denied: 'methodDenied',
    handle: (context) =>
      withSeenUser(context, (user) =>
        read(() => collection(context, [PASSWORD, ...user.methods.map(rowOf)], methodsOf(user))),
      ),
  },
  ...Object.keys(TYPES).map((segment): Route => ({
    method: 'DELETE',
    path: `users/:id/authentication/${segment}/:method`,
    permissions: WRITE,
    denied: 'methodDenied',
    handle: (context) => withUser(context, (user) => remove(context, user, segment)),
  })),
  {
    method: 'GET',
    path: 'users/:id/authentication/requirements',
    beta: true,
    permissions: ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod'],
    denied: 'methodDenied',
    handle: (context) =>
      withSeenUser(context, (user) =>
        read(() => entity(context, { perUserMfaState: user.perUserMfaState }, requirementsOf(user))),
      ),
  },
  {
    method: 'PATCH',
    path: 'users/:id/authentication/requirements',
    beta: true,
    permissions: ['Policy.ReadWrite.AuthenticationMethod'],
    denied: 'methodDenied',
    handle: (context) =>
      withUser(context, (user) => {
        const parsed = requirements.safeParse(jsonOf(context.request.body));
        if (!parsed.success) return refused(context.errors.error(400, 'badRequest', 'The request is not valid.'));
        return write(context, user.userPrincipalName, () => {
          // With a registered method "enabled" becomes "enforced" by itself.
          const { perUserMfaState: wanted } = parsed.data;
          user.perUserMfaState = wanted === 'enabled' && user.methods.length > 0 ? 'enforced' : wanted;
          return noContent;
        });
      }),
  },
];
