import { absent, manual, type Actions } from '../kit/action.js';
import type { AccountRef, ActionKind, ConsoleStep } from '../../ports/connector.js';
import { inConsole, openUser } from './clicks.js';
import { blockDevices } from './devices.js';
import { disableMailRules } from './disable-mail-rules.js';
import { clearRecoveryContacts, disableAccount, enableAccount } from './flags.js';
import { deleteAppPasswords, revokeGrants } from './lists.js';
import { blockMailProtocols } from './mail-protocols.js';
import { byPrepared, limitLoginIps, notRead, twoStepEnforced } from './membership.js';
import { resetPassword, revokeSessions } from './reset.js';
import { removeAdminRoles } from './roles.js';
import type { GoogleAction, Reading } from './user.js';
import type { Tools } from './tools.js';
import { invalidateBackupCodes, removeFactors } from './two-step.js';

/** Only by a person: the API cannot, or nothing was prepared. */
const BY_HAND = {
  why: 'Google Workspace cannot do this by API with these settings; do the manual steps, or prepare a group and name it in the settings.',
  observed: 'Google Workspace does not show by API whether this was done.',
};

const ACCESS_LEVELS =
  'Open Security > Access and data control > Context-Aware Access and click Access levels > Create access level';

const byHand = <K extends ActionKind>(clicks: NonNullable<GoogleAction<K>['clicks']>): GoogleAction<K> =>
  manual<K, Reading>({ ...BY_HAND, clicks });

const enforceTwoStep = (_command: unknown, { login }: AccountRef): readonly ConsoleStep[] =>
  inConsole(
    'Enforce 2-Step Verification',
    'Open Directory > Groups, click Create group, name it for containment (or open the one that exists)',
    `Click Add members, enter ${login} and click Add to group`,
    'Open Security > Authentication > 2-step verification and choose that group under Groups',
    'Under Enforcement choose On, set New user enrollment period to None, and click Override',
    `Open Directory > Users > ${login} > Security > Get backup verification codes if the person has no factor, and hand one over in person`,
  );

const moveAway = (_command: unknown, { login }: AccountRef): readonly ConsoleStep[] =>
  inConsole(
    'Move the account to a unit without services',
    'Open Directory > Organizational units, create one for containment, and turn every service off for it under Apps',
    `Open Directory > Users, point at ${login}, click More options > Change organizational unit`,
    'Choose the unit and click Continue, then Change',
  );

const limitRanges = (
  { ranges }: { readonly ranges: readonly string[] },
  { login }: AccountRef,
): readonly ConsoleStep[] =>
  inConsole(
    'Limit sign-in to IP ranges (Context-Aware Access)',
    ACCESS_LEVELS,
    `In the condition choose Meets all attributes, IP subnet, enter ${ranges.join(', ')}, and click Save`,
    'Open Directory > Groups and create a group for this access level',
    'Open Security > Access and data control > Context-Aware Access > Assign access levels, choose the group, select every app, click Assign and choose the level',
    `Open Directory > Groups, the group, Add members, and add ${login}`,
  );

const removeRoles = byHand<'remove_admin_roles'>((_command, { login }) =>
  inConsole(
    'Take administrator roles away',
    openUser(login),
    'Click Admin roles and privileges, then the pencil',
    'Write down the roles that are on, turn each off, and click Save',
  ),
);

const blockAddress = byHand<'block_address'>(({ ranges }) =>
  inConsole(
    "Block the attacker's address (Context-Aware Access)",
    ACCESS_LEVELS,
    `In the condition choose Doesn't meet one or more attributes, IP subnet, enter ${ranges.join(', ')}, and click Save`,
    'Click Assign access levels, choose the topmost organizational unit, select every app, click Assign and choose the level next to those that are there',
    'Check with one account that people still get in before you leave',
  ),
);

const confirmCompromised = byHand<'confirm_compromised'>((_command, { login }) =>
  inConsole(
    'Record the account as compromised',
    'Open Security > Alert center',
    `Filter by ${login}, open each alert about the account`,
    'Choose Status > In progress, Severity > High, assign yourself, and note the incident',
  ),
);

/** What can be done here: by API, by policies of prepared groups and units, or by a person. */
export function actionsOf(tools: Tools): Actions<Reading> {
  const { settings } = tools;
  return {
    reset_password: resetPassword(tools),
    revoke_sessions: revokeSessions(tools),
    disable_account: disableAccount(tools),
    enable_account: enableAccount(tools),
    remove_factors: removeFactors(tools),
    unlink_identity_providers: absent(
      'Google Workspace links no single account to another identity provider: third-party sign-in is set for units and groups (Security > Authentication > SSO with third party IdP).',
    ),
    invalidate_backup_codes: invalidateBackupCodes(tools),
    clear_recovery_contacts: clearRecoveryContacts(tools),
    require_two_step: byPrepared(
      tools,
      {
        group: settings.two_step_group,
        orgUnit: settings.two_step_org_unit,
        effect: twoStepEnforced,
      },
      { ...BY_HAND, clicks: enforceTwoStep },
    ),
    delete_app_passwords: deleteAppPasswords(tools),
    revoke_grants: revokeGrants(tools),
    disable_mail_rules: disableMailRules(tools),
    block_mail_protocols: blockMailProtocols(tools),
    block_devices: blockDevices(tools),
    remove_admin_roles: settings.super_admin ? removeAdminRoles(tools) : removeRoles,
    quarantine: byPrepared(
      tools,
      {
        group: settings.quarantine_group,
        orgUnit: settings.quarantine_org_unit,
        effect: notRead('the services are off for it'),
      },
      { ...BY_HAND, clicks: moveAway },
    ),
    limit_login_ips: limitLoginIps(tools, limitRanges),
    block_address: blockAddress,
    confirm_compromised: confirmCompromised,
  };
}
