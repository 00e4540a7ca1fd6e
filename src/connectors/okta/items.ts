import { ok } from '../../result.js';
import type { Chosen, ConnectorFailure, Receipt } from '../port.js';
import type { Result } from '../../result.js';
import type { OktaAnswer } from './api.js';
import type { OktaFailure } from './failures.js';
import { doesNotHold, holds, type Outcome, type Verdict } from './action.js';

/** Of what is there, what was chosen. An id that is not there any more is left out: there is nothing to do for it. */
export const chosenOf = <T extends { readonly id: string }>(present: readonly T[], items: Chosen): readonly T[] =>
  items === 'all' ? present : present.filter(({ id }) => items.includes(id));

/** One after the other; what is gone already counts as done, any other failure ends it: a retry goes on from there. */
export async function each<T>(
  present: readonly T[],
  change: (item: T) => Promise<Result<OktaAnswer, OktaFailure>>,
): Promise<Outcome> {
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  for (const item of present) {
    const answer = await change(item);
    if (answer.ok) receipt = { alreadyDone: false, requestId: answer.value.requestId };
    else if (answer.error.kind !== 'not_found') return answer;
  }
  return ok(receipt);
}

/** None of what was chosen may be left. */
export function judgeGone(
  left: Result<readonly { readonly title: string }[], ConnectorFailure>,
  what: string,
): Result<Verdict, ConnectorFailure> {
  if (!left.ok) return left;
  if (left.value.length === 0) return ok(holds(`Okta lists none of ${what} any more.`));
  const titles = left.value.slice(0, 3).map(({ title }) => title);
  const more = left.value.length > titles.length ? ` and ${left.value.length - titles.length} more` : '';
  return ok(doesNotHold(`Okta still lists ${titles.join(', ')}${more}.`));
}
