import { phrase, user } from '../../blocks/texts/phrase.js';
import { requestWork } from '../../jobs/outbox.js';
import type { PersonHandles } from '../connectors/port.js';
import type { Core, Origin } from '../core.js';
import { type Problem, refuse } from '../problem.js';
import { ok, type Result } from '../result.js';
import type { Queryable, Transaction } from '../store/database.js';
import { isNeverTouched } from '../approvals/policy.js';
import { canonicalHash } from '../canonical.js';
import { accountsOf, retireAccount, saveAccount } from './accounts.js';
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
  readonly systems: readonly ShownLink[];
  /** A digest of what is shown, to find out whether it was changed meanwhile. */
  readonly seen: string;
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
  return { name: person.name, systems, seen: digestOf(systems) };
}

async function shownLinks(core: Core, tx: Queryable, personId: string): Promise<readonly ShownLink[]> {
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

const digestOf = (systems: readonly ShownLink[]): string =>
  canonicalHash(systems.map(({ system, login }) => [system, login]));

/** What an approver types for "no account there". */
const NO_ACCOUNT = '-';

export interface LinkCorrection {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
  /** What was typed, by system: a login, a dash for no account, nothing to look by the addresses again. */
  readonly typed: ReadonlyMap<string, string>;
  /** The digest of what the approver saw. */
  readonly seen: string;
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

interface Change {
  readonly system: string;
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

async function correctLocked(
  core: Core,
  tx: Transaction,
  correction: LinkCorrection,
  personId: string,
): Promise<Result<null, Problem>> {
  const { incidentId, actor, origin } = correction;
  const shown = await shownLinks(core, tx, personId);
  // What was left as it stood is no correction, so what stood there has to be known.
  if (digestOf(shown) !== correction.seen) return refuse(phrase('problem.links.stale'));
  const changes = shown.flatMap(({ system, title, login }): Change[] => {
    const after = correction.typed.get(system)?.trim();
    const before = login ?? '';
    return after === undefined || after === before ? [] : [{ system, title, before, after }];
  });
  if (changes.length === 0) return refuse(phrase('problem.links.same'));
  const allowed = await checkChanges(core, tx, changes, { personId, actor });
  if (!allowed.ok) return allowed;
  for (const { system, after } of changes) await setLink(core, tx, { personId, system, actor, login: after });
  await recordDeed(core, tx, incidentId, {
    actor: slackPerson(actor),
    action: 'accounts.corrected',
    origin,
    detail: { logins: Object.fromEntries(changes.map(({ system, before, after }) => [system, { before, after }])) },
  });
  await addLine(
    { core, tx },
    incidentId,
    `links_${origin.correlationId}`,
    phrase('timeline.links', { who: user(actor), systems: changes.map(({ title }) => title).join(', ') }),
  );
  const now = core.runtime.now();
  const { correlationId } = origin;
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'read_accounts', ref: incidentId, correlationId, now });
  await touchIncident(core, tx, incidentId, correlationId);
  return ok(null);
}

/** Nothing may be running on what is let go, and what is taken must be open to be decided about by this approver. */
async function checkChanges(
  core: Core,
  tx: Queryable,
  changes: readonly Change[],
  { personId, actor }: { personId: string; actor: string },
): Promise<Result<null, Problem>> {
  for (const { system, after } of changes) {
    const field = `login_${system}` as const;
    if (isNeverTouched(core, after)) return refuse(phrase('problem.links.never'), field);
    const [running, own] = await Promise.all([
      tx.query(
        `select 1 as running from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
         where a.workspace_id = $1 and a.person_id = $2 and a.system = $3 and s.finished_at is null limit 1`,
        [core.workspaceId, personId, system],
      ),
      tx.query(
        `select 1 as own from people p left join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
           and a.system = $4 and a.retired_at is null
         where p.workspace_id = $1 and p.slack_user_id = $2 and (lower(p.email) = lower($3) or lower(a.login) = lower($3))`,
        [core.workspaceId, actor, after, system],
      ),
    ]);
    if (running.rows.length > 0) return refuse(phrase('problem.links.running'), field);
    if (own.rows.length > 0) return refuse(phrase('problem.links.own'), field);
  }
  return ok(null);
}

async function setLink(
  core: Core,
  tx: Queryable,
  { personId, system, actor, login }: { personId: string; system: string; actor: string; login: string },
): Promise<void> {
  const place = [core.workspaceId, personId, system];
  await tx.query('delete from account_links where workspace_id = $1 and person_id = $2 and system = $3', place);
  await retireAccount(core, tx, { personId, system });
  const unknown = { accountId: null, login: null, state: null, problem: 'being looked up again' };
  await saveAccount(core, tx, { personId, system, ...unknown });
  if (login === '') return;
  await tx.query(
    `insert into account_links (workspace_id, person_id, system, login, set_by, set_at) values ($1, $2, $3, $4, $5, $6)`,
    [...place, login === NO_ACCOUNT ? '' : login, actor, core.runtime.now()],
  );
}
