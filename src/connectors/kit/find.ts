import { err, ok } from '../../platform/result.js';
import type { AccountRef, PersonIdentifiers } from '../../ports/connector.js';
import { refuse, type Outcome } from './action.js';

/** More than a person has; a search stays small whatever its input. */
const MOST_ADDRESSES = 20;

/** The identifiers without blanks and duplicates. */
export const tidy = ({ emails, employeeId }: PersonIdentifiers): Omit<PersonIdentifiers, 'unverifiedToo'> => ({
  emails: [...new Set(emails.map((email) => email.trim()))].filter((email) => email !== '').slice(0, MOST_ADDRESSES),
  employeeId: employeeId?.trim() || null,
});

/** Where this is used, nobody has an address with a space, a quote or a backslash; such an address is not looked up. */
export const isAddress = (text: string): boolean => /^[^\s@"\\\p{Cc}]{1,200}@[^\s@"\\\p{Cc}]{1,200}$/u.test(text);

/** Addresses and logins are case-insensitive. */
export const isSame = (one: string | null | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();

/**
 * Accounts that nothing names but an address which the system has not verified: whoever got into one account may have
 * entered another person's address there, so an approver says whether it is theirs.
 */
export const doubtful = (accounts: readonly AccountRef[], title: string): Outcome<AccountRef> =>
  err({
    kind: 'ambiguous',
    unverified: true,
    message: `${title} has not verified the address by which this was found; correct the account if it is theirs.`,
    candidates: distinctOf(accounts).map(sayAccount),
  });

const distinctOf = (accounts: readonly AccountRef[]): readonly AccountRef[] => [
  ...new Map(accounts.map((account) => [account.accountId, account])).values(),
];
const sayAccount = ({ login, accountId }: AccountRef): string => `${login} (${accountId})`;

/**
 * The one account among the matches. None, and several, are for a person to decide; never the first of them. `unread`:
 * the system named accounts that cannot be read: they hide no other, but without another one nobody is absent.
 */
export function theOnly(accounts: readonly AccountRef[], title: string, unread = false): Outcome<AccountRef> {
  const distinct = distinctOf(accounts);
  const [only, second] = distinct;
  if (unread && only === undefined)
    return refuse(
      'transient',
      `${title} answered with accounts that cannot be read, and no other one fits; it is safe to ask again.`,
    );
  if (only === undefined)
    return refuse(
      'not_found',
      `${title} has no account with these addresses; link it by hand if it has another name there, or leave ${title} out for this person.`,
    );
  if (second === undefined) return ok(only);
  return err({
    kind: 'ambiguous',
    message: `${title} has ${distinct.length} accounts that fit; say which one is meant.`,
    candidates: distinct.map(sayAccount),
  });
}
