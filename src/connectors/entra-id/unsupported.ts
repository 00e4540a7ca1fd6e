import { err, ok } from '../../result.js';
import { cannotTell, type Handler, type Outcome } from './reader.js';

const refuse = (message: string): Promise<Outcome> => Promise.resolve(err({ kind: 'unsupported', message }));

/** The undo of what cannot be undone. */
export const irreversible = (message: string) => (): Promise<Outcome> => refuse(message);

/** An action that Graph cannot carry out: a person does it, and nothing of it can be read. */
export function notByApi(message: string): Handler {
  return {
    perform: () => refuse(message),
    capture: () => Promise.resolve(ok({})),
    restore: irreversible(
      'Nothing was changed by this application, so there is nothing to undo; undo it in the console.',
    ),
    judge: () => Promise.resolve(cannotTell(message)),
  };
}
