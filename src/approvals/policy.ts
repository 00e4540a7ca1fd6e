import type { CodedKind } from '../ports/decision-kinds.js';
import { list, phrase } from '../texts/phrase.js';
import type { Core } from '../ports/core.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Person } from '../incidents/people.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import { type Own, ownOf } from './own.js';
import { type Right, RIGHTS } from './rights.js';
import { checkUnsuspected } from './suspect-approver.js';

const isForApprovers = (right: Right): boolean => RIGHTS[right].every((role) => role === 'approver');

const sayRoles = (right: Right) =>
  list(
    RIGHTS[right].map((role) => phrase(`role.${role}`)),
    ', ',
  );

/**
 * Whether this person is a full member of the workspace and in a role with this right. What the configuration names
 * counts for nobody else: a member who became a guest keeps their id. Fails closed when Slack does not answer.
 */
export async function hasRight(core: Core, actor: string, right: Right): Promise<Result<null, Problem>> {
  const roles = RIGHTS[right];
  if (!core.roles.configured(roles))
    return isForApprovers(right)
      ? refuse('no_approvers', phrase('problem.no_approvers'))
      : refuse('no_approvers', phrase('problem.nobody_in_role', { roles: sayRoles(right) }));
  return unlessSlackIsSilent(core, async () => {
    const standing = await core.roles.standing(actor);
    if (standing !== 'member') return refuse('not_a_member', phrase(`problem.standing.${standing}`));
    if (await core.roles.has(actor, roles)) return ok(null);
    return isForApprovers(right)
      ? refuse('not_an_approver', phrase('problem.not_approver'))
      : refuse('not_in_role', phrase('problem.not_in_role', { roles: sayRoles(right) }));
  });
}

/** What is known about somebody with a right; refused for anybody else, and when Slack gives no address. */
async function holder(core: Core, actor: string, right: Right): Promise<Result<Own, Problem>> {
  const allowed = await hasRight(core, actor, right);
  return allowed.ok ? unlessSlackIsSilent(core, () => ownOf(core, actor)) : allowed;
}

export async function unlessSlackIsSilent<T>(
  core: Core,
  ask: () => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  try {
    return await ask();
  } catch (error) {
    core.log.warn({ err: error }, 'who is in a role could not be read from Slack; the click was refused');
    return refuse('approvers_unknown', phrase('problem.approvers_unknown'));
  }
}

/** Whether this person may do something outside an incident: not while one about themselves is open. */
export async function checkRight(core: Core, actor: string, right: Right): Promise<Result<null, Problem>> {
  const own = await holder(core, actor, right);
  return own.ok ? unlessSlackIsSilent(core, () => checkUnsuspected(core, own.value)) : own;
}

/** Who wants to do something about whom. */
export interface Claimed {
  readonly right: Right;
  readonly actor: string;
  readonly target: Person;
  /** When a step runs: the time of its decision. */
  readonly decidedAt?: Date;
}

/**
 * Whether `actor` may do this about `target`. Checked at the click, at the submit, and again when a step runs.
 */
export async function mayManage(
  core: Core,
  { right, actor, target, decidedAt }: Claimed,
): Promise<Result<null, Problem>> {
  const own = await holder(core, actor, right);
  if (!own.ok) return own;
  if (target.slack_user_id === actor || own.value.addresses.includes(target.email.toLowerCase()))
    return refuse('own_account', phrase('problem.own_account'));
  return unlessSlackIsSilent(core, () => checkUnsuspected(core, own.value, decidedAt));
}

/** The same for a decision. */
export const mayDecide = (
  core: Core,
  actor: string,
  target: Person,
  decidedAt?: Date,
): Promise<Result<null, Problem>> =>
  mayManage(core, { right: 'decide', actor, target, ...(decidedAt ? { decidedAt } : {}) });

/** Whether a one-time code is required. */
export const needsCode = (core: Core, kind: CodedKind): boolean => !core.policy.uncoded.includes(kind);

export const isNeverTouched = (core: Core, login: string): boolean =>
  core.policy.neverTouch.some((address) => address.toLowerCase() === login.toLowerCase());

/** Whether containment may touch these accounts at all: a corrected link must not lead to a protected account. */
export function mayTouch(
  core: Core,
  target: Person,
  accounts: readonly Pick<LinkedAccount, 'login'>[],
): Result<null, Problem> {
  const logins = [target.email, ...accounts.flatMap(({ login }) => login ?? [])];
  return logins.some((login) => isNeverTouched(core, login))
    ? refuse('never_touch', phrase('problem.never_touch'))
    : ok(null);
}
