import { z } from 'zod';
import type { Routed } from '../http/server.js';
import { MANAGE, VIEW, withUser, type AdminCall } from './context.js';
import { change, fail, refuse, show } from './reply.js';

// `users/{id}/federated-identity`, as in UserResource.java.

export const listIdentities = (call: AdminCall, id: string): Routed =>
  withUser(call, id, VIEW, (_user, seen) => show.identities(seen.identities));

export const deleteIdentity = (call: AdminCall, id: string, alias: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    if (!user.identities.some(({ identityProvider }) => identityProvider === alias))
      return refuse(404, 'Link not found');
    return change(user.email, () => {
      user.identities = user.identities.filter(({ identityProvider }) => identityProvider !== alias);
      call.log('DELETE', 'USER');
    });
  });

const link = z.object({ userId: z.string().optional(), userName: z.string().optional() });

export const addIdentity = (call: AdminCall, id: string, alias: string): Routed =>
  withUser(call, id, MANAGE, (user) => {
    if (user.identities.some(({ identityProvider }) => identityProvider === alias))
      return { refused: fail(409, { errorMessage: 'User is already linked with provider' }) };
    const { userId = '', userName = '' } = link.safeParse(call.json).data ?? {};
    return change(user.email, () => {
      user.identities.push({ identityProvider: alias, userId, userName });
      call.log('CREATE', 'USER');
    });
  });
