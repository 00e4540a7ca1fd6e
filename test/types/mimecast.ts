/** What the connector reads from Mimecast, against the shapes of its reference and of recorded answers. */
import type { Mimecast, Misfit, None, Unread } from 'identity-sandbox/vendor';
import type { row, UserChange } from '../../src/connectors/mimecast/account.js';
import type { auditEntry } from '../../src/connectors/mimecast/audit-row.js';
import type { delegate } from '../../src/connectors/mimecast/delegates.js';
import type { connection } from '../../src/connectors/mimecast/directory-sync.js';
import type { folder } from '../../src/connectors/mimecast/groups.js';
import type { profile } from '../../src/connectors/mimecast/roles.js';
import type { ReadBy } from './read-by.js';

export type Sends = None<Misfit<Partial<Mimecast.User> & { password?: string }, UserChange>>;

export type Reads = [
  None<Unread<Mimecast.User, ReadBy<typeof row>>>,
  None<Unread<Mimecast.AuditEvent, ReadBy<typeof auditEntry>>>,
  None<Unread<Mimecast.Delegate, ReadBy<typeof delegate>>>,
  None<Unread<Mimecast.Folder, ReadBy<typeof folder>>>,
  None<Unread<Mimecast.DirectoryConnection, ReadBy<typeof connection>>>,
  None<Unread<Mimecast.Profile, ReadBy<typeof profile>>>,
];

// @ts-expect-error A user of Mimecast has no such key.
export type Invented = None<Misfit<Mimecast.User, { emailAddress: string; locked: true }>>;
// @ts-expect-error What Mimecast does not have cannot be read.
export type Unheard = None<Unread<Mimecast.User, { locked: boolean }>>;
// @ts-expect-error A boolean comes where a text is read.
export type Misread = None<Unread<Mimecast.User, { accountLocked: string }>>;
