import { list, phrase, type Phrase } from '../../blocks/texts/phrase.js';
import { afterFailure } from '../../src/connectors/retry.js';
import type { CallContext, Connector, ConnectorFailure, PersonHandles } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import { type ReadAccount, saveAccount } from '../../src/incidents/accounts.js';
import { incidentById, lockOpenIncident } from '../../src/incidents/incident.js';
import { handlesOf, linksOf } from '../../src/incidents/links.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, recordDeed } from '../../src/incidents/record.js';
import type { Queryable } from '../../src/store/database.js';
import { backoffMs } from '../backoff.js';
import { requestWork } from '../outbox.js';
import type { Outcome, Run } from '../worker.js';

const MAX_LOOKS = 5;

interface Look {
  readonly read: ReadAccount;
  readonly failure: ConnectorFailure | null;
}

interface Sought {
  readonly person: Person;
  /** `null`: an approver said that there is no account. */
  readonly handles: PersonHandles | null;
}

/**
 * Every system at once; then, where nobody was found by the known addresses, once more by the logins that the others
 * told: one human may be known by the e-mail address here and by the UPN there.
 */
async function lookEverywhere(
  core: Core,
  person: Person,
  links: ReadonlyMap<string, string>,
  call: CallContext,
): Promise<readonly Look[]> {
  const soughtIn = (system: string): Sought => ({
    person,
    handles: handlesOf(core, person, { system, link: links.get(system) }),
  });
  const first = await Promise.all(
    [...core.connectors.values()].map((connector) => look(connector, soughtIn(connector.system), call)),
  );
  const logins = [...new Set(first.flatMap(({ read }) => read.login ?? []))].filter((login) => login.includes('@'));
  return Promise.all(
    first.map(async (one) => {
      const connector = core.connectors.get(one.read.system);
      const { handles } = soughtIn(one.read.system);
      const news = logins.filter(
        (login) => !handles?.emails.some((known) => known.toLowerCase() === login.toLowerCase()),
      );
      if (
        one.failure?.kind !== 'not_found' ||
        !connector ||
        !handles ||
        links.has(one.read.system) ||
        news.length === 0
      )
        return one;
      return look(connector, { person, handles: { emails: news, employeeId: handles.employeeId } }, call);
    }),
  );
}

async function look(connector: Connector, { person, handles }: Sought, call: CallContext): Promise<Look> {
  const base = { personId: person.id, system: connector.system };
  if (handles === null)
    return {
      read: { ...base, accountId: null, login: null, state: null, problem: 'no account there, as an approver said' },
      failure: null,
    };
  const found = await connector.find(handles, call);
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
  if (failure.kind === 'not_found') return 'no account there';
  if (failure.kind === 'ambiguous') return `several accounts match (${failure.candidates.join(', ')}); none was taken`;
  return failure.message;
}

/** Looks the person's account up in every linked system, at once; changes nothing there. */
export async function readAccounts(core: Core, run: Run): Promise<Outcome> {
  const incident = await incidentById(core.db, core.workspaceId, run.work.ref);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!incident || !person) return 'done';
  const call = { signal: run.signal, correlationId: run.work.correlation_id };
  const links = await linksOf(core.db, core.workspaceId, person.id);
  const looks = await lookEverywhere(core, person, links, call);
  const again =
    looks.some(({ failure }) => failure !== null && afterFailure(failure) !== 'needs_human') &&
    run.work.attempt < MAX_LOOKS;
  const found = list(
    looks.map((it) => sayLook(core, it.read)),
    '; ',
  );
  const accounts = looks.map(({ read }) => ({ system: read.system, login: read.login, problem: read.problem }));
  const kept = await core.db.transaction(async (tx) => {
    await lockOpenIncident(core, tx, incident.id);
    // Corrected meanwhile: what was found by the old names is not to be kept; the correction asked for another look.
    if (!sameLinks(links, await linksOf(tx, core.workspaceId, person.id))) return false;
    await Promise.all([
      ...looks.map(({ read }) => saveAccount(core, tx, read)),
      recordDeed(core, tx, incident.id, {
        actor: notme('worker'),
        action: 'accounts.read',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { accounts },
      }),
      again
        ? null
        : addLine({ core, tx }, incident.id, `accounts_${run.work.wanted}`, phrase('timeline.accounts', { found })),
      touchIncident(core, tx, incident.id, run.work.correlation_id),
      again ? null : requestEvidence(core, tx, incident.id, run.work.correlation_id),
    ]);
    return true;
  });
  core.dispatch();
  return again && kept ? { againInMs: backoffMs(run.work.attempt, core.runtime) } : 'done';
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

function sayLook(core: Core, read: ReadAccount): Phrase {
  const system = core.connectors.get(read.system)?.title ?? read.system;
  return read.login === null
    ? phrase('timeline.account.none', { system, problem: read.problem ?? '' })
    : phrase('timeline.account.found', { system, login: read.login });
}
