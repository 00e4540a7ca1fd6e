import { accountsOf } from '../incidents/accounts.js';
import { type Correction, correctionsOf } from '../incidents/links.js';
import { personOfIncident } from '../incidents/people.js';
import { canonicalHash } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { hasPasskeys } from './passkeys.js';
import { needsCode } from './policy.js';

/** The accounts of a person as an approver sees and corrects them. */
export interface LinkPreview {
  readonly name: string;
  readonly systems: readonly ShownLink[];
  /** A digest of what is shown, to detect changes in the meantime. */
  readonly seen: string;
  readonly needsCode: boolean;
  /** Whether a passkey may confirm it in place of a code. */
  readonly hasPasskey: boolean;
}

interface ShownLink {
  readonly system: string;
  readonly title: string;
  readonly login: string | null;
  readonly problem: string | null;
  /** Where it was corrected by hand, and counts. */
  readonly corrected: Correction | null;
}

export async function previewLinks(core: Core, incidentId: string, actor: string): Promise<LinkPreview | null> {
  const person = await personOfIncident(core.db, core.workspaceId, incidentId);
  if (!person) return null;
  const systems = await shownLinks(core, core.db, person.id);
  const hasPasskey = await hasPasskeys(core, actor);
  const seen = digestOfLinks(systems);
  return { name: person.name, systems, seen, needsCode: needsCode(core, 'correct_accounts'), hasPasskey };
}

export async function shownLinks(core: Core, tx: Queryable, personId: string): Promise<readonly ShownLink[]> {
  const [accounts, corrections] = await Promise.all([
    accountsOf(tx, core.workspaceId, personId),
    correctionsOf(core, tx, personId),
  ]);
  return [...core.connectors.values()].map(({ system, title }) => {
    const account = accounts.find((one) => one.system === system);
    const corrected = corrections.find((one) => one.system === system) ?? null;
    const link = corrected?.login;
    const login = account?.login ?? (link === '' ? NO_ACCOUNT : (link ?? null));
    return { system, title, login, problem: account?.problem ?? null, corrected };
  });
}

export const digestOfLinks = (systems: readonly ShownLink[]): string =>
  canonicalHash(
    systems.map(({ system, login, corrected }) => [
      system,
      login,
      ...(corrected === null ? [] : [corrected.by, corrected.at.toISOString(), corrected.confirmedBy]),
    ]),
  );

/** What an approver types for "no account there". */
export const NO_ACCOUNT = '-';
