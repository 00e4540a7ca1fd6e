import { err, ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import { afterPart, ALREADY, type Answer } from './action.js';

/** One change after the other; the first failure ends it, and a retry does the rest. */
export async function inTurn(changes: readonly (() => Answer<Receipt>)[]): Answer<Receipt> {
  let receipt = ALREADY;
  for (const change of changes) {
    const done = await change();
    if (!done.ok) return err(afterPart(receipt, done.error));
    if (!done.value.alreadyDone) receipt = done.value;
  }
  return ok(receipt);
}
