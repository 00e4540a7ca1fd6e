import type { Command, Survivor } from '../port.js';

/** Mimecast's own figure for how long a group change takes to reach its log-in pages. */
export const GROUP_DELAY_SECONDS = 15 * 60;

const REGISTERED_APPLICATIONS: Survivor = {
  what: 'Tokens of registered applications (Outlook add-in, mobile apps): the API does not say that the reset ends them, so an administrator revokes them in the console',
  forSeconds: null,
};
const OTHER_SIGN_IN: Survivor = {
  what: 'Sign-in with a domain password or through SAML: only the Mimecast cloud password was changed',
  forSeconds: null,
};
const DIRECTORY_SYNC: Survivor = {
  what: 'Nothing yet, but the next directory synchronisation may enable a synchronised account again: disable it in the directory too',
  forSeconds: null,
};
const OPEN_SESSIONS: Survivor = {
  what: 'Sessions that are already open: Mimecast does not say that disabling ends them, a password reset does',
  forSeconds: null,
};
const UNTIL_APPLIED: Survivor = {
  what: 'The old log-in rules, until Mimecast has applied the group',
  forSeconds: GROUP_DELAY_SECONDS,
};
const ADMINISTRATORS: Survivor = {
  what: 'Administrator log-ins: Account_Administrators_Authentication_Profile overrides the group, and an enforced SAML overrides 2-step',
  forSeconds: null,
};
const OTHERS_RIGHTS: Survivor = {
  what: "What others may read: rights to open this person's mailbox stand on their accounts and are not shown here",
  forSeconds: null,
};
const OWN_MAILBOX: Survivor = {
  what: "Mail itself: it is read at the mail provider and in Mimecast's own applications, whatever POP and SMTP permit",
  forSeconds: null,
};

/** What goes on working after a command, as far as Mimecast's documentation tells. */
export function survivors(command: Command): readonly Survivor[] {
  switch (command.kind) {
    case 'reset_password':
      return [REGISTERED_APPLICATIONS, OTHER_SIGN_IN];
    case 'revoke_sessions':
      return [REGISTERED_APPLICATIONS];
    case 'disable_account':
      return [OPEN_SESSIONS, DIRECTORY_SYNC];
    case 'require_two_step':
    case 'limit_login_ips':
    case 'quarantine':
      return [UNTIL_APPLIED, ADMINISTRATORS];
    case 'disable_mail_rules':
      return [OTHERS_RIGHTS];
    case 'block_mail_protocols':
      return [OWN_MAILBOX];
    default:
      return [];
  }
}
