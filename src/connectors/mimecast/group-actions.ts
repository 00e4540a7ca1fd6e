import type { ConsoleStep } from '../../ports/connector.js';
import { lasting, native, type Action, type Target } from '../kit/action.js';
import { unseen, type Effect } from '../kit/effect.js';
import { preparedAction, rangesAction, usesOf } from '../kit/groups.js';
import type { GroupWords, Membership, RangeWords } from '../kit/groups.js';
import { adminRanges, inMimecast, rejectHeld, stopSending } from './clicks.js';
import { namesOf, PERMISSION } from './permissions.js';
import type { Reader, Reading } from './reading.js';
import type { MimecastSettings } from './settings.js';

/** Mimecast's own figure for how long a group change takes to reach its log-in pages. */
const GROUP_DELAY_SECONDS = 15 * 60;
const WITHIN = 'Mimecast applies it within 15 minutes';

const BY_GROUP = {
  can: {
    ...native(...namesOf(PERMISSION.readGroups), PERMISSION.editGroups, PERMISSION.removeMembers),
    route: 'group' as const,
    effectiveWithinSeconds: GROUP_DELAY_SECONDS,
  },
  residual: [
    lasting('The old log-in rules, until Mimecast has applied the group', GROUP_DELAY_SECONDS),
    lasting(
      'Administrator log-ins: Account_Administrators_Authentication_Profile overrides the group, and an enforced SAML overrides 2-step',
    ),
  ],
};

const profileSteps = (login: string, title: string, ...setting: readonly string[]): readonly ConsoleStep[] =>
  inMimecast(
    title,
    'Open Users & Groups | Profile Groups and create a group for containment (or open the one that exists)',
    'Open Users & Groups | Applications | Authentication Profiles (in older consoles: Services | Applications) and create a profile for it',
    ...setting,
    'Open Users & Groups | Applications and create an Application Setting with this group and this profile',
    `Add ${login} to the group; it takes up to 15 minutes`,
    'Check that the person is no administrator: Account_Administrators_Authentication_Profile overrides every other profile',
  );

/** Every group that an administrator prepared, with its actions. */
export const preparedGroups = ({ two_step_group, quarantine_group, login_range_groups }: MimecastSettings) =>
  usesOf({
    require_two_step: [two_step_group],
    quarantine: [quarantine_group],
    limit_login_ips: login_range_groups.map(({ group }) => group),
  });

const outside = (name: string): string => `The account is not in the group "${name}".`;

/**
 * Authentication profiles, and the Application Settings that bind them to groups, are in no function of Mimecast's API
 * (2.0 or 1.0), so nothing proves what a group does.
 */
function unseenProfile(what: string, { state: { adminRoles } }: Reading, instead: string): Effect {
  const notRead = `that ${what} could not be read, because Mimecast's API shows no authentication profiles`;
  if (adminRoles === null || adminRoles.length === 0) return unseen(notRead);
  return unseen(
    `${notRead}, and the account is an administrator (${adminRoles.join(', ')}), whom Account_Administrators_Authentication_Profile exempts from the group's profile; ${instead}`,
  );
}

const IN_THAT_PROFILE = 'switch 2-Step Authentication on in that one, for all administrators';
const ADMIN_RANGES =
  'for the Administration Console, Admin IP Ranges hold for all of them (Account | Account Settings | User Access and Permissions)';

/** The reading has already queried this group. */
function asRead({ state: { twoStepRequired } }: Reading, names: readonly string[]): ReadonlyMap<string, Membership> {
  const known = twoStepRequired === true ? 'inside' : 'outside';
  return new Map(names.map((name) => [name, twoStepRequired === null ? 'unknown' : known]));
}

export function requireTwoStep({ groups, settings }: Reader): Action<'require_two_step', Reading> {
  const observed = "Mimecast's API does not show whether 2-step is required.";
  const words: GroupWords = {
    inside: (name) => `The account is in the group "${name}"; ${WITHIN}.`,
    outside,
    unknown: () => observed,
  };
  const effect = (_target: Target, reading: Reading) =>
    unseenProfile('its profile requires 2-step', reading, IN_THAT_PROFILE);
  return preparedAction(settings.two_step_group, { groups, words, shown: asRead, effect }, BY_GROUP, {
    why: "Mimecast's API has no 2-step switch and no group was prepared for it; do the manual steps, or set mimecast.two_step_group.",
    observed,
    clicks: (_command, { login }) =>
      profileSteps(login, 'Require 2-step', 'In the profile, switch 2-Step Authentication on'),
  });
}

export function quarantine({ groups, settings }: Reader): Action<'quarantine', Reading> {
  const words: GroupWords = {
    inside: (name) => `The account is in the group "${name}"; ${WITHIN}.`,
    outside,
    unknown: (name) => `Mimecast does not show who is in the group "${name}"; look in the Administration Console.`,
  };
  const effect = (_target: Target, reading: Reading) =>
    unseenProfile('its profile and policies shut the account in', reading, 'take the administrator role away');
  return preparedAction(settings.quarantine_group, { groups, words, effect }, BY_GROUP, {
    why: 'No quarantine group is configured for Mimecast; do the manual steps, or set mimecast.quarantine_group.',
    observed: 'No quarantine group is configured for Mimecast.',
    clicks: (_command, { login }) =>
      profileSteps(
        login,
        'Shut the account in',
        'In the profile, switch 2-Step Authentication on and set Password Reset Options to Not Allowed',
        ...stopSending('this profile group'),
        ...rejectHeld(login),
      ),
  });
}

export function limitLoginIps({ groups, settings }: Reader): Action<'limit_login_ips', Reading> {
  const words: RangeWords = {
    unprepared:
      "Mimecast's API cannot set login ranges and no prepared group has just these; choose a prepared set, or do the manual steps.",
    notShown: "Mimecast's API does not show which login ranges are in force.",
    inside: (name, ranges) => `The account is in the group "${name}", prepared for ${ranges}; ${WITHIN}.`,
    outside: (ranges) =>
      `The account is ${ranges === '' ? 'in none of the prepared range groups' : `limited to ${ranges}`}.`,
  };
  return rangesAction(
    settings.login_range_groups,
    {
      groups,
      words,
      effect: (_target, reading) =>
        unseenProfile('its profile permits sign-in from these ranges only', reading, ADMIN_RANGES),
    },
    {
      ...BY_GROUP,
      clicks: ({ ranges }, { login }) => [
        ...profileSteps(
          login,
          'Limit log-in to IP ranges',
          `In the profile, switch Permitted Application Login IP Ranges on and enter ${ranges.join(', ')}`,
          'Do the same for the gateway and the SMTP/POP ranges if the person uses them',
        ),
        ...adminRanges(ranges),
      ],
    },
  );
}
