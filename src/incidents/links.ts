import { phrase, user } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { PersonHandles } from '../connectors/port.js';
import type { Core, Origin } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable } from '../store/database.js';
import { accountsOf } from './accounts.js';
import { lockOpenIncident } from './incident.js';
import { type Person, personOfIncident } from './people.js';
import { addLine, touchIncident } from './posts.js';
import { recordDeed, slackPerson } from './record.js';

/** The logins that approvers named for a person, by system; an empty one says that there is no account. */
export async function linksOf(
  tx: Queryable,
  workspaceId: string,
  personId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ system: string; login: string }>(
    'select system, login from account_links where workspace_id = $1 and person_id = $2',
    [workspaceId, personId],
  );
  return new Map(rows.map(({ system, login }) => [system, login]));
}

/**
 * What a person is looked up by in one system: a login that an approver named there, else one of the configuration, else
 * every address that is known, and the personnel number. `null`: an approver said that there is no account.
 */
export function handlesOf(
  core: Core,
  person: Person,
  { system, link }: { system: string; link: string | undefined },
): PersonHandles | null {
  if (link === '') return null;
  const known = core.policy.handles.get(person.email.toLowerCase());
  const named = link ?? known?.logins[system];
  if (named !== undefined) return { emails: [named], employeeId: null };
  return { emails: [person.email, ...(known?.aliases ?? [])], employeeId: known?.employeeId ?? null };
}

/** The accounts of a person as an approver sees and corrects them. */
export interface LinkPreview {
  readonly name: string;
  readonly systems: readonly {
    readonly system: string;
    readonly title: string;
    readonly login: string | null;
    readonly problem: string | null;
  }[];
}

export async function previewLinks(core: Core, incidentId: string): Promise<LinkPreview | null> {
  const person = await personOfIncident(core.db, core.workspaceId, incidentId);
  if (!person) return null;
  const [accounts, links] = await Promise.all([
    accountsOf(core.db, core.workspaceId, person.id),
    linksOf(core.db, core.workspaceId, person.id),
  ]);
  return {
    name: person.name,
    systems: [...core.connectors.values()].map(({ system, title }) => {
      const account = accounts.find((one) => one.system === system);
      const link = links.get(system);
      const login = account?.login ?? (link === '' ? NO_ACCOUNT : (link ?? null));
      return { system, title, login, problem: account?.problem ?? null };
    }),
  };
}

/** What an approver types for "no account there". */
const NO_ACCOUNT = '-';

export interface LinkCorrection {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
  /** What was typed, by system: a login, a dash for no account, nothing to look by the addresses again. */
  readonly typed: ReadonlyMap<string, string>;
}

/** Keeps what an approver corrected, for this incident and every later one, and has the accounts looked up again. */
export async function correctLinks(core: Core, correction: LinkCorrection): Promise<Result<null, Problem>> {
  const corrected = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, correction.incidentId);
    if (!locked.ok) return locked;
    return correctLocked(core, tx, correction, locked.value.person_id);
  });
  core.dispatch();
  return corrected;
}

async function correctLocked(
  core: Core,
  tx: Queryable,
  correction: LinkCorrection,
  personId: string,
): Promise<Result<null, Problem>> {
  const { incidentId, actor, origin } = correction;
  const [accounts, links] = await Promise.all([
    accountsOf(tx, core.workspaceId, personId),
    linksOf(tx, core.workspaceId, personId),
  ]);
  const changed = [...correction.typed].filter(([system, typed]) => {
    const shown =
      accounts.find((one) => one.system === system)?.login ??
      (links.get(system) === '' ? NO_ACCOUNT : (links.get(system) ?? ''));
    return core.connectors.has(system) && typed.trim() !== shown;
  });
  if (changed.length === 0) return refuse(phrase('problem.links.same'));
  const rows = accounts.filter(({ system }) => changed.some(([one]) => one === system)).map(({ id }) => id);
  const running = await tx.query(
    `select 1 as running from steps where workspace_id = $1 and account_row = any($2) and finished_at is null limit 1`,
    [core.workspaceId, rows],
  );
  if (running.rows.length > 0) return refuse(phrase('problem.links.running'));
  for (const [system, typed] of changed) await setLink(core, tx, { personId, system, actor, login: typed.trim() });
  await recordDeed(core, tx, incidentId, {
    actor: slackPerson(actor),
    action: 'accounts.corrected',
    origin,
    detail: { logins: Object.fromEntries(changed) },
  });
  const systems = changed.map(([system]) => core.connectors.get(system)?.title ?? system).join(', ');
  await addLine(
    { core, tx },
    incidentId,
    `links_${origin.correlationId}`,
    phrase('timeline.links', { who: user(actor), systems }),
  );
  const now = core.runtime.now();
  const { correlationId } = origin;
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'read_accounts', ref: incidentId, correlationId, now });
  await touchIncident(core, tx, incidentId, correlationId);
  return ok(null);
}

async function setLink(
  core: Core,
  tx: Queryable,
  { personId, system, actor, login }: { personId: string; system: string; actor: string; login: string },
): Promise<void> {
  const place = [core.workspaceId, personId, system];
  await tx.query('delete from account_links where workspace_id = $1 and person_id = $2 and system = $3', place);
  // What was found under the old name is not this person's: nothing may be planned on it any more.
  await tx.query(
    `update accounts set account_id = null, login = null, state = null, problem = null
     where workspace_id = $1 and person_id = $2 and system = $3`,
    place,
  );
  if (login === '') return;
  await tx.query(
    `insert into account_links (workspace_id, person_id, system, login, set_by, set_at) values ($1, $2, $3, $4, $5, $6)`,
    [...place, login === NO_ACCOUNT ? '' : login, actor, core.runtime.now()],
  );
}
