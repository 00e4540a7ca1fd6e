import type { Entry } from 'ldapts';
import { ok } from '../../platform/result.js';
import type { AccountRef, AccountState } from '../../ports/connector.js';
import { refuse, type Answer } from '../kit/action.js';
import { ACCOUNT_ATTRIBUTES, type AccountChange } from './attributes.js';
import { bytes, integer, large, text, texts } from './entry.js';
import { fromFiletime } from './filetime.js';
import { formatGuid, isGuid } from './guid.js';
import { stampOf, stampsOf, UNICODE_PWD } from './replication-metadata.js';
import type { Session } from './session.js';

export const SYSTEM = 'active_directory';

/** Bits of userAccountControl and of its computed sibling (MS-ADTS 2.2.16). */
export const DISABLED = 0x2;
const LOCKED = 0x10;
const PASSWORD_NEVER_EXPIRES = 0x10000;
const SMART_CARD_REQUIRED = 0x40000;

/** What the service account must be allowed to write, for every action to work. */
export const NEEDED_ATTRIBUTES: readonly string[] = [
  'pwdLastSet',
  'userAccountControl',
  'lockoutTime',
] satisfies readonly (keyof AccountChange)[];

/**
 * Parses an entry; `null` when it lacks what every account has (it is not a user, or the service account may not read
 * it).
 */
export function toAccount(entry: Entry) {
  const guid = formatGuid(bytes(entry, 'objectGUID') ?? Buffer.alloc(0));
  const userAccountControl = integer(entry, 'userAccountControl');
  const login = text(entry, 'userPrincipalName') ?? implicitPrincipal(entry);
  if (guid === null || userAccountControl === null || login === null) return null;
  const computed = integer(entry, 'msDS-User-Account-Control-Computed');
  const lockoutTime = large(entry, 'lockoutTime');
  const pwdLastSet = large(entry, 'pwdLastSet');
  const accountExpires = large(entry, 'accountExpires');
  const passwordNeverExpires = (userAccountControl & PASSWORD_NEVER_EXPIRES) !== 0;
  const stamps = stampsOf(bytes(entry, 'replPropertyMetaData'));
  const writable = new Set(texts(entry, 'allowedAttributesEffective').map((name) => name.toLowerCase()));
  return {
    dn: entry.dn,
    guid,
    login,
    userAccountControl,
    /** `null`: not shown. */
    locked: computed === null ? null : (computed & LOCKED) !== 0,
    /** Including one whose time has run out. */
    lockRecorded: lockoutTime !== null && lockoutTime !== '0',
    /** `null`: not shown; every account has the attribute. */
    mustChangePassword: passwordNeverExpires ? false : isDigits(pwdLastSet) ? pwdLastSet === '0' : null,
    /**
     * The account is exempt from password expiry: Windows then ignores the requirement to change it at the next logon.
     */
    passwordNeverExpires,
    passwordChangedAt: stampOf(stamps, UNICODE_PWD)?.changedAt ?? fromFiletime(pwdLastSet),
    /** From then on nobody signs in, although the account is not disabled; `null`: it never expires. */
    expiresAt: fromFiletime(accountExpires),
    /** Every account has the attribute: without it, whether it has expired is not told. */
    expiryTold: isDigits(accountExpires),
    /** It signs in by the certificate of its card, which a new password does not end. */
    smartCardRequired: (userAccountControl & SMART_CARD_REQUIRED) !== 0,
    adminCount: integer(entry, 'adminCount') === 1,
    use: useOf(entry),
    /** When each attribute was last written. */
    stamps,
    /** Which of the needed attributes the service account may not write. */
    unwritable: NEEDED_ATTRIBUTES.filter((name) => !writable.has(name.toLowerCase())),
  };
}

const isDigits = (told: string | null): boolean => told !== null && /^\d{1,19}$/.test(told);

/** One account as the directory showed it. */
export type Account = Readonly<NonNullable<ReturnType<typeof toAccount>>>;

/** Every account has the principal name `sAMAccountName@domain`, even when none was written. */
function implicitPrincipal(entry: Entry): string | null {
  const name = text(entry, 'sAMAccountName');
  const domain = [...entry.dn.matchAll(/(?:^|,)DC=([^,]+)/gi)].map((part) => part[1] ?? '').join('.');
  return name === null || domain === '' ? null : `${name}@${domain}`;
}

/** The accounts that a filter finds below `base`; what cannot be an account is left out. */
export async function searchAccounts(
  session: Session,
  base: string,
  search: { readonly filter: string; readonly sizeLimit: number },
): Promise<readonly Account[]> {
  const entries = await session.search(base, { scope: 'sub', attributes: ACCOUNT_ATTRIBUTES, ...search });
  return entries.map(toAccount).filter((account) => account !== null);
}

/** Reads the account by its stable id, even after a move or a rename. */
export async function readAccount(session: Session, { system, accountId }: AccountRef): Answer<Account> {
  if (system !== SYSTEM || !isGuid(accountId))
    return refuse('not_found', 'This is no Active Directory account id; look the account up again.');
  const [entry] = await session.search(`<GUID=${accountId}>`, { scope: 'base', attributes: ACCOUNT_ATTRIBUTES });
  const account = entry === undefined ? null : toAccount(entry);
  if (account !== null) return ok(account);
  return refuse(
    'not_found',
    `Active Directory shows no user with the id ${accountId}: it was deleted, or the service account may not read it.`,
  );
}

/** The account in the port's words; `expired` by the controller's clock. */
export function toState(
  account: Account,
  facts: Pick<AccountState, 'twoStepRequired' | 'loginRanges' | 'adminRoles'> & { readonly expired: boolean },
  readAt: Date,
): AccountState {
  const { expired, ...groups } = facts;
  return {
    enabled: (account.userAccountControl & DISABLED) !== 0 || expired ? false : account.expiryTold ? true : null,
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

/** What the object's own marks say it is for. */
function useOf(entry: Entry): 'service' | 'shared' | null {
  const classes = texts(entry, 'objectClass').map((name) => name.toLowerCase());
  if (SERVICE_CLASSES.some((name) => classes.includes(name))) return 'service';
  if (texts(entry, 'servicePrincipalName').length > 0) return 'service';
  return SHARED_MAILBOXES.has(large(entry, 'msExchRecipientTypeDetails') ?? '') ? 'shared' : null;
}

export function protectedBecause(account: Account): string | null {
  if (account.unwritable.length === 0) return null;
  if (account.adminCount) {
    return 'It is or was an administrator (adminCount=1): AdminSDHolder strips delegated rights, so a domain administrator must act by hand.';
  }
  return `The service account may not write ${account.unwritable.join(', ')} of it: grant the rights on its organisational unit, or act by hand.`;
}
