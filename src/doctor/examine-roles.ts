import { en } from '../texts/en.js';
import { sayPlain, withOverrides } from '../texts/say.js';
import { type RoleGroup, type RoleMember, type Roles, ROLES } from '../ports/roles.js';
import type { TwoApprovers } from '../ports/core.js';
import type { Found } from './examine.js';

const say = sayPlain(withOverrides({}));

type Verdict = Found['verdict'];

/** Whether somebody may decide, whether each user group exists, and who is in which role. */
export async function rolesFinding(roles: Roles, twoApprovers: TwoApprovers): Promise<Found> {
  const [groups, members] = await Promise.all([roles.groups(), roles.members()]);
  const wrong = [
    ...(roles.configured(['approver']) ? [] : [en['approvers.none']]),
    ...groupsThat('approvers.dead', groups, 'gone'),
    ...groupsThat('approvers.empty', groups, 0),
    ...powerless(members),
    // Whoever is in a group that Slack does not tell about may be the second one.
    ...(groups.some((one) => one.members === 'silent') ? [] : alone(members, twoApprovers)),
  ];
  const silent = groupsThat('approvers.silent', groups, 'silent');
  const who = [sayMembers(members)];
  if (wrong.length + silent.length === 0) return found('ok', [en['approvers.ok'], ...who]);
  return found(wrong.length > 0 ? 'misconfigured' : 'unreachable', [...wrong, ...silent, ...who]);
}

const found = (verdict: Verdict, lines: readonly string[]): Found => ({
  subject: 'approvers',
  verdict,
  detail: lines.join(' '),
  fix: '',
});

function groupsThat(
  key: 'approvers.dead' | 'approvers.empty' | 'approvers.silent',
  groups: readonly RoleGroup[],
  members: RoleGroup['members'],
): readonly string[] {
  const named = groups.filter((one) => one.members === members).map(({ group }) => group);
  return named.length === 0 ? [] : [say(key, { groups: [...new Set(named)].join(', ') })];
}

/** Whoever is named and cannot act: somebody counts on them. */
function powerless(members: readonly RoleMember[]): readonly string[] {
  const named = members.filter(({ standing }) => standing !== 'member' && standing !== 'silent');
  const said = named.map(({ user, standing }) => `${user} (${standing.replaceAll('_', ' ')})`);
  return said.length === 0 ? [] : [say('roles.powerless', { who: [...new Set(said)].join(', ') })];
}

/** What takes two approvers, where there are fewer: one line, or none. */
export function alone(members: readonly RoleMember[], { actions, targets }: TwoApprovers): readonly string[] {
  const able = members.filter(({ role, standing }) => role === 'approver' && ['member', 'silent'].includes(standing));
  const users = [...new Set(able.map(({ user }) => user))];
  if (users.length > 1 || actions.length + targets.length === 0) return [];
  const what = [
    ...actions.map((action) => en[`action.${action}`]),
    ...targets.map((target) => say(`approvers.alone.${target}`)),
  ];
  return [say('approvers.alone', { who: users[0] ?? en['roles.nobody'], what: what.join(', ') })];
}

/** Who is in each role, by their Slack ids. */
export const sayMembers = (members: readonly RoleMember[]): string =>
  ROLES.map((role) => {
    const users = members.filter((one) => one.role === role).map(({ user }) => user);
    return say('roles.line', {
      role: en[`role.${role}`],
      who: users.length === 0 ? en['roles.nobody'] : users.join(', '),
    });
  }).join(' ');
