/** What a simulated Graph answers is held to Microsoft's types where it answers (`Shape`); this shows that it is held. */
import { collection, entity, type Shape } from '../../src/entra-id/collection.js';
import type { Factor } from '../../src/entra-id/model.js';
import type { Context } from '../../src/entra-id/route.js';
import type { EntraId, Misfit, None } from '../../src/vendor/index.js';

declare const context: Context;
const USERS: Shape<EntraId.Graph.User> = { context: 'users' };
const POLICIES: Shape<EntraId.Graph.ConditionalAccessPolicy> = { context: 'identity/conditionalAccess/policies' };

entity(context, { id: '1', accountEnabled: true, passwordProfile: { password: null } }, USERS);
// @ts-expect-error A user of Graph has no such key.
entity(context, { id: '1', lockedOut: true }, USERS);
// @ts-expect-error Whether it is enabled is a boolean.
entity(context, { id: '1', accountEnabled: 'true' }, USERS);
// @ts-expect-error Neither is one taken that stands deeper.
entity(context, { id: '1', passwordProfile: { password: null, strength: 5 } }, USERS);
const found = { id: '1', lockedOut: true };
// @ts-expect-error Nor one that comes from a variable.
collection(context, [{ ...found, accountEnabled: true }], USERS);
// @ts-expect-error A policy has three states.
collection(context, [{ id: '1', state: 'paused' }], POLICIES);
// @ts-expect-error An id is never null.
entity(context, { id: null }, USERS);
// @ts-expect-error What has no type cannot be held to one.
entity(context, { id: '1', mail: JSON.parse('1') }, USERS);
// @ts-expect-error Graph cannot leave out by default what it does not have.
export const BROKEN: Shape<EntraId.Graph.User> = { context: 'users', defaults: ['lockedOut'] };

type FieldsOf<Type extends Factor['type']> = Extract<Factor, { type: Type }>['fields'];
export type Checks = [
  None<{ [Type in Factor['type']]: Misfit<EntraId.Methods[Type], FieldsOf<Type>> }[Factor['type']]>,
];
