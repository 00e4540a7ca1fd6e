import * as z from 'zod';
import { canonicalJson } from '../platform/canonical.js';
import type { PersonIdentifiers } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { Queryable, Row } from '../ports/database.js';
import { list, phrase, type PhraseValue } from '../texts/phrase.js';
import type { Person } from './people.js';

const PURPOSE = 'confirmed link';

const confirmation = z.strictObject({ by: z.string(), at: z.iso.datetime(), tag: z.string() });

/** A login that an approver named for a person in one system, while it counts. */
export interface Correction {
  readonly system: string;
  /** Empty: there is no account. */
  readonly login: string;
  readonly by: string;
  readonly at: Date;
  /** By whom else: it outlives its incident, and may lead to somebody else's account. */
  readonly confirmedBy: string | null;
}

type Stored = Row<'account_links', 'system' | 'login' | 'set_by' | 'set_at' | 'confirmed'> & {
  readonly is_open: boolean;
};

type Named = Pick<Stored, 'system' | 'login' | 'set_by' | 'set_at'> & { readonly personId: string };
type Sealing = Pick<Core, 'workspaceId' | 'sealer'>;

const termsOf = (core: Sealing, { personId, ...link }: Named, { by, at }: { by: string; at: string }): string =>
  canonicalJson({
    workspace: core.workspaceId,
    person: personId,
    system: link.system,
    login: link.login,
    set_by: link.set_by,
    set_at: link.set_at.toISOString(),
    by,
    at,
  });

/** What is stored when somebody else confirms a correction. */
export const confirmationOf = (core: Core, link: Named, by: string): z.output<typeof confirmation> => {
  const said = { by, at: core.runtime.now().toISOString() };
  return { ...said, tag: core.sealer.authenticate(termsOf(core, link, said), PURPOSE) };
};

function confirmerOf(core: Sealing, personId: string, { confirmed, ...link }: Stored): string | null {
  const read = confirmation.safeParse(confirmed);
  if (!read.success) return null;
  const { tag, ...said } = read.data;
  return core.sealer.isAuthentic(tag, termsOf(core, { ...link, personId }, said), PURPOSE) ? said.by : null;
}

/** All corrections of a person, and whether each counts: it was confirmed, or its incident is open. */
async function allCorrections(
  core: Sealing,
  tx: Queryable,
  personId: string,
): Promise<readonly (Correction & { readonly counts: boolean })[]> {
  const { rows } = await tx.query<Stored>(
    `select l.system, l.login, l.set_by, l.set_at, l.confirmed, exists (select 1 from incidents i
       where i.workspace_id = $1 and i.id = l.incident_id and i.status = 'open') as is_open
     from account_links l where l.workspace_id = $1 and l.person_id = $2 order by l.system`,
    [core.workspaceId, personId],
  );
  return rows.map((row) => {
    const confirmedBy = confirmerOf(core, personId, row);
    const { system, login, set_by: by, set_at: at } = row;
    return { system, login, by, at, confirmedBy, counts: row.is_open || confirmedBy !== null };
  });
}

/** The corrections of a person that count now. */
export const correctionsOf = async (core: Sealing, tx: Queryable, personId: string): Promise<readonly Correction[]> =>
  (await allCorrections(core, tx, personId)).filter(({ counts }) => counts);

/** Of these, what ends with its incident. */
export const unconfirmedOf = async (core: Sealing, tx: Queryable, personId: string): Promise<readonly Correction[]> =>
  (await correctionsOf(core, tx, personId)).filter(({ confirmedBy }) => confirmedBy === null);

/** Those that nobody confirmed, and whose incident is closed. */
export const endedCorrectionsOf = async (
  core: Sealing,
  tx: Queryable,
  personId: string,
): Promise<readonly Correction[]> => (await allCorrections(core, tx, personId)).filter(({ counts }) => !counts);

/** The logins that approvers named for a person, by system; an empty one says that there is no account. */
export const linksOf = async (core: Sealing, tx: Queryable, personId: string): Promise<ReadonlyMap<string, string>> =>
  new Map((await correctionsOf(core, tx, personId)).map(({ system, login }) => [system, login]));

/** `null`: there are none. */
export const sayCorrections = (
  core: Pick<Core, 'connectors'>,
  corrections: readonly Pick<Correction, 'system' | 'login'>[],
): PhraseValue | null =>
  corrections.length === 0
    ? null
    : list(
        corrections.map(({ system, login }) =>
          phrase('timeline.links.confirmed_line', {
            system: core.connectors.get(system)?.title ?? system,
            login: login === '' ? '-' : login,
          }),
        ),
      );

/**
 * The search terms for a person in one system: a login that an approver named there, else one from the configuration,
 * else every known address and the personnel number. `null`: an approver said that there is no account.
 */
export function identifiersOf(
  core: Core,
  person: Person,
  { system, link }: { system: string; link: string | undefined },
): PersonIdentifiers | null {
  if (link === '') return null;
  const known = core.policy.identifiers.get(person.email.toLowerCase());
  const named = link ?? known?.logins[system];
  if (named !== undefined) return { emails: [named], employeeId: null, unverifiedToo: true };
  return { emails: [person.email, ...(known?.aliases ?? [])], employeeId: known?.employeeId ?? null };
}
