import type { Entry } from 'ldapts';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, AccountState, ConnectorFailure } from '../port.js';
import { bytes, integer, text, texts } from './entry.js';
import { fromFiletime } from './filetime.js';
import { formatGuid, isGuid } from './guid.js';
import { stampOf, stampsOf, UNICODE_PWD, type AttributeStamp } from './replication-metadata.js';
import type { Session } from './session.js';

export const SYSTEM = 'active_directory';

/** Bits of userAccountControl and of its computed sibling (MS-ADTS 2.2.16). */
export const DISABLED = 0x2;
const LOCKED = 0x10;
const PASSWORD_NEVER_EXPIRES = 0x10000;

/** Attributes that an account is judged by. `allowedAttributesEffective` is what the service account may write to it. */
export const accountAttributes: readonly string[] = [
  'objectGUID',
  'userPrincipalName',
  'sAMAccountName',
  'mail',
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'pwdLastSet',
  'lockoutTime',
  'adminCount',
  'replPropertyMetaData',
  'allowedAttributesEffective',
  'servicePrincipalName',
  'objectClass',
  'msExchRecipientTypeDetails',
];

/** What the account must let the service account write, for every action to work. */
export const NEEDED_ATTRIBUTES = ['pwdLastSet', 'userAccountControl', 'lockoutTime'] as const;

/** One account as the directory showed it. */
export interface Account {
  readonly dn: string;
  readonly guid: string;
  readonly login: string;
  readonly mail: string | null;
  readonly userAccountControl: number;
  readonly locked: boolean;
  /** Whether a lock is recorded, also one whose time has run out. */
  readonly lockRecorded: boolean;
  readonly mustChangePassword: boolean;
  /** The account is exempt from password ageing: Windows then ignores the demand to change it at the next logon. */
  readonly passwordNeverExpires: boolean;
  readonly passwordChangedAt: Date | null;
  readonly adminCount: boolean;
  /** What the object's own marks say it is for. */
  readonly use: 'service' | 'shared' | null;
  /** The names of its service principals, e.g. `MSSQLSvc/db1.corp.example`. */
  readonly servicePrincipals: readonly string[];
  /** When each attribute was last written. */
  readonly stamps: readonly AttributeStamp[];
  /** Which of the needed attributes the service account may not write. */
  readonly unwritable: readonly string[];
}

/** Reads an entry; `null` when it lacks what every account has (it is no user, or the service account may not read it). */
export function toAccount(entry: Entry): Account | null {
  const guid = formatGuid(bytes(entry, 'objectGUID') ?? Buffer.alloc(0));
  const userAccountControl = integer(entry, 'userAccountControl');
  const login = text(entry, 'userPrincipalName') ?? implicitPrincipal(entry);
  if (guid === null || userAccountControl === null || login === null) return null;
  const computed = integer(entry, 'msDS-User-Account-Control-Computed') ?? 0;
  const lockoutTime = text(entry, 'lockoutTime');
  const pwdLastSet = text(entry, 'pwdLastSet');
  const passwordNeverExpires = (userAccountControl & PASSWORD_NEVER_EXPIRES) !== 0;
  const stamps = stampsOf(bytes(entry, 'replPropertyMetaData'));
  const writable = new Set(texts(entry, 'allowedAttributesEffective').map((name) => name.toLowerCase()));
  return {
    dn: entry.dn,
    guid,
    login,
    mail: text(entry, 'mail'),
    userAccountControl,
    locked: (computed & LOCKED) !== 0,
    lockRecorded: lockoutTime !== null && lockoutTime !== '0',
    mustChangePassword: pwdLastSet === '0' && !passwordNeverExpires,
    passwordNeverExpires,
    passwordChangedAt: stampOf(stamps, UNICODE_PWD)?.changedAt ?? fromFiletime(pwdLastSet),
    adminCount: integer(entry, 'adminCount') === 1,
    use: useOf(entry),
    servicePrincipals: texts(entry, 'servicePrincipalName'),
    stamps,
    unwritable: NEEDED_ATTRIBUTES.filter((name) => !writable.has(name.toLowerCase())),
  };
}

/** Every account has the principal name `sAMAccountName@domain`, also when none was written. */
function implicitPrincipal(entry: Entry): string | null {
  const name = text(entry, 'sAMAccountName');
  const domain = [...entry.dn.matchAll(/(?:^|,)DC=([^,]+)/gi)].map((part) => part[1] ?? '').join('.');
  return name === null || domain === '' ? null : `${name}@${domain}`;
}

/** Reads the account by its stable id, wherever it was moved or renamed to. */
export async function readAccount(session: Session, ref: AccountRef): Promise<Result<Account, ConnectorFailure>> {
  if (ref.system !== SYSTEM || !isGuid(ref.accountId)) {
    return err({ kind: 'not_found', message: 'This is no Active Directory account id; look the account up again.' });
  }
  const [entry] = await session.search(`<GUID=${ref.accountId}>`, {
    scope: 'base',
    attributes: [...accountAttributes],
  });
  const account = entry === undefined ? null : toAccount(entry);
  if (account !== null) return ok(account);
  return err({
    kind: 'not_found',
    message: `Active Directory shows no user with the id ${ref.accountId}: it was deleted, or the service account may not read it.`,
  });
}

/** What groups tell of an account: `null` where none was prepared or looked at. */
export interface GroupFacts {
  readonly twoStepRequired: boolean | null;
  readonly loginRanges: readonly string[] | null;
  readonly adminRoles: readonly string[] | null;
}

/** The account in the port's words. */
export function toState(account: Account, groups: GroupFacts, readAt: Date): AccountState {
  return {
    enabled: (account.userAccountControl & DISABLED) === 0,
    locked: account.locked,
    mustChangePassword: account.mustChangePassword,
    passwordChangedAt: account.passwordChangedAt,
    ...groups,
    protectedBecause: protectedBecause(account),
    authority: { where: 'here' },
    use: account.use,
    readAt,
  };
}

/** Exchange's numbers for mailboxes that several people use: shared, room, equipment, remote shared. */
const SHARED_MAILBOXES = new Set(['4', '16', '32', '34359738368']);
const SERVICE_CLASSES = ['msds-managedserviceaccount', 'msds-groupmanagedserviceaccount'];

function useOf(entry: Entry): Account['use'] {
  const classes = texts(entry, 'objectClass').map((name) => name.toLowerCase());
  if (SERVICE_CLASSES.some((name) => classes.includes(name))) return 'service';
  if (texts(entry, 'servicePrincipalName').length > 0) return 'service';
  return SHARED_MAILBOXES.has(text(entry, 'msExchRecipientTypeDetails') ?? '') ? 'shared' : null;
}

export function protectedBecause(account: Account): string | null {
  if (account.unwritable.length === 0) return null;
  if (account.adminCount) {
    return 'It is or was an administrator (adminCount=1): AdminSDHolder strips delegated rights, so a domain administrator must act by hand.';
  }
  return `The service account may not write ${account.unwritable.join(', ')} of it: grant the rights on its organisational unit, or act by hand.`;
}
