import { lasting, lastingUntil } from '../kit/action.js';

/** An hour: the life of an OAuth access token (Google, "Using OAuth 2.0 to access Google APIs"). */
export const ACCESS_TOKENS = lasting(
  'Access tokens that apps hold already: Google lets them run out, it gives no new ones',
  3600,
);

/**
 * What Google's help says of a changed password (support.google.com/a/answer/6328616): it ends the tokens with access to
 * mail, but none of Apps Script; app passwords and open IMAP sessions are not touched.
 */
export const AFTER_RESET = [
  lastingUntil(
    'Grants to apps that have no access to mail, and those of Apps Script even when they have, until they are revoked',
    'revoke_grants',
  ),
  lastingUntil(
    'App passwords: a changed password does not touch them; they open IMAP, POP and SMTP until they are deleted',
    'delete_app_passwords',
  ),
  lasting('IMAP sessions that are open: they go on until the access token that opened them runs out', 3600),
];

/** The list of tokens shows a grant, not the project behind it. */
export const SCRIPTS = lasting(
  'Apps Script projects of the person, with their triggers and web apps: the grant is gone, the project stays in Drive and runs again once it is granted again; look at script.google.com, under My Triggers too',
);
