import { ok } from '../../platform/result.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Outcome } from './action.js';

/** Concerns one item, and is no reason to expect the same of the next one. */
const PARTIAL: ReadonlySet<ConnectorFailure['kind']> = new Set([
  'permission',
  'not_found',
  'invalid_input',
  'unsupported',
  'licence',
  'ambiguous',
]);

/**
 * Missing rights, a missing licence or a missing item leave one field unknown; a system that is down leaves all
 * unknown.
 */
export const ifShown = <T>(outcome: Outcome<T>): Outcome<T | null> =>
  outcome.ok || !PARTIAL.has(outcome.error.kind) ? outcome : ok(null);
