import type { ConsoleStep } from '../../ports/connector.js';
import { native, type Action } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { flaggedFacts, listedFacts, preparedAction, rangesAction, type Groups } from '../kit/groups.js';
import { inEntra } from './clicks.js';
import { effectOfGroup, effectOfRanges } from './effects.js';
import { membershipsIn, readMemberships } from './memberships.js';
import { PERMISSION } from './permissions.js';
import type { Reader } from './reader.js';
import { GROUP_DELAY_SECONDS, UNTIL_ASKED } from './residual.js';
import type { Reading } from './state.js';

const BY_GROUP = {
  ...native(PERMISSION.readUsers, PERMISSION.members),
  route: 'group' as const,
  effectiveWithinSeconds: GROUP_DELAY_SECONDS,
};

function groupsOf(reader: Reader): Groups {
  const { api, settings } = reader;
  const needs = [PERMISSION.members];
  return {
    atOnce: true,
    memberships: (groups, target) =>
      mapped(readMemberships(reader, target, 'memberOf'), (present) => membershipsIn(present, groups)),
    join: (group, { account, call }) =>
      api.change({
        method: 'POST',
        path: `/v1.0/groups/${group}/members/$ref`,
        json: { '@odata.id': `${settings.graph_url}/v1.0/directoryObjects/${account.accountId}` },
        needs,
        call,
        isAlready: (kind, said) => kind === 'conflict' && /already exist/i.test(said),
      }),
    leave: (group, { account, call }) =>
      api.change({
        method: 'DELETE',
        path: `/v1.0/groups/${group}/members/${encodeURIComponent(account.accountId)}/$ref`,
        needs,
        call,
        // Graph also says 404 for "not a member"; only a text about the group itself means that the group does not
        // exist.
        isAlready: (kind, said) => kind === 'not_found' && !said.includes(group),
      }),
  };
}

const newPolicy = (login: string, title: string, ...setting: readonly string[]): readonly ConsoleStep[] =>
  inEntra(
    title,
    'Open Protection | Conditional Access | Policies and press New policy',
    `Under Users choose Include | Select users and groups and take ${login}; under Exclude take the emergency accounts`,
    'Under Target resources choose All resources',
    ...setting,
    'Set Enable policy to On and press Create',
  );

interface Prepared {
  readonly group: string | null;
  /** What the group's policy must do. */
  readonly wanted: Parameters<typeof effectOfGroup>[2];
  /** Without a group. */
  readonly why: string;
  readonly title: string;
  readonly grant: string;
}

/** Membership of a prepared group, also through other groups, and the policy that acts on it. */
export const membership = (
  reader: Reader,
  { group, wanted, why, title, grant }: Prepared,
): Action<'require_two_step' | 'quarantine', Reading> =>
  preparedAction<'require_two_step' | 'quarantine', Reading>(
    group,
    {
      groups: groupsOf(reader),
      facts: flaggedFacts((one) => `member of ${one}`),
      effect: effectOfGroup(reader, group, wanted),
      shown: ({ memberships }, groups) => membershipsIn(memberships, groups),
      words: {
        inside: (one) => `The account is in the group ${one}.`,
        outside: (one) => `The account is not in the group ${one}.`,
        unknown: (one) =>
          `Microsoft Graph does not show whether the account is in the group ${one}; look at its membership in the Entra admin center.`,
      },
    },
    { can: BY_GROUP, residual: UNTIL_ASKED },
    { why, clicks: (_command, { login }) => newPolicy(login, title, `Under Grant ${grant}`) },
  );

/** Sign-in from a prepared set of ranges only, by membership of the group that belongs to it. */
export function limitLoginIps(reader: Reader): Action<'limit_login_ips', Reading> {
  const prepared = reader.settings.login_range_groups;
  const unprepared =
    'Entra ID limits sign-in by Conditional Access, and no prepared group has just these ranges; choose a prepared set, or do the manual steps.';
  return rangesAction<Reading>(
    prepared,
    {
      groups: groupsOf(reader),
      facts: listedFacts('login range groups'),
      effect: effectOfRanges(reader),
      words: {
        unprepared,
        notShown: 'Entra ID does not show which login ranges are in force for the account.',
        inside: (_group, ranges) => `The account is in the group that was prepared for ${ranges}.`,
        outside: (ranges) =>
          ranges === ''
            ? 'The account is in none of the prepared groups that limit sign-in.'
            : `The account is in the group that was prepared for ${ranges}.`,
      },
    },
    {
      can: BY_GROUP,
      residual: UNTIL_ASKED,
      clicks({ ranges }, { login }) {
        const only = `Under Network choose Include | Any network or location, and Exclude | Selected networks and locations: a named location with ${ranges.join(', ')}`;
        return newPolicy(login, 'Limit sign-in to IP ranges', only, 'Under Grant choose Block access');
      },
    },
  );
}
