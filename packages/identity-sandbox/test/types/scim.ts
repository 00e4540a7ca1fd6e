/** What the SCIM server's application hands to its package is held to RFC 7643; the package itself writes the rest. */
import type { representGroup, representUser } from '../../src/scim/resources.js';
import type { Misfit, None, Scim } from '../../src/vendor/index.js';

export type Answers = [
  None<Misfit<Scim.User, ReturnType<typeof representUser>>>,
  None<Misfit<Scim.Group, ReturnType<typeof representGroup>>>,
];

// @ts-expect-error A user of SCIM has no such attribute.
export type Invented = None<Misfit<Scim.User, { locked: true }>>;
// @ts-expect-error Whether it is active is a boolean.
export type WrongValue = None<Misfit<Scim.User, { active: 'true' }>>;
