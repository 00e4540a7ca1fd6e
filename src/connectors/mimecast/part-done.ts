import type { ConnectorFailure, Receipt } from '../port.js';

/**
 * The failure of a later call of a command, when an earlier one has changed something already: "nothing was executed"
 * would then be untrue of the command.
 */
export function afterPart(done: Receipt, failure: ConnectorFailure): ConnectorFailure {
  if (done.alreadyDone || (failure.kind !== 'transient' && failure.kind !== 'throttled')) return failure;
  return {
    kind: 'unknown_outcome',
    message: 'Mimecast took a part of the change and failed then; read the account back before repeating it.',
  };
}
