import type { Phrase } from '../blocks/texts/phrase.js';
import { err } from './result.js';

/** The login of one system, by its id. */
export type LoginField = `login_${string}`;

/** Why something was not done, as a sentence for the one who can act. `field` names the input that it belongs to. */
export interface Problem {
  readonly phrase: Phrase;
  readonly field: 'reason' | 'code' | 'ranges' | 'items' | 'override' | LoginField | null;
}

/** A refusal, for example `refuse(phrase('problem.closed'))`. */
export const refuse = (
  phrase: Phrase,
  field: Problem['field'] = null,
): { readonly ok: false; readonly error: Problem } => err({ phrase, field });
