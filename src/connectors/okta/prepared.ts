import { lastingUntil, type Action } from '../kit/action.js';
import { flaggedFacts, preparedAction, rangesAction, type GroupWords } from '../kit/groups.js';
import type { ConsoleStep } from '../../ports/connector.js';
import { inConsole } from './console.js';
import { effectOfRanges, effectOn } from './effects.js';
import { membershipsIn } from './groups.js';
import { scopes, SCOPE } from './scopes.js';
import type { Parts, Reading } from './state.js';

const BY_GROUP = { ...scopes(SCOPE.readGroups, SCOPE.manageGroups), route: 'group' as const };
const residual = [
  lastingUntil(
    'Sessions that are open already: the policy is asked at the next sign-in, so revoke the sessions too',
    'revoke_sessions',
  ),
];

interface Policy {
  readonly title: string;
  readonly group: string;
  readonly rule: readonly string[];
}

/** A group, a policy for it above all others, and the person in it. */
const addPolicy = ({ title, group, rule }: Policy, login: string): readonly ConsoleStep[] =>
  inConsole(
    title,
    `Open Directory | Groups, click Add group and create "${group}" (or open it when it is there)`,
    'Open Security | Global Session Policy',
    `Click Add policy, assign it to the group "${group}" and click Create policy and add rule`,
    ...rule,
    'Click Create rule, and drag the policy above all the others',
    `Open Directory | Groups | ${group} | Assign people and add ${login}`,
  );

type ByOneGroup = Action<'require_two_step' | 'quarantine', Reading>;

/** Membership of the one group prepared for this, and what the sign-on policies do with the account. */
function byOneGroup(
  parts: Parts,
  name: string | null,
  policy: Policy & { readonly does: 'deny' | 'factor' },
): ByOneGroup {
  const words: GroupWords = {
    inside: (group) => `The account is in the Okta group "${group}".`,
    outside: (group) => `The account is not in the Okta group "${group}".`,
    unknown: (group) => `Okta does not show all groups of the account in a form that can be read; look for "${group}".`,
  };
  const shown = ({ groups }: Reading, names: readonly string[]) => membershipsIn(groups, names);
  const facts = flaggedFacts(() => 'member');
  return preparedAction(
    name,
    { groups: parts.groups, words, shown, facts, effect: effectOn(parts, { kind: policy.does }) },
    { can: BY_GROUP, residual },
    {
      why: "No Okta group was prepared for this; do the manual steps, or set the group's name in the configuration.",
      observed: "Okta's API does not show whether this is in force.",
      clicks: (_command, { login }) => addPolicy(policy, login),
    },
  );
}

export const requireTwoStep = (parts: Parts): ByOneGroup =>
  byOneGroup(parts, parts.settings.two_step_group, {
    title: 'Demand a second factor',
    group: 'Containment: second factor',
    rule: [
      'In the rule, set "Establish the user session with" to "Any factor used to meet the Authentication Policy requirements"',
      'Set "Multifactor authentication (MFA) is" to "Required" and "Users will be prompted for MFA" to "At every sign in"',
    ],
    does: 'factor',
  });

export const quarantine = (parts: Parts): ByOneGroup =>
  byOneGroup(parts, parts.settings.quarantine_group, {
    title: 'Deny every sign-in',
    group: 'Containment: quarantine',
    rule: ['In the rule, set "IF User\'s IP is" to "Anywhere" and "THEN Access is" to "Denied"'],
    does: 'deny',
  });

const permitOnly = (ranges: readonly string[], login: string): readonly ConsoleStep[] => [
  ...inConsole(
    'Make the network zone',
    'Open Security | Networks and click Add zone | IP Zone',
    `Name it "Containment: permitted" and enter ${ranges.join(', ')} under Gateway IPs`,
    'Click Save',
  ),
  ...addPolicy(
    {
      title: 'Limit sign-in to the zone',
      group: 'Containment: permitted addresses',
      rule: [
        'In the rule, set "IF User\'s IP is" to "Not in zone" and choose "Containment: permitted"',
        'Set "THEN Access is" to "Denied"',
      ],
    },
    login,
  ),
];

export function limitLoginIps(parts: Parts): Action<'limit_login_ips', Reading> {
  const { groups, settings } = parts;
  const prepared = settings.login_range_groups;
  const words = {
    unprepared: 'No Okta group was prepared for just these ranges; choose a prepared set, or do the manual steps.',
    notShown: "Okta's API does not show which login ranges are in force.",
    inside: (group: string, ranges: string) => `The account is in the Okta group "${group}", prepared for ${ranges}.`,
    outside: (ranges: string) =>
      `The account is ${ranges === '' ? 'in none of the prepared range groups' : `limited to ${ranges}`}.`,
  };
  const clicks: Action<'limit_login_ips', Reading>['clicks'] = ({ ranges }, { login }) => permitOnly(ranges, login);
  return rangesAction(prepared, { groups, words, effect: effectOfRanges(parts) }, { can: BY_GROUP, residual, clicks });
}
