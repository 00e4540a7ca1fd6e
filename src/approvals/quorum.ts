import { accountKeysOf, holdersOf } from '../incidents/account-holders.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import type { Person } from '../incidents/people.js';
import { WORKSPACE_CHAIN } from '../incidents/workspace-event.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';
import type { ActionKind } from '../ports/connector.js';
import type { DecisionKind, TargetKind } from '../ports/decision-kinds.js';
import { list, type Phrase, phrase, text, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { addressesOf, type Own, ownOf } from './own.js';
import { unlessSlackIsSilent } from './policy.js';
import { letsIn } from './recovery.js';
import { RIGHTS } from './rights.js';
import { checkUnsuspected } from './suspect-approver.js';
import { MOST_FAILURES } from './throttle.js';

/** What is decided, about whom. */
export interface Subject {
  readonly incidentId: string;
  readonly decision: DecisionKind | { readonly undo: ActionKind };
  readonly target: Person;
  /** All accounts of the person: one of them may be an administrator's. */
  readonly accounts: readonly LinkedAccount[];
}

/** Why one approver does not suffice; empty when one does. Refused while Slack does not say who is an approver. */
export const whyTwo = (core: Core, subject: Subject): Promise<Result<readonly Phrase[], Problem>> =>
  unlessSlackIsSilent(core, async () => {
    const { actions, targets } = core.policy.twoApprovers;
    const grave = graveActionOf(subject.decision, actions);
    const kinds = await kindsOf(core, subject);
    return ok([
      ...(grave === null ? [] : [phrase('quorum.because.action', { action: text(`action.${grave}`) })]),
      ...targets.filter((kind) => kinds.has(kind)).map((kind) => phrase(`quorum.because.${kind}`)),
    ]);
  });

/**
 * An undo is as grave as what it amounts to: to lift a disable or a quarantine is to enable; to take back what is grave
 * hands it back; only to take back an enabling is never graver than a disable.
 */
function graveActionOf(decision: Subject['decision'], actions: readonly DecisionKind[]): DecisionKind | null {
  if (typeof decision === 'string') return actions.includes(decision) ? decision : null;
  const { undo } = decision;
  if (letsIn(undo, 'undo') && actions.includes('enable_account')) return 'enable_account';
  return undo !== 'enable_account' && actions.includes(undo) ? undo : null;
}

async function kindsOf(core: Core, { target, accounts }: Subject): Promise<ReadonlySet<TargetKind>> {
  // Under another address or name the account may be somebody else's: it counts as the gravest of them.
  const concerned = [target, ...(await holdersOf(core, core.db, accounts))];
  const names = concerned.flatMap((one) => [one.slack_user_id ?? '', ...addressesOf(core, one.email)]);
  const said = names.map((name) => core.policy.kinds.get(name)).filter((kind) => kind !== undefined);
  const ids = [...new Set(concerned.flatMap(({ slack_user_id: id }) => id ?? []))];
  const approvers = await Promise.all(ids.map((id) => core.roles.has(id, ['approver'])));
  const kinds = new Set<TargetKind>([
    ...said,
    ...(accounts.some(({ state }) => (state?.adminRoles ?? []).length > 0) ? (['administrator'] as const) : []),
    ...(accounts.some(({ state }) => state?.use === 'service') ? (['service_account'] as const) : []),
    ...(approvers.includes(true) ? (['approver'] as const) : []),
  ]);
  kinds.delete('ordinary');
  return kinds.size === 0 ? new Set(['ordinary']) : kinds;
}

/** Never whoever reported it: what somebody claims, somebody else confirms. */
export async function checkNotReporter(core: Core, actor: string, incidentId: string): Promise<Result<null, Problem>> {
  const own = await ownOf(core, actor);
  if (!own.ok) return own;
  const { rows } = await core.db.query(
    `select 1 from reports where workspace_id = $1 and incident_id = $2 and lower(reporter) = any($3) limit 1`,
    [core.workspaceId, incidentId, [actor.toLowerCase(), ...own.value.addresses]],
  );
  return rows.length === 0 ? ok(null) : refuse('not_a_second', phrase('problem.quorum.reporter'));
}

/** Never the same person twice: not by another Slack user with the same address, person or account either. */
export async function checkTwoPeople(core: Core, first: string, second: string): Promise<Result<null, Problem>> {
  const same = refuse('not_a_second', phrase('problem.quorum.same', { who: user(first) }));
  if (first === second) return refuse('not_a_second', phrase('problem.quorum.self'));
  return unlessSlackIsSilent(core, async () => {
    const [one, other] = [await ownOf(core, first), await ownOf(core, second)];
    if (!one.ok) return one;
    if (!other.ok) return other;
    if (await areOne(core, one.value, other.value)) return same;
    return (await enrolledByOther(core, first, second))
      ? refuse('not_a_second', phrase('problem.quorum.enrolled', { who: user(first) }))
      : ok(null);
  });
}

async function areOne(core: Core, one: Own, other: Own): Promise<boolean> {
  if (one.person.id === other.person.id) return true;
  if (one.addresses.some((address) => other.addresses.includes(address))) return true;
  // Not by what a third approver named for one of them: that would part two honest approvers.
  const [mine, theirs] = await Promise.all([
    accountKeysOf(core, core.db, one.person.id),
    accountKeysOf(core, core.db, other.person.id),
  ]);
  return [...theirs].some((key) => mine.has(key));
}

/** For so long nobody signs beside whom they let enrol: time enough for others to ask who that is. */
const STRANGERS_MS = 24 * 3_600_000;

/** Whether one of the two has approved the other's enrolment a short while ago. */
async function enrolledByOther(core: Core, first: string, second: string): Promise<boolean> {
  const { rows } = await core.db.query(
    `select 1 from record_entries where workspace_id = $1 and incident_id = $2 and action = 'approver.enrolled' and at > $3
       and ((actor_id = $4 and detail->>'approved_by' = $5) or (actor_id = $5 and detail->>'approved_by' = $4)) limit 1`,
    [core.workspaceId, WORKSPACE_CHAIN, new Date(core.runtime.now().getTime() - STRANGERS_MS), first, second],
  );
  return rows.length > 0;
}

/**
 * Who else could sign: approvers who are neither the first nor the person it is about, who have something to prove
 * themselves with, and about whom no incident is open.
 */
export const othersThan = (core: Core, first: string, target: Person): Promise<Result<readonly string[], Problem>> =>
  unlessSlackIsSilent(core, async () => {
    const all = await core.roles.all(['approver']);
    return ok(
      await readyToSign(
        core,
        all.filter((id) => id !== first && id !== target.slack_user_id),
      ),
    );
  });

/** Who could take part beside the first approver: said before anything is submitted. */
export interface Signers {
  readonly second: readonly string[];
  readonly review: readonly string[];
}

/** @returns `null` while Slack does not say who is in the roles */
export async function signersBeside(core: Core, first: string, target: Person): Promise<Signers | null> {
  const second = await othersThan(core, first, target);
  if (!second.ok) return null;
  const inRoles = await unlessSlackIsSilent(core, async () => ok(await core.roles.all(RIGHTS.signReview)));
  if (!inRoles.ok) return null;
  return { second: second.value, review: inRoles.value.filter((id) => id !== first && id !== target.slack_user_id) };
}

async function readyToSign(core: Core, ids: readonly string[]): Promise<readonly string[]> {
  const asked = [core.workspaceId, ids];
  const [codes, passkeys, concerned] = await Promise.all([
    core.db.query<Row<'totp_enrolments', 'user_id'>>(
      `select e.user_id from totp_enrolments e where e.workspace_id = $1 and e.user_id = any($2) and not exists
         (select 1 from totp_attempts a where a.workspace_id = $1 and a.user_id = e.user_id and a.failed >= ${MOST_FAILURES})`,
      asked,
    ),
    // A passkey is used on a page: where none can be reached, it is nothing to prove oneself with.
    core.party().ok
      ? core.db.query<Row<'passkeys', 'user_id'>>(
          'select user_id from passkeys where workspace_id = $1 and user_id = any($2)',
          asked,
        )
      : { rows: [] },
    core.db.query<Row<'people', 'slack_user_id'>>(
      `select p.slack_user_id from people p join incidents i on i.workspace_id = p.workspace_id and i.person_id = p.id
       where p.workspace_id = $1 and p.slack_user_id = any($2) and i.status = 'open'`,
      asked,
    ),
  ]);
  const enrolled = new Set([...codes.rows, ...passkeys.rows].map(({ user_id: id }) => id));
  const suspects = new Set<string | null>();
  // Opened by a colleague's click alone it counts for nothing: else one Slack account would stop every decision of two.
  for (const { slack_user_id: id } of concerned.rows) if (id !== null && (await isSuspect(core, id))) suspects.add(id);
  return ids.filter((id) => enrolled.has(id) && !suspects.has(id));
}

async function isSuspect(core: Core, id: string): Promise<boolean> {
  const own = await ownOf(core, id);
  return own.ok && !(await checkUnsuspected(core, own.value)).ok;
}

/** The shortest reason that says something: it is read by everybody in the roles. */
const SHORTEST_BREAK_GLASS = 20;

/** What a decision takes beside its plan. */
export interface Quorum {
  /** Empty: one approver suffices. */
  readonly why: readonly Phrase[];
  /** Who may be the second. */
  readonly others: readonly string[];
  /** `null`: it waits for the second, or needs none. */
  readonly breakGlass: string | null;
}

export const ONE_SUFFICES: Quorum = { why: [], others: [], breakGlass: null };

/** Whether a decision waits for a second approver, and whether this one may be the first. */
export async function checkQuorum(
  core: Core,
  subject: Subject,
  { actor, breakGlass }: { readonly actor: string; readonly breakGlass: string },
): Promise<Result<Quorum, Problem>> {
  const why = await whyTwo(core, subject);
  if (!why.ok) return why;
  if (why.value.length === 0) return ok(ONE_SUFFICES);
  const allowed = await checkNotReporter(core, actor, subject.incidentId);
  if (!allowed.ok) return allowed;
  const others = await othersThan(core, actor, subject.target);
  if (!others.ok) return others;
  const reason = breakGlass.trim();
  if (reason !== '' && reason.length < SHORTEST_BREAK_GLASS)
    return refuse('invalid_input', phrase('problem.break_glass.short', { count: SHORTEST_BREAK_GLASS }), 'break_glass');
  if (reason === '' && others.value.length === 0)
    return refuse('nobody_second', phrase('problem.quorum.nobody'), 'break_glass');
  return ok({ why: why.value, others: others.value, breakGlass: reason === '' ? null : reason });
}

const MOST_NAMED = 10;

export const sayPeople = (ids: readonly string[]) =>
  list(
    ids.slice(0, MOST_NAMED).map((id) => phrase('approver.name', { who: user(id) })),
    ', ',
  );

export const sayWhy = (why: readonly Phrase[]) => list([...why], ', ');

/** For how many hours a first signature waits, as people say it. */
export const waitHours = ({ policy }: Core): number => Math.round(policy.twoApprovers.expireMs / 360_000) / 10;
