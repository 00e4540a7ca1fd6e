import { accountsOf } from '../incidents/accounts.js';
import { linksOf } from '../incidents/links.js';
import { personOfIncident } from '../incidents/people.js';
import { canonicalHash } from '../platform/canonical.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { needsCode } from './policy.js';

/** The accounts of a person as an approver sees and corrects them. */
export interface LinkPreview {
  readonly name: string;
  readonly systems: readonly ShownLink[];
  /** A digest of what is shown, to detect changes in the meantime. */
  readonly seen: string;
  readonly needsCode: boolean;
}

interface ShownLink {
  readonly system: string;
  readonly title: string;
  readonly login: string | null;
  readonly problem: string | null;
}

export async function previewLinks(core: Core, incidentId: string): Promise<LinkPreview | null> {
  const person = await personOfIncident(core.db, core.workspaceId, incidentId);
  if (!person) return null;
  const systems = await shownLinks(core, core.db, person.id);
  return { name: person.name, systems, seen: digestOfLinks(systems), needsCode: needsCode(core, 'correct_accounts') };
}

export async function shownLinks(core: Core, tx: Queryable, personId: string): Promise<readonly ShownLink[]> {
  const [accounts, links] = await Promise.all([
    accountsOf(tx, core.workspaceId, personId),
    linksOf(tx, core.workspaceId, personId),
  ]);
  return [...core.connectors.values()].map(({ system, title }) => {
    const account = accounts.find((one) => one.system === system);
    const link = links.get(system);
    const login = account?.login ?? (link === '' ? NO_ACCOUNT : (link ?? null));
    return { system, title, login, problem: account?.problem ?? null };
  });
}

export const digestOfLinks = (systems: readonly ShownLink[]): string =>
  canonicalHash(systems.map(({ system, login }) => [system, login]));

/** What an approver types for "no account there". */
export const NO_ACCOUNT = '-';
