import type { ConsoleStep } from '../../ports/connector.js';
import { absent, manual, type Actions } from '../kit/action.js';
import { inMimecast, revokeApplications, userPage } from './clicks.js';
import { disableMailRules } from './delegates.js';
import { limitLoginIps, quarantine, requireTwoStep } from './group-actions.js';
import type { Reader, Reading } from './reading.js';
import { resetPassword, revokeSessions } from './reset.js';
import { blockMailProtocols, disableAccount, enableAccount } from './switches.js';

const NOT_SHOWN = "Mimecast's API shows nothing of this.";

const nothingLike = absent<never, Reading>('Mimecast has nothing like it; leave it out here.', NOT_SHOWN);

const byPerson = (why: string, steps: (login: string) => readonly ConsoleStep[]) =>
  manual<never, Reading>({ why, observed: NOT_SHOWN, clicks: (_command, { login }) => steps(login) });

const forceRegistration = (login: string) =>
  inMimecast(
    'Make the person register the second step anew',
    ...userPage(login),
    'In the section 2-Step Authentication, click Force Reregistration: this removes the present secret',
    'Click Save and Exit',
  );

const clearMobile = (login: string) =>
  inMimecast(
    'Check the mobile number that codes go to',
    ...userPage(login),
    'In the section 2-Step Authentication, compare the mobile number with the one that the person names by another channel; remove it if it is not theirs',
    'Click Save and Exit',
    "Open Users & Groups | Applications | Authentication Profiles, open the person's profile, and set Password Reset Options to Not Allowed while the mailbox is not trusted",
  );

const removeRole = (login: string) =>
  inMimecast(
    'Take administrator roles away, and note them first',
    'Open Account | Roles',
    `Open each administrator role and look for ${login} among its users`,
    'Write the names of the roles that hold the person into this thread: they are needed to give them back',
    'Select the person and choose Remove User from Role',
  );

/** What Mimecast can do here: 2-step, quarantine and login ranges only through prepared groups. */
export const actionsOf = (reader: Reader): Actions<Reading> => ({
  reset_password: resetPassword(reader.api),
  revoke_sessions: revokeSessions,
  disable_account: disableAccount(reader),
  enable_account: enableAccount(reader.api),
  remove_factors: byPerson(
    "Mimecast's API cannot touch 2-step registrations; force a new registration in the console.",
    forceRegistration,
  ),
  unlink_identity_providers: nothingLike,
  invalidate_backup_codes: nothingLike,
  clear_recovery_contacts: byPerson(
    "Mimecast's API cannot change the mobile number that codes go to; do the manual steps.",
    clearMobile,
  ),
  require_two_step: requireTwoStep(reader),
  delete_app_passwords: nothingLike,
  revoke_grants: byPerson(
    "Mimecast's API cannot revoke registered applications; do the manual steps.",
    revokeApplications,
  ),
  disable_mail_rules: disableMailRules(reader.api),
  block_mail_protocols: blockMailProtocols(reader.api),
  block_devices: nothingLike,
  remove_admin_roles: byPerson(
    "Mimecast's API cannot take a person out of an administrator role; do the manual steps.",
    removeRole,
  ),
  quarantine: quarantine(reader),
  limit_login_ips: limitLoginIps(reader),
  // Mimecast has permitted ranges only; nothing keeps a single address away from the log-in pages.
  block_address: nothingLike,
  confirm_compromised: nothingLike,
});
