import type { CallContext, Connector, ConnectorFailure, PersonIdentifiers } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { err, ok, type Result } from '../platform/result.js';

/** Long enough for the steps of one lockdown, too short for an address to change owner unnoticed. */
const REMEMBERED_MS = 60_000;

/** What identifiers lead to: one account, none, or one of several logins. */
export type Found =
  | { readonly kind: 'one'; readonly accountId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly logins: readonly string[] };

interface Remembered {
  readonly found: Found;
  readonly until: number;
}

const remembered = new WeakMap<Connector, Map<string, Remembered>>();

/**
 * Looks identifiers up in the system; each answer is cached for a minute, a failure never. It guards: an account
 * counts also by an address that its system has not verified.
 */
export async function findRecently(
  core: Pick<Core, 'runtime'>,
  identifiers: PersonIdentifiers,
  { connector, call }: { readonly connector: Connector; readonly call: CallContext },
): Promise<Result<Found, ConnectorFailure>> {
  const now = core.runtime.now().getTime();
  const known = remembered.get(connector) ?? new Map<string, Remembered>();
  remembered.set(connector, known);
  for (const [old, { until }] of known) if (until <= now) known.delete(old);
  const key = JSON.stringify([identifiers.emails, identifiers.employeeId]);
  const before = known.get(key);
  if (before) return ok(before.found);
  const found = read(await connector.find({ ...identifiers, unverifiedToo: true }, call));
  if (found.ok) known.set(key, { found: found.value, until: now + REMEMBERED_MS });
  return found;
}

function read(answer: Awaited<ReturnType<Connector['find']>>): Result<Found, ConnectorFailure> {
  if (answer.ok) return ok({ kind: 'one', accountId: answer.value.accountId });
  const { error } = answer;
  if (error.kind === 'not_found' || error.kind === 'invalid_input') return ok({ kind: 'none' });
  return error.kind === 'ambiguous' ? ok({ kind: 'several', logins: error.candidates }) : err(error);
}
