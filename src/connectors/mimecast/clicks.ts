import { stepsIn } from '../kit/action.js';

export const inMimecast = stepsIn('Sign in to the Mimecast Administration Console');

/** The page of one user: Mimecast's own words for the way to it. */
export const userPage = (login: string): readonly string[] => [
  'Open Users & Groups | Internal Directories (in older consoles: Directories | Internal Directories)',
  `Click the domain ${login.split('@')[1] ?? ''}, then the user ${login}`,
];

export const revokeApplications = (login: string) =>
  inMimecast(
    'Revoke registered applications',
    'Open Users & Groups | Applications | Registered Applications',
    `Search for ${login}`,
    'Select every application of this person and choose Revoke',
  );

/** Only of this reset the vendor says that it revokes the person's sessions, and the tokens of registered applications. */
export const resetInConsole = (login: string) =>
  inMimecast(
    "End the open sessions by the console's own reset: only of this one Mimecast says that it does",
    ...userPage(login),
    'Enter a new password that nobody knows, and leave the demand to change it at log-on switched on',
    'Click Save and Exit: the password that Notme set holds no longer, hand this one over in the same way',
    'Mimecast tells the person of it by SMS or e-mail: expect that whoever reads the mailbox learns of it',
  );

/** What holds for an administrator, whom no prepared group reaches; for all administrators at once. */
export const adminRanges = (ranges: readonly string[]) =>
  inMimecast(
    'If the person is an administrator: limit the Administration Console too, for all administrators',
    'Open Account | Account Settings | User Access and Permissions',
    `In Admin IP Ranges enter ${ranges.join(', ')} and the ranges of all other administrators: whoever is in none of them is locked out, you too`,
    'Click Save and Exit, and check with a second administrator that the console still opens before you leave it',
  );

/** Rejected before they go out. Blocked Senders policies hold for outbound mail too (Mimecast, "Configuring Blocked Sender Policies"). */
export const stopSending = (from: string): readonly string[] => [
  'Open Gateway | Policies | Blocked Senders and click New Policy',
  `Choose Block Sender, Emails From: ${from}, Emails To: Everyone, and click Save and Exit`,
];

export const rejectHeld = (login: string): readonly string[] => [
  'Open Message Center | Held Messages',
  `Search for ${login}, select what the person has not sent and choose Reject`,
];
