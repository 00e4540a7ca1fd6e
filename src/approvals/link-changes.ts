import { accountsOf } from '../incidents/accounts.js';
import { unlink } from '../incidents/end-corrections.js';
import { confirmationOf, type Correction, unconfirmedOf } from '../incidents/links.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { list, phrase, type PhraseValue, text } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { digestOfLinks, NO_ACCOUNT, shownLinks } from './linked-accounts.js';
import type { WaitingRequest } from './stored-request.js';
import type { LinkLine } from './waiting-decisions.js';
import { holderByAddress, namedLogins, type Own } from './own.js';
import { isNeverTouched } from './policy.js';

type StoredLinks = Extract<WaitingRequest, { command: 'links' }>;

/** What an approver typed, over what was shown. */
export interface TypedLinks {
  /** By system: a login, a dash for no account, or nothing to search by address again. */
  readonly typed: ReadonlyMap<string, string>;
  /** Whether what others corrected before is confirmed too. */
  readonly confirms: boolean;
  /** The digest of what the approver saw. */
  readonly shown: string;
}

/** As it was stored. */
export const typedLinks = ({ typed, confirms, shown }: Pick<StoredLinks, keyof TypedLinks>): TypedLinks => ({
  typed: new Map(typed),
  confirms,
  shown,
});

interface Change {
  readonly system: string;
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** Whose account it is, as far as known: somebody else's takes a second approver. */
  readonly holder: string | null;
}

export interface LinkChanges {
  readonly changes: readonly Change[];
  readonly confirms: readonly Correction[];
}

export interface ForWhom {
  readonly personId: string;
  /** Of whoever changes it: nobody links an account of their own. */
  readonly own: Own;
}

/** The changes to make, if they are allowed. */
export async function checkLinkChanges(
  core: Core,
  tx: Queryable,
  { typed, confirms, shown: digest }: TypedLinks,
  { personId, own }: ForWhom,
): Promise<Result<LinkChanges, Problem>> {
  const shown = await shownLinks(core, tx, personId);
  // A field left as it was is no correction, so its earlier value has to be known.
  if (digestOfLinks(shown) !== digest) return refuse('outdated', phrase('problem.links.stale'));
  const changed = shown.flatMap(({ system, title, login }) => {
    const after = typed.get(system)?.trim();
    const before = login ?? '';
    return after === undefined || after === before ? [] : [{ system, title, before, after }];
  });
  const changes: Change[] = [];
  for (const change of changed) {
    const holder = await checkChange(core, tx, change, { personId, own });
    if (!holder.ok) return holder;
    changes.push({ ...change, holder: holder.value });
  }
  const open = (confirms ? await unconfirmedOf(core, tx, personId) : []).filter(
    ({ system }) => !changes.some((change) => change.system === system),
  );
  for (const { system, login } of open)
    if (await isOwnLogin(core, tx, own, { system, login })) return refuse('own_account', phrase('problem.links.own'));
  if (changes.length + open.length === 0) return refuse('invalid_input', phrase('problem.links.same'));
  return ok({ changes, confirms: open });
}

/**
 * Nothing may be running on an account that is unlinked, and this approver must be allowed to decide about the one that
 * is linked. @returns whose account it is, when it is known to be somebody else's
 */
async function checkChange(
  core: Core,
  tx: Queryable,
  { system, after }: { readonly system: string; readonly after: string },
  { personId, own }: ForWhom,
): Promise<Result<string | null, Problem>> {
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
  return ok(await holderOf(core, tx, personId, { system, login: after }));
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

/** By address, alias or named login; or by the account that was found for somebody else by these. */
async function holderOf(
  core: Core,
  tx: Queryable,
  personId: string,
  { system, login }: { readonly system: string; readonly login: string },
): Promise<string | null> {
  if (login === '' || login === NO_ACCOUNT) return null;
  const known = await holderByAddress(core, tx, personId, { system, login });
  if (known !== null) return known;
  const { rows } = await tx.query<{ name: string }>(
    `select p.name from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
     where a.workspace_id = $1 and a.system = $2 and lower(a.login) = lower($3) and a.person_id <> $4
       and a.account_id is not null and a.retired_at is null and not exists (select 1 from account_links l
         where l.workspace_id = $1 and l.person_id = a.person_id and l.system = a.system) order by p.id limit 1`,
    [core.workspaceId, system, login, personId],
  );
  if (rows[0]) return rows[0].name;
  const remembered = await tx.query<{ name: string }>(
    `select p.name from known_accounts k join people p on p.workspace_id = k.workspace_id and p.id = k.person_id
     where k.workspace_id = $1 and k.system = $2 and lower(k.login) = lower($3) and k.person_id <> $4 order by p.id limit 1`,
    [core.workspaceId, system, login, personId],
  );
  return remembered.rows[0]?.name ?? null;
}

interface Stored {
  readonly personId: string;
  readonly incidentId: string;
  readonly actor: string;
  /** Who signed second; `null` where one suffices. */
  readonly second: string | null;
}

/** Stores what was checked: what two people signed is confirmed with it. */
export async function storeLinkChanges(
  core: Core,
  tx: Queryable,
  { changes, confirms }: LinkChanges,
  { personId, incidentId, actor, second }: Stored,
): Promise<void> {
  const at = core.runtime.now();
  for (const { system, after } of changes) {
    const link = { personId, system, login: after === NO_ACCOUNT ? '' : after, set_by: actor, set_at: at };
    await setLink(core, tx, { ...link, incidentId, isGone: after === '' });
    if (second !== null && after !== '') await confirmLink(core, tx, link, second);
  }
  for (const { system, login, by, at: since } of confirms)
    await confirmLink(core, tx, { personId, system, login, set_by: by, set_at: since }, actor);
}

type Link = Parameters<typeof confirmationOf>[1];

const confirmLink = async (core: Core, tx: Queryable, link: Link, by: string): Promise<void> => {
  await tx.query('update account_links set confirmed = $4 where workspace_id = $1 and person_id = $2 and system = $3', [
    core.workspaceId,
    link.personId,
    link.system,
    JSON.stringify(confirmationOf(core, link, by)),
  ]);
};

async function setLink(
  core: Core,
  tx: Queryable,
  link: Link & { readonly incidentId: string; readonly isGone: boolean },
): Promise<void> {
  const { personId, system, login, set_by: by, set_at: at, incidentId, isGone } = link;
  await unlink(core, tx, { personId, system });
  if (isGone) return;
  await tx.query(
    `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [core.workspaceId, personId, system, login, by, at, incidentId],
  );
}

export const sayLinkChanges = ({ changes }: LinkChanges): PhraseValue =>
  list(
    changes.map(({ title, before, after, holder }) => {
      const values = { system: title, before: sayLogin(before), after: sayLogin(after) };
      return holder === null
        ? phrase('timeline.links.change', values)
        : phrase('timeline.links.change_of', { ...values, name: holder });
    }),
  );

/** What the second approver reads. */
export const linkLines = ({ changes }: LinkChanges): readonly LinkLine[] =>
  changes.map(({ title, before, after, holder }) => ({ system: title, before, after, holder }));

const sayLogin = (login: string): PhraseValue => (login === '' ? text('timeline.links.by_addresses') : login);
