/** What the connector asks of Active Directory, reads and writes, against the schema that Microsoft documents. */
import type { ActiveDirectory, None } from 'identity-sandbox/vendor';
import type {
  ACCOUNT_ATTRIBUTES,
  AccountChange,
  ATTRIBUTES,
  GroupChange,
  ROOT_DSE,
} from '../../src/connectors/active-directory/attributes.js';
import type { STAMPED } from '../../src/connectors/active-directory/replication-metadata.js';

type Readable = ActiveDirectory.Readable;
type OfUser = ActiveDirectory.OfUser;
type OfGroup = ActiveDirectory.OfGroup;

export type Asks = None<Exclude<(typeof ACCOUNT_ATTRIBUTES)[number], OfUser>>;

/** Searches, filters and the readers of `entry.ts` take no other names than those of the two tables. */
export type Reads = [
  None<ActiveDirectory.Misread<Readable, typeof ATTRIBUTES>>,
  None<ActiveDirectory.Misread<ActiveDirectory.RootDse, typeof ROOT_DSE>>,
  None<Exclude<(typeof STAMPED)[keyof typeof STAMPED], ActiveDirectory.Stamped>>,
];

export type Sends = [
  None<ActiveDirectory.Unwritable<OfUser, AccountChange>>,
  None<ActiveDirectory.Unwritable<OfGroup, GroupChange>>,
];

// @ts-expect-error Members are listed by groups; a user has memberOf.
export type Elsewhere = None<Exclude<'member', OfUser>>;
// @ts-expect-error Active Directory has no such attribute.
export type Unheard = None<ActiveDirectory.Misread<Readable, { isLocked: 'text' }>>;
// @ts-expect-error A password can be written, never read.
export type Secret = None<ActiveDirectory.Misread<Readable, { unicodePwd: 'bytes' }>>;
// @ts-expect-error 64 bits do not fit into a number.
export type TooSmall = None<ActiveDirectory.Misread<Readable, { pwdLastSet: 'integer' }>>;
// @ts-expect-error There may be several of them.
export type OnlyFirst = None<ActiveDirectory.Misread<Readable, { servicePrincipalName: 'text' }>>;
// @ts-expect-error A generalized time comes where a large integer is read.
export type OtherTime = None<ActiveDirectory.Misread<Readable, { whenChanged: 'large' }>>;
// @ts-expect-error Each controller keeps its own, so no stamp tells of it.
export type Unstamped = None<Exclude<'lastLogon', ActiveDirectory.Stamped>>;
// @ts-expect-error The controller keeps it; nobody writes it.
export type Kept = None<ActiveDirectory.Unwritable<OfUser, { lastLogon: string }>>;
// @ts-expect-error It is computed from the members of groups.
export type Computed = None<ActiveDirectory.Unwritable<OfUser, { memberOf: string }>>;
// @ts-expect-error A time cannot be written, only 0 and -1.
export type Backdated = None<ActiveDirectory.Unwritable<OfUser, { pwdLastSet: '134399383548960620' }>>;
