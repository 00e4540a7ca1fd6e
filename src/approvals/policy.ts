import { phrase } from '../../blocks/texts/phrase.js';
import type { Core } from '../core.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Person } from '../incidents/people.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';

/** Whether this person is an approver at all; fails closed when Slack does not answer. */
export async function checkApprover(core: Core, actor: string): Promise<Result<null, Problem>> {
  if (!core.approvers.configured) return refuse(phrase('problem.no_approvers'));
  try {
    return (await core.approvers.includes(actor)) ? ok(null) : refuse(phrase('problem.not_approver'));
  } catch (error) {
    core.log.warn({ err: error }, 'the approvers could not be read from Slack; the decision was refused');
    return refuse(phrase('problem.approvers_unknown'));
  }
}

/** Whether `actor` may decide about `target`. Asked when clicking, when submitting, and again when a step runs. */
export async function mayDecide(core: Core, actor: string, target: Person): Promise<Result<null, Problem>> {
  const approver = await checkApprover(core, actor);
  if (!approver.ok) return approver;
  return target.slack_user_id === actor ? refuse(phrase('problem.own_account')) : ok(null);
}

export const isNeverTouched = (core: Core, login: string): boolean =>
  core.policy.neverTouch.some((address) => address.toLowerCase() === login.toLowerCase());

/** Whether containment may touch these accounts at all: a corrected link must not lead to what stands on the list. */
export function mayTouch(
  core: Core,
  target: Person,
  accounts: readonly Pick<LinkedAccount, 'login'>[],
): Result<null, Problem> {
  const logins = [target.email, ...accounts.flatMap(({ login }) => login ?? [])];
  return logins.some((login) => isNeverTouched(core, login)) ? refuse(phrase('problem.never_touch')) : ok(null);
}
