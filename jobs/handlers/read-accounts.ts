import { list, phrase, type Phrase } from '../../src/texts/phrase.js';
import { afterFailure } from '../../src/ports/retry.js';
import type { CallContext, Connector, ConnectorFailure, PersonIdentifiers } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { NO_ACCOUNT, type ReadAccount, saveAccount } from '../../src/incidents/accounts.js';
import { incidentById, lockOpenIncident } from '../../src/incidents/incident.js';
import { accountBefore, rememberAccount, sayBefore } from '../../src/incidents/known-accounts.js';
import { identifiersOf, linksOf } from '../../src/incidents/links.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import type { Queryable } from '../../src/ports/database.js';
import { fillWaitingWindows } from '../../src/approvals/waiting-windows.js';
import { backoffMs } from '../backoff.js';
import { requestWork } from '../../src/outbox/outbox.js';
import { callOf, type Outcome, type Run } from '../worker.js';

const MAX_LOOKS = 5;

interface Look {
  readonly read: ReadAccount;
  readonly failure: ConnectorFailure | null;
}

interface Sought {
  readonly person: Person;
  /** `null`: an approver said that there is no account. */
  readonly identifiers: PersonIdentifiers | null;
}

/**
 * All systems at once; then, where the known addresses found nobody, once more by the logins that the others returned:
 * one person may be known by the e-mail address here and by the UPN there.
 */
async function lookEverywhere(
  core: Core,
  person: Person,
  links: ReadonlyMap<string, string>,
  call: CallContext,
): Promise<readonly Look[]> {
  const soughtIn = (system: string): Sought => ({
    person,
    identifiers: identifiersOf(core, person, { system, link: links.get(system) }),
  });
  const first = await Promise.all(
    [...core.connectors.values()].map((connector) => look(connector, soughtIn(connector.system), call)),
  );
  const logins = [...new Set(first.flatMap(({ read }) => read.login ?? []))].filter((login) => login.includes('@'));
  return Promise.all(
    first.map(async (one) => {
      const connector = core.connectors.get(one.read.system);
      const { identifiers } = soughtIn(one.read.system);
      const news = logins.filter(
        (login) => !identifiers?.emails.some((known) => known.toLowerCase() === login.toLowerCase()),
      );
      if (
        one.failure?.kind !== 'not_found' ||
        !connector ||
        !identifiers ||
        links.has(one.read.system) ||
        news.length === 0
      )
        return one;
      return look(connector, { person, identifiers: { emails: news, employeeId: identifiers.employeeId } }, call);
    }),
  );
}

async function look(connector: Connector, { person, identifiers }: Sought, call: CallContext): Promise<Look> {
  const base = { personId: person.id, system: connector.system };
  if (identifiers === null)
    return {
      read: { ...base, accountId: null, login: null, state: null, problem: `${NO_ACCOUNT}, as an approver said` },
      failure: null,
    };
  const found = await connector.find(identifiers, call);
  if (!found.ok)
    return {
      read: { ...base, accountId: null, login: null, state: null, problem: sayProblem(found.error) },
      failure: found.error,
    };
  const { accountId } = found.value;
  const state = await connector.readState(found.value, call);
  if (!state.ok)
    return {
      read: { ...base, accountId, login: found.value.login, state: null, problem: sayProblem(state.error) },
      failure: state.error,
    };
  return { read: { ...base, accountId, login: found.value.login, state: state.value, problem: null }, failure: null };
}

function sayProblem(failure: ConnectorFailure): string {
  if (failure.kind === 'not_found') return NO_ACCOUNT;
  if (failure.kind === 'ambiguous' && failure.unverified)
    return `found only by an address that the system has not verified (${failure.candidates.join(', ')}); not taken: correct the accounts if it is theirs`;
  if (failure.kind === 'ambiguous') return `several accounts match (${failure.candidates.join(', ')}); none was taken`;
  return failure.message;
}

/** Looks the person's account up in all linked systems at once; changes nothing there. */
export async function readAccounts(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!incident || !person) return 'completed';
  const call = callOf(run);
  const links = await linksOf(core, core.db, person.id);
  const looks = await lookEverywhere(core, person, links, call);
  const again =
    looks.some(({ failure }) => failure !== null && afterFailure(failure) !== 'needs_human') &&
    run.work.attempt < MAX_LOOKS;
  const found = list(
    looks.map((it) => sayRescan(core, it.read)),
    '; ',
  );
  const accounts = looks.map(({ read }) => ({ system: read.system, login: read.login, problem: read.problem }));
  const kept = await run.commit(async (tx) => {
    // Closed meanwhile: nobody decides about these accounts any more.
    if (!(await lockOpenIncident(core, tx, incident.id)).ok) {
      await fillWaitingWindows(core, tx, incident.id);
      return false;
    }
    // Corrected meanwhile: what the old names found must not be stored; the correction requested another look.
    if (!sameLinks(links, await linksOf(core, tx, person.id))) return false;
    await tellMoved(core, tx, incident.id, { looks, links });
    await Promise.all([
      ...looks.map(({ read }) => saveAccount(core, tx, read)),
      appendAuditEvent(core, tx, incident.id, {
        actor: notme('worker'),
        action: 'accounts.read',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { accounts },
      }),
      again
        ? null
        : addLine({ core, tx }, incident.id, `accounts_${run.work.wanted}`, phrase('timeline.accounts', { found })),
      touchIncident(core, tx, incident.id, run.work.correlation_id),
      fillWaitingWindows(core, tx, incident.id),
      again ? null : requestEvidence(core, tx, incident.id, run.work.correlation_id),
    ]);
    return true;
  });
  core.dispatch();
  return again && kept ? { againInMs: backoffMs(run.work.attempt, core.runtime) } : 'completed';
}

/** An address that led to another account before: said once, and what it leads to now is remembered. */
async function tellMoved(
  core: Core,
  tx: Queryable,
  incidentId: string,
  { looks, links }: { readonly looks: readonly Look[]; readonly links: ReadonlyMap<string, string> },
): Promise<void> {
  for (const { read } of looks) {
    const { personId, system, accountId, login } = read;
    if (accountId === null || login === null || links.has(system)) continue;
    const found = { personId, system, accountId, login };
    await rememberAccount(core, tx, found);
    const before = await accountBefore(core, tx, found);
    if (before === null) continue;
    const line = phrase('timeline.account_moved', { line: list([sayBefore(core, before)]), login });
    await addLine({ core, tx }, incidentId, `moved_${system}_${accountId}`, line);
  }
}

const sameLinks = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([system, login]) => other.get(system) === login);

const requestEvidence = (core: Core, tx: Queryable, incidentId: string, correlationId: string): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'collect_evidence',
    ref: incidentId,
    correlationId,
    now: core.runtime.now(),
  });

function sayRescan(core: Core, read: ReadAccount): Phrase {
  const system = core.connectors.get(read.system)?.title ?? read.system;
  return read.login === null
    ? phrase('timeline.account.none', { system, problem: read.problem ?? '' })
    : phrase('timeline.account.found', { system, login: read.login });
}
