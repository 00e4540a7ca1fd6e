import { rememberAccount } from '../../src/incidents/known-accounts.js';
import { identifiersOf, linksOf } from '../../src/incidents/links.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { duePeople, LOT } from '../../src/incidents/request-remembering.js';
import type { Core } from '../../src/ports/core.js';
import { callOf, type Outcome, type Run } from '../worker.js';

/** A pause after each lot: an incident that opens meanwhile is read first. */
const PAUSE_MS = 5_000;

/**
 * In quiet times, once a day: which account the addresses of everybody known lead to in each system. It only reads, and
 * nothing is planned by it; a system that does not answer is asked again the next day.
 */
export async function rememberAccounts(core: Core, run: Run): Promise<Outcome> {
  const due = await duePeople(core, core.db);
  for (const id of due) {
    const person = await personById(core.db, core.workspaceId, id);
    if (person) await remember(core, run, person);
  }
  return due.length < LOT ? 'completed' : { againInMs: PAUSE_MS };
}

async function remember(core: Core, run: Run, person: Person): Promise<void> {
  const links = await linksOf(core, core.db, person.id);
  const looks = await Promise.all(
    [...core.connectors.values()].map(async (connector) => {
      const { system } = connector;
      const identifiers = links.has(system) ? null : identifiersOf(core, person, { system, link: undefined });
      const found = identifiers && (await connector.find(identifiers, callOf(run)));
      if (!found?.ok) return [];
      const { accountId, login } = found.value;
      return [{ personId: person.id, system, accountId, login }];
    }),
  );
  await run.commit(async (tx) => {
    for (const found of looks.flat()) await rememberAccount(core, tx, found);
    await tx.query('update people set remembered_at = $3 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      person.id,
      core.runtime.now(),
    ]);
  });
}
