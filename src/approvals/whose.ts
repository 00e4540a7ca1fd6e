import { phrase } from '../texts/phrase.js';
import type { CallContext, Connector, ConnectorFailure, PersonIdentifiers } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';
import { holdersOf } from '../incidents/account-holders.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import { correctionsOf, linksOf } from '../incidents/links.js';
import type { Person } from '../incidents/people.js';
import { type Problem, refuse } from '../texts/problem.js';
import { err, ok, type Result } from '../platform/result.js';
import { holderByAddress, namedLogins, type Own, ownOf } from './own.js';
import { mayTouch } from './policy.js';
import { findRecently } from './recent-finds.js';

type Account = Pick<LinkedAccount, 'system' | 'accountId' | 'login'>;

/** A decision about accounts: who they are said to belong to, and who decides. */
export interface Claim {
  readonly actor: string;
  readonly target: Person;
  readonly accounts: readonly Account[];
  /** An undo also reverts what was done to the wrong person's account. */
  readonly undo?: boolean;
}

const titleOf = (core: Core, system: string): string => core.connectors.get(system)?.title ?? system;

const place = (core: Core, { system, login }: Account) => ({ system: titleOf(core, system), login: login ?? '' });

/**
 * Whether this approver may decide about these accounts, as they were found: none on the never-touch list, none of the
 * approver's own, and none of somebody else's that was linked by hand. From the store alone; the job queries the
 * systems themselves.
 */
export async function mayDecideOn(core: Core, claim: Claim): Promise<Result<null, Problem>> {
  const touchable = mayTouch(core, claim.target, claim.accounts);
  if (!touchable.ok) return touchable;
  const own = await ownOf(core, claim.actor);
  if (!own.ok) return own;
  const known = await knownAccounts(core, claim.accounts);
  for (const account of claim.accounts) {
    if (isOwn(core, own.value, account, known))
      return refuse('own_account', phrase('problem.own_login', place(core, account)));
  }
  return claim.undo ? ok(null) : checkOthers(core, claim, known);
}

type Known = Row<'accounts', 'system' | 'account_id' | 'person_id'> &
  Row<'people', 'name'> & {
    /** An approver said so; otherwise it was found by the person's own address. */
    readonly by_hand: boolean;
  };

/** Everybody to whom one of these accounts is linked now, or was known to belong in quiet times. */
async function knownAccounts(core: Core, accounts: readonly Account[]): Promise<readonly Known[]> {
  const { rows } = await core.db.query<Known>(
    `select a.system, a.account_id, a.person_id, p.name, exists (select 1 from account_links l
       where l.workspace_id = $1 and l.person_id = a.person_id and l.system = a.system) as by_hand
     from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
     where a.workspace_id = $1 and a.retired_at is null and a.account_id = any($2)`,
    [core.workspaceId, accounts.flatMap(({ accountId }) => accountId ?? [])],
  );
  const held = await holdersOf(core, core.db, accounts);
  return [...rows, ...held.map((one) => ({ ...one, by_hand: false }))];
}

const knownTo = (account: Account, known: readonly Known[]): readonly Known[] =>
  known.filter((one) => one.system === account.system && one.account_id === account.accountId);

function isOwn(core: Core, own: Own, account: Account, known: readonly Known[]): boolean {
  if (knownTo(account, known).some(({ person_id: id }) => id === own.person.id)) return true;
  const login = account.login?.toLowerCase();
  return (
    login !== undefined && (own.addresses.includes(login) || namedLogins(core, own, account.system).includes(login))
  );
}

/**
 * An account that was linked by hand and is found by somebody else's own address is decided about in an incident about
 * that person.
 */
async function checkOthers(
  core: Core,
  { target, accounts }: Claim,
  known: readonly Known[],
): Promise<Result<null, Problem>> {
  const corrections = await correctionsOf(core, core.db, target.id);
  // Where a second approver confirmed it, two people know whose it is.
  const unsure = corrections.filter(({ confirmedBy }) => confirmedBy === null).map(({ system }) => system);
  for (const account of accounts.filter(({ system }) => unsure.includes(system))) {
    const name =
      knownTo(account, known).find((one) => one.person_id !== target.id && !one.by_hand)?.name ??
      (await holderByAddress(core, core.db, target.id, { system: account.system, login: account.login ?? '' }));
    if (name !== null)
      return refuse('somebody_elses_account', phrase('problem.somebody_elses', { ...place(core, account), name }));
  }
  return ok(null);
}

export type Barred = { readonly problem: Problem } | { readonly failure: ConnectorFailure };

/**
 * Queries the system itself, before the first call: is this account, by its id, the approver's own or on the
 * never-touch list, whatever it is called? `failure`: this could not be determined, so nothing is sent.
 */
export async function askWhose(
  core: Core,
  claim: {
    readonly actor: string;
    readonly account: Account;
    /** A self-hold is about the actor's own account. */
    readonly ownHold?: boolean;
  },
  { connector, call }: { readonly connector: Connector; readonly call: CallContext },
): Promise<Result<null, Barred>> {
  const { actor, account, ownHold = false } = claim;
  const own = await ownOf(core, actor);
  if (!own.ok) return err({ problem: own.error });
  const mine = ownHold ? [] : await identifiersIn(core, own.value, account.system);
  const asked = [
    ...core.policy.neverTouch.map((address) => ({
      identifiers: byAddress(address),
      why: 'problem.never_touch' as const,
    })),
    ...mine.map((identifiers) => ({ identifiers, why: 'problem.own_login' as const })),
  ];
  const answers = await Promise.all(
    asked.map(async (one) => ({ ...one, is: await leadsTo(core, account, one.identifiers, { connector, call }) })),
  );
  for (const { is, why } of answers) {
    if (is === true)
      return err({
        problem: (why === 'problem.never_touch'
          ? refuse('never_touch', phrase(why))
          : refuse('own_account', phrase(why, place(core, account)))
        ).error,
      });
  }
  const silent = answers.find(({ is }) => typeof is === 'object');
  return silent && typeof silent.is === 'object' ? err({ failure: silent.is }) : ok(null);
}

const byAddress = (address: string): PersonIdentifiers => ({ emails: [address], employeeId: null });

/**
 * What may identify the approver in a system: addresses, aliases, the logins that were named there and the personnel
 * number. Each is looked up separately: together, only their logins would tell two accounts apart.
 */
async function identifiersIn(core: Core, own: Own, system: string): Promise<readonly PersonIdentifiers[]> {
  const link = (await linksOf(core, core.db, own.person.id)).get(system) ?? '';
  const emails = new Set([...own.addresses, ...namedLogins(core, own, system), ...(link === '' ? [] : [link])]);
  const numbers = new Set(own.addresses.flatMap((address) => core.policy.identifiers.get(address)?.employeeId ?? []));
  return [...[...emails].map(byAddress), ...[...numbers].map((employeeId) => ({ emails: [], employeeId }))];
}

/** Whether a handle leads to this very account. If several match, it may be one of them. */
async function leadsTo(
  core: Core,
  account: Account,
  identifiers: PersonIdentifiers,
  asked: { readonly connector: Connector; readonly call: CallContext },
): Promise<boolean | ConnectorFailure> {
  const found = await findRecently(core, identifiers, asked);
  if (!found.ok) return found.error;
  const { value } = found;
  if (value.kind === 'several')
    return value.logins.some((login) => login.toLowerCase() === account.login?.toLowerCase());
  return value.kind === 'one' && value.accountId === account.accountId;
}
