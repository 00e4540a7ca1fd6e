import { list, phrase, type Phrase, type PhraseValue, text, user } from '../../texts/phrase.js';
import { requestWork } from '../../outbox/outbox.js';
import type { Core, Origin } from '../../ports/core.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import type { Queryable, Transaction } from '../../ports/database.js';
import { accountsOf, retireAccount, saveAccount } from '../../incidents/accounts.js';
import type { Proof } from '../../incidents/proof.js';
import { lockOpenIncident } from '../../incidents/incident.js';
import { checkProof, type Given } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import { digestOfLinks, NO_ACCOUNT, shownLinks } from '../linked-accounts.js';
import { holderByAddress, namedLogins, type Own, ownOf } from '../own.js';
import { isNeverTouched, needsCode } from '../policy.js';

export interface LinkCorrection {
  readonly incidentId: string;
  readonly actor: string;
  readonly origin: Origin;
  /** What was typed, by system: a login, a dash for no account, or nothing to search by address again. */
  readonly typed: ReadonlyMap<string, string>;
  /** The digest of what the approver saw. */
  readonly seen: string;
  readonly given: Given;
}

/**
 * Stores an approver's corrections, for this incident and every later one, and looks the accounts up again. A
 * correction steers every later decision, so it needs a code like a decision.
 */
export const correctLinks = (core: Core, correction: LinkCorrection): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'correctAccounts',
    { ...correction, action: 'links' },
    {
      before: () => beforeCorrection(core, correction),
      change: (tx, incident, prepared) =>
        correctLocked(core, tx, correction, { personId: incident.person_id, ...prepared }),
    },
  );

interface Prepared {
  readonly own: Own;
  /** `null` when none is required. */
  readonly proof: Proof | null;
}

/** What cannot be corrected is refused before a code is spent on it; all checks are repeated under the lock. */
async function beforeCorrection(core: Core, correction: LinkCorrection): Promise<Result<Prepared, Problem>> {
  const asked = await ownOf(core, correction.actor);
  if (!asked.ok) return asked;
  const own = asked.value;
  const checked = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, correction.incidentId);
    return locked.ok ? checkedChanges(core, tx, correction, { personId: locked.value.person_id, own }) : locked;
  });
  if (!checked.ok) return checked;
  const proof = await checkCorrectionProof(core, correction, checked.value);
  return proof.ok ? ok({ own, proof: proof.value }) : proof;
}

/** The code covers exactly what was typed, over exactly what was shown. */
async function checkCorrectionProof(
  core: Core,
  { incidentId, actor, origin, given, seen }: LinkCorrection,
  changes: readonly Change[],
): Promise<Result<Proof | null, Problem>> {
  if (!needsCode(core, 'correct_accounts')) return ok(null);
  const typed = changes.map(({ system, after }) => [system, after]);
  const attempt = { incidentId, action: 'links', actor, origin };
  return checkProof(core, attempt, given, { incident: incidentId, action: 'links', seen, typed });
}

interface Change {
  readonly system: string;
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

interface ForWhom {
  readonly personId: string;
  readonly own: Own;
}

/** The changes to make, if they are allowed. */
async function checkedChanges(
  core: Core,
  tx: Transaction,
  correction: LinkCorrection,
  { personId, own }: ForWhom,
): Promise<Result<readonly Change[], Problem>> {
  const shown = await shownLinks(core, tx, personId);
  // A field left as it was is no correction, so its earlier value has to be known.
  if (digestOfLinks(shown) !== correction.seen) return refuse('outdated', phrase('problem.links.stale'));
  const changes = shown.flatMap(({ system, title, login }): Change[] => {
    const after = correction.typed.get(system)?.trim();
    const before = login ?? '';
    return after === undefined || after === before ? [] : [{ system, title, before, after }];
  });
  if (changes.length === 0) return refuse('invalid_input', phrase('problem.links.same'));
  const allowed = await checkChanges(core, tx, changes, { personId, own });
  return allowed.ok ? ok(changes) : allowed;
}

async function correctLocked(
  core: Core,
  tx: Transaction,
  correction: LinkCorrection,
  { personId, own, proof }: ForWhom & Prepared,
): Promise<Result<Changed<null>, Problem>> {
  const { incidentId, actor, origin } = correction;
  const checked = await checkedChanges(core, tx, correction, { personId, own });
  if (!checked.ok) return checked;
  const changes = checked.value;
  for (const { system, after } of changes) await setLink(core, tx, { personId, system, actor, login: after });
  const { correlationId } = origin;
  const now = core.runtime.now();
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'read_accounts', ref: incidentId, correlationId, now });
  const logins = Object.fromEntries(changes.map(({ system, before, after }) => [system, { before, after }]));
  const line = phrase('timeline.links', { who: user(actor), changes: list(changes.map(sayChange)) });
  return ok({
    value: null,
    trace: {
      record: { action: 'accounts.corrected', detail: { logins, proof: proof?.kind ?? null } },
      lines: [{ key: `links_${correlationId}`, phrase: line }],
    },
  });
}

const sayChange = ({ title, before, after }: Change): Phrase =>
  phrase('timeline.links.change', { system: title, before: sayLogin(before), after: sayLogin(after) });

const sayLogin = (login: string): PhraseValue => (login === '' ? text('timeline.links.by_addresses') : login);

/**
 * Nothing may be running on an account that is unlinked, and this approver must be allowed to decide about the one that
 * is linked.
 */
async function checkChanges(
  core: Core,
  tx: Queryable,
  changes: readonly Change[],
  { personId, own }: ForWhom,
): Promise<Result<null, Problem>> {
  for (const { system, after } of changes) {
    const field = `login_${system}` as const;
    if (isNeverTouched(core, after)) return refuse('never_touch', phrase('problem.links.never'), field);
    const running = await tx.query(
      `select 1 as running from steps s join accounts a on a.workspace_id = s.workspace_id and a.id = s.account_row
       where a.workspace_id = $1 and a.person_id = $2 and a.system = $3 and s.finished_at is null limit 1`,
      [core.workspaceId, personId, system],
    );
    if (running.rows.length > 0) return refuse('already_running', phrase('problem.links.running'), field);
    if (await isOwnLogin(core, tx, own, { system, login: after }))
      return refuse('own_account', phrase('problem.links.own'), field);
    const name = await holderByAddress(core, tx, personId, { system, login: after });
    if (name !== null) return refuse('somebody_elses_account', phrase('problem.links.somebody_elses', { name }), field);
  }
  return ok(null);
}

/** By what was typed. The account it leads to is compared by its id once it is found: `src/approvals/whose.ts`. */
async function isOwnLogin(
  core: Core,
  tx: Queryable,
  own: Own,
  { system, login }: { readonly system: string; readonly login: string },
): Promise<boolean> {
  const typed = login.toLowerCase();
  if (own.addresses.includes(typed) || namedLogins(core, own, system).includes(typed)) return true;
  const accounts = await accountsOf(tx, core.workspaceId, own.person.id);
  return accounts.some((account) => account.system === system && account.login?.toLowerCase() === typed);
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
