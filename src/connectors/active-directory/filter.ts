import type { PersonHandles } from '../port.js';

const SPECIAL = /[\\*()\0]/g;

/** A value as it may stand in an LDAP search filter: `\ * ( )` and NUL as `\xx` (RFC 4515, section 3). */
export function escapeFilterValue(value: string): string {
  return value.replace(SPECIAL, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const PERSON = '(objectCategory=person)(objectClass=user)';

/** People whom one of the handles names: mail, sign-in name, proxy address or personnel number. */
export function personBy(handles: PersonHandles): string {
  const addresses = handles.emails.map((email) => {
    const value = escapeFilterValue(email.trim());
    return `(mail=${value})(userPrincipalName=${value})(proxyAddresses=smtp:${value})`;
  });
  const number = handles.employeeId === null ? '' : `(employeeID=${escapeFilterValue(handles.employeeId.trim())})`;
  return `(&${PERSON}(|${addresses.join('')}${number}))`;
}

/** People whose object changed at the asked controller in this span of update sequence numbers, both included. */
export function peopleChangedBetween(fromUsn: bigint, toUsn: bigint): string {
  return `(&${PERSON}(uSNChanged>=${fromUsn.toString()})(uSNChanged<=${toUsn.toString()}))`;
}

/** People whose object changed at or after this instant, by the asked controller's clock. */
export function peopleChangedSince(since: Date): string {
  return `(&${PERSON}(whenChanged>=${generalizedTime(since)}))`;
}

/** Ordinary, enabled people, no services: a sample to read the service account's rights from. */
export const ORDINARY_PEOPLE =
  `(&${PERSON}(userPrincipalName=*)(!(servicePrincipalName=*))(!(adminCount=1))` +
  '(!(userAccountControl:1.2.840.113556.1.4.803:=2)))';

/** Membership of a group, also through groups in groups. */
export function memberOfNested(groupDn: string): string {
  return `(memberOf:1.2.840.113556.1.4.1941:=${escapeFilterValue(groupDn)})`;
}

/** `YYYYMMDDHHMMSS.0Z`, the only form that Active Directory takes in filters. */
function generalizedTime(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:T]/g, '')}.0Z`;
}
