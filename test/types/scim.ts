/** What the connector sends to a SCIM server and reads from it, against RFC 7643 and RFC 7644. */
import type { Misfit, None, Scim, Unread } from 'identity-sandbox/vendor';
import type { Operation } from '../../src/connectors/scim/api.js';
import type { scimError } from '../../src/connectors/scim/failures.js';
import type { group } from '../../src/connectors/scim/groups.js';
import type { list } from '../../src/connectors/scim/list.js';
import type { page } from '../../src/connectors/scim/service-provider.js';
import type { user } from '../../src/connectors/scim/user.js';
import type { ReadBy } from './read-by.js';

/** A value is of whatever attribute is changed. */
export type Sends = None<Misfit<Omit<Scim.Operation, 'value'>, Omit<Operation, 'value'>>>;

export type Reads = [
  None<Unread<Scim.User, ReadBy<typeof user>>>,
  None<Unread<Scim.Group, ReadBy<typeof group>>>,
  None<Unread<Scim.ListResponse, ReadBy<typeof list>>>,
  None<Unread<Scim.ServiceProviderConfig, ReadBy<typeof page>>>,
  None<Unread<Scim.Refusal, ReadBy<typeof scimError>>>,
];

// @ts-expect-error There is no such operation.
export type Invented = None<Misfit<Scim.Operation, { op: 'move' }>>;
// @ts-expect-error What SCIM does not have cannot be read.
export type Unheard = None<Unread<Scim.User, { locked: boolean }>>;
// @ts-expect-error A boolean comes where a text is read.
export type Misread = None<Unread<Scim.User, { active: string }>>;
