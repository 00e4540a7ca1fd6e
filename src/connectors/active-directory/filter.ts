import type { PersonIdentifiers } from '../../ports/connector.js';
import { DISABLED } from './account.js';
import type { AttributeName, ReadAs } from './attributes.js';

const SPECIAL = /[\\*()\0]/g;

/** A value escaped for an LDAP search filter: `\ * ( )` and NUL as `\xx` (RFC 4515, section 3). */
export function escapeFilterValue(value: string): string {
  return value.replace(SPECIAL, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export const equal = (attribute: AttributeName, value: string): string => `(${attribute}=${escapeFilterValue(value)})`;
/** Only numbers and times have an order. */
const atLeast = (attribute: ReadAs<'large' | 'time'>, value: string): string => `(${attribute}>=${value})`;
const atMost = (attribute: ReadAs<'large' | 'time'>, value: string): string => `(${attribute}<=${value})`;
const not = (filter: string): string => `(!${filter})`;
const isSet = (attribute: AttributeName): string => `(${attribute}=*)`;
/** LDAP_MATCHING_RULE_BIT_AND, for all bits of a number. */
const hasBits = (attribute: ReadAs<'integer'>, bits: number): string =>
  `(${attribute}:1.2.840.113556.1.4.803:=${bits})`;
/** LDAP_MATCHING_RULE_IN_CHAIN, for distinguished names. */
const reaches = (attribute: 'memberOf', dn: string): string =>
  `(${attribute}:1.2.840.113556.1.4.1941:=${escapeFilterValue(dn)})`;

const PERSON = equal('objectCategory', 'person') + equal('objectClass', 'user');

/** People named by one of the identifiers: mail, sign-in name, proxy address or personnel number. */
export function personBy(identifiers: PersonIdentifiers): string {
  const addresses = identifiers.emails.map((email) => {
    const address = email.trim();
    return equal('mail', address) + equal('userPrincipalName', address) + equal('proxyAddresses', `smtp:${address}`);
  });
  const number = identifiers.employeeId === null ? '' : equal('employeeID', identifiers.employeeId.trim());
  return `(&${PERSON}(|${addresses.join('')}${number}))`;
}

/** People whose object changed at the queried controller in this span of update sequence numbers, both included. */
export function peopleChangedBetween(fromUsn: bigint, toUsn: bigint): string {
  return `(&${PERSON}${atLeast('uSNChanged', fromUsn.toString())}${atMost('uSNChanged', toUsn.toString())})`;
}

/** People whose object changed at or after this instant, by the queried controller's clock. */
export function peopleChangedSince(since: Date): string {
  return `(&${PERSON}${atLeast('whenChanged', generalizedTime(since))})`;
}

/** Ordinary, enabled people, no services: a sample to read the service account's rights from. */
export const ORDINARY_PEOPLE = `(&${[
  PERSON,
  isSet('userPrincipalName'),
  not(isSet('servicePrincipalName')),
  not(equal('adminCount', '1')),
  not(hasBits('userAccountControl', DISABLED)),
].join('')})`;

/** Membership of a group, also through groups in groups. */
export const memberOfNested = (groupDn: string): string => reaches('memberOf', groupDn);

/** `YYYYMMDDHHMMSS.0Z`, the only form that Active Directory accepts in filters. */
function generalizedTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:T]/g, '')}.0Z`;
}
