import { z } from 'zod';
import type { Routed } from '../http/server.js';
import { hashPassword, passwordIsWeak } from '../passwords.js';
import { MANAGE, paged, VIEW, withUser, type AdminCall } from './context.js';
import type { KeycloakUserRecord } from './model.js';
import { change, fail, forbidden, refuse, show } from './reply.js';

function accessOf(call: AdminCall, user: KeycloakUserRecord): Record<string, boolean> {
  const manage = call.may(...MANAGE) && !user.guarded;
  return { manageGroupMembership: manage, view: true, mapRoles: manage, impersonate: false, manage };
}

/** A `UserRepresentation`; Keycloak leaves out what is not set. */
function represent(call: AdminCall, user: KeycloakUserRecord) {
  const { id, username, firstName, lastName, email, emailVerified, attributes, enabled } = user;
  return {
    id,
    username,
    firstName,
    lastName,
    email,
    emailVerified,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    enabled,
    createdTimestamp: user.createdTimestamp,
    totp: user.credentials.some(({ type }) => type === 'otp'),
    ...(user.federationLink === null ? {} : { federationLink: user.federationLink }),
    ...(user.serviceAccountClientId === null ? {} : { serviceAccountClientId: user.serviceAccountClientId }),
    disableableCredentialTypes: [],
    requiredActions: [...user.requiredActions],
    federatedIdentities: user.identities,
    notBefore: user.notBefore,
    access: accessOf(call, user),
  };
}

/** `key:value` pairs; a value may be quoted, with `\"` for a quote inside. */
function attributeQuery(text: string): readonly (readonly [string, string])[] {
  const pairs = [...text.matchAll(/("(?:[^"\\]|\\.)*"|[^\s:]+):("(?:[^"\\]|\\.)*"|\S+)/g)];
  const plain = (part = ''): string => (part.startsWith('"') ? part.slice(1, -1).replaceAll('\\"', '"') : part);
  return pairs.map(([, key, value]) => [plain(key), plain(value)] as const);
}

export function listUsers(call: AdminCall): Routed {
  const { query } = call.request;
  if (!call.may(...VIEW, 'query-users')) return forbidden;
  if (!call.may(...VIEW)) return show.users([]);
  const exact = query.get('exact') === 'true';
  const match = (value: string, wanted: string | null): boolean => {
    if (wanted === null) return true;
    return exact ? value === wanted.toLowerCase() : value.includes(wanted.toLowerCase());
  };
  const attributes = attributeQuery(query.get('q') ?? '');
  if (query.has('q') && attributes.length === 0) return show.users([]);
  const found = call.realm
    .seen()
    .users.filter((user) => user.serviceAccountClientId === null)
    .filter((user) => match(user.email, query.get('email')) && match(user.username, query.get('username')))
    .filter((user) => attributes.every(([key, value]) => user.attributes[key]?.includes(value) === true));
  return show.users(paged(found, query, 100).map((user) => represent(call, user)));
}

export const readUser = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, seen) => show.user(represent(call, seen)));

/** Known fields only: Keycloak's mapper refuses others. What is absent and not marked optional is blanked. */
const update = z.strictObject({
  id: z.string().optional(),
  username: z.string().optional(),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  email: z.string().default(''),
  emailVerified: z.boolean().optional(),
  attributes: z.record(z.string(), z.array(z.string())).optional(),
  enabled: z.boolean().optional(),
  createdTimestamp: z.number().optional(),
  totp: z.boolean().optional(),
  federationLink: z.string().optional(),
  serviceAccountClientId: z.string().optional(),
  disableableCredentialTypes: z.array(z.string()).optional(),
  requiredActions: z.array(z.string()).optional(),
  federatedIdentities: z.array(z.unknown()).optional(),
  notBefore: z.number().optional(),
  access: z.record(z.string(), z.boolean()).optional(),
});

function isReadOnly(call: AdminCall, user: KeycloakUserRecord): boolean {
  const provider = call.realm.present().providers.find(({ id }) => id === user.federationLink);
  return provider?.readOnly === true;
}

export const updateUser = (call: AdminCall, id: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const parsed = update.safeParse(call.json);
    if (!parsed.success) return refuse(400, 'unknown_error');
    const { firstName, lastName, email, emailVerified, attributes, enabled, requiredActions } = parsed.data;
    const changesSource = email !== user.email || firstName !== user.firstName || lastName !== user.lastName;
    if (isReadOnly(call, user) && changesSource) return { refused: fail(400, { errorMessage: 'User is read only!' }) };
    return change(user.email, () => {
      Object.assign(user, { firstName, lastName, email });
      if (emailVerified !== undefined) user.emailVerified = emailVerified;
      if (attributes !== undefined) user.attributes = attributes;
      if (enabled !== undefined) user.enabled = enabled;
      if (enabled === true) Object.assign(user, { lockedUntil: 0, numFailures: 0 });
      if (requiredActions !== undefined) user.requiredActions = [...new Set(requiredActions)];
      call.log('UPDATE', 'USER');
    });
  });

const newPassword = z.object({ value: z.string().optional(), temporary: z.boolean().optional() });

export const resetPassword = (call: AdminCall, id: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const parsed = newPassword.safeParse(call.json);
    const value = parsed.data?.value;
    if (value === undefined) return refuse(400, 'No password provided');
    if (value.trim() === '') return refuse(400, 'Empty password not allowed');
    if (isReadOnly(call, user)) return refuse(400, "Can't reset password as account is read only");
    if (passwordIsWeak(value, user.email)) {
      const error_description = 'Invalid password: minimum length 10.';
      return { refused: fail(400, { error: 'invalidPasswordMinLengthMessage', error_description }) };
    }
    return change(user.email, () => {
      // A federated password is written to its source: no credential is stored here.
      if (user.federationLink === null) user.password = { ...hashPassword(value), createdDate: call.realm.now() };
      const others = user.requiredActions.filter((action) => action !== 'UPDATE_PASSWORD');
      user.requiredActions = parsed.data?.temporary === true ? [...others, 'UPDATE_PASSWORD'] : others;
      call.log('ACTION', 'USER');
    });
  });

export const listCredentials = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, { password, credentials }) =>
    show.credentials([
      ...(password === null
        ? []
        : [
            {
              id: `password-${id}`,
              type: 'password',
              createdDate: password.createdDate,
              credentialData: '{"hashIterations":5,"algorithm":"argon2","additionalParameters":{}}',
            },
          ]),
      ...credentials.map((credential) => ({ ...credential, credentialData: '{}' })),
    ]),
  );

export const deleteCredential = (call: AdminCall, id: string, credentialId: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    const isPassword = credentialId === `password-${id}` && user.password !== null;
    if (!isPassword && !user.credentials.some((credential) => credential.id === credentialId))
      return refuse(404, 'Credential not found');
    return change(user.email, () => {
      if (isPassword) user.password = null;
      user.credentials = user.credentials.filter((credential) => credential.id !== credentialId);
      call.log('ACTION', 'USER');
    });
  });

export const bruteForce = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_, { lockedUntil, numFailures }) =>
    show.bruteForce({
      numFailures,
      disabled: lockedUntil > call.realm.now(),
      lastIPFailure: numFailures === 0 ? 'n/a' : '203.0.113.9',
      lastFailure: 0,
    }),
  );
