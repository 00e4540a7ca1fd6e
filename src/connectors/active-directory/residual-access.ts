import { lasting } from '../kit/action.js';

const TEN_HOURS = 10 * 3600;

// Times are Windows' defaults; a domain policy may set others.

export const TICKETS = [
  lasting('Kerberos service tickets that were issued already', TEN_HOURS),
  lasting('SMB, RDP and other sessions that are open, until they are dropped'),
];
export const SIGN_IN_TICKET = lasting(
  'the sign-in ticket (TGT) of a session that was open before the reset',
  TEN_HOURS,
);
/** A password is one way in of several. */
export const KEYS = lasting(
  'sign-in with a certificate or a Windows Hello key of the account (altSecurityIdentities, msDS-KeyCredentialLink): a reset ends neither',
);
export const SMART_CARD = lasting(
  'sign-in with the smart card that the account requires: a reset does not end its certificate, revoke that where it was issued',
);
export const REPLICATION = lasting('the old state on other domain controllers, until they have replicated');
export const UNGUARDED = lasting('sign-ins that the group does not guard: only what reads the group obeys it');
/** A ticket contains the groups of the time when it was issued. */
export const OLD_GROUPS = lasting('tickets and sessions with the old groups, until they are renewed', TEN_HOURS);
