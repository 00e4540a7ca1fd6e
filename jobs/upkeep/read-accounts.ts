import { list, phrase, type Phrase } from '../../blocks/texts/phrase.js';
import { afterFailure } from '../../src/connectors/retry.js';
import type { CallContext, Connector, ConnectorFailure } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import { type ReadAccount, saveAccount } from '../../src/incidents/accounts.js';
import { incidentById } from '../../src/incidents/incident.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { addLine, touchIncident } from '../../src/incidents/posts.js';
import { notme, recordDeed } from '../../src/incidents/record.js';
import { backoffMs } from '../backoff.js';
import type { Outcome, Run } from '../worker.js';

const MAX_LOOKS = 5;

interface Look {
  readonly read: ReadAccount;
  readonly failure: ConnectorFailure | null;
}

async function look(core: Core, connector: Connector, person: Person, call: CallContext): Promise<Look> {
  const base = { personId: person.id, system: connector.system };
  const login = core.policy.logins.get(person.email.toLowerCase())?.[connector.system] ?? person.email;
  const found = await connector.findByEmail(login, call);
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
  const looks = await Promise.all(
    [...core.connectors.values()].map((connector) => look(core, connector, person, call)),
  );
  const again =
    looks.some(({ failure }) => failure !== null && afterFailure(failure) !== 'needs_human') &&
    run.work.attempt < MAX_LOOKS;
  const found = list(
    looks.map((it) => sayLook(core, it.read)),
    '; ',
  );
  const accounts = looks.map(({ read }) => ({ system: read.system, login: read.login, problem: read.problem }));
  await core.db.transaction((tx) =>
    Promise.all([
      ...looks.map(({ read }) => saveAccount(core, tx, read)),
      recordDeed(core, tx, incident.id, {
        actor: notme('worker'),
        action: 'accounts.read',
        origin: { surface: 'job', correlationId: run.work.correlation_id },
        detail: { accounts },
      }),
      again ? null : addLine({ core, tx }, incident.id, 'accounts', phrase('timeline.accounts', { found })),
      touchIncident(core, tx, incident.id, run.work.correlation_id),
    ]),
  );
  core.dispatch();
  return again ? { againInMs: backoffMs(run.work.attempt, core.runtime) } : 'done';
}

function sayLook(core: Core, read: ReadAccount): Phrase {
  const system = core.connectors.get(read.system)?.title ?? read.system;
  return read.login === null
    ? phrase('timeline.account.none', { system, problem: read.problem ?? '' })
    : phrase('timeline.account.found', { system, login: read.login });
}
