import { stepById } from '../incidents/steps.js';
import type { WaitingDecision } from '../incidents/waiting-decisions.js';
import { accountsOfIncident } from '../incidents/accounts.js';
import { correctionsOf } from '../incidents/links.js';
import { ok, type Result } from '../platform/result.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { at, list, phrase, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { decidableBy } from './decidable.js';
import { drawPlan } from './drawn-plan.js';
import type { Managed } from './managed-by.js';
import { checkLinkChanges, type ForWhom, type LinkChanges, typedLinks } from './link-changes.js';
import { type Own, ownOf } from './own.js';
import { mayDecide } from './policy.js';
import { checkNotReporter, checkTwoPeople } from './quorum.js';
import { type CheckedPlan, checkPlan } from './take-decision.js';
import { checkUndo } from './take-undo.js';
import type { UndoPreview } from './undo-preview.js';
import { type About, boundLines, isOpen, openWaiting, sayChanges, type SignedFirst } from './waiting-decisions.js';
import type { WaitingRequest } from './stored-request.js';

type Asked<K extends WaitingRequest['command']> = Extract<WaitingRequest, { command: K }>;

/** What the second approver signs: what the first one did, checked again as it is now. */
export type Countersigned =
  | { readonly kind: 'decide'; readonly request: Asked<'decide'>; readonly plan: CheckedPlan }
  | { readonly kind: 'undo'; readonly request: Asked<'undo'>; readonly plan: UndoPreview }
  | { readonly kind: 'links'; readonly request: Asked<'links'>; readonly plan: LinksAsSecond };

/** What was corrected, and who is the second: they are asked under the lock again. */
interface LinksAsSecond {
  readonly changes: LinkChanges;
  readonly own: Own;
}

export interface ForSecond {
  readonly signed: SignedFirst;
  readonly what: Countersigned;
  readonly about: About;
}

/**
 * Whether this approver may sign as the second one what waits here: the first may still decide it, both are two people,
 * neither reported it, and the plan is the one that the first signed.
 */
export async function forSecond(
  core: Core,
  actor: string,
  row: WaitingDecision,
  managed: Managed,
): Promise<Result<ForSecond, Problem>> {
  const open = await stillOpen(core, core.db, row);
  if (!open.ok) return open;
  const { signed_by: first } = row;
  for (const check of [
    () => checkTwoPeople(core, first, actor),
    () => checkNotReporter(core, actor, row.incident_id),
    () => mayDecide(core, first, managed.person),
    // A correction may replace the very account that this one may not decide about.
    ...(open.value.request.command === 'links' ? [] : [() => decidableBy(core, actor, managed)]),
  ]) {
    const allowed = await check();
    if (!allowed.ok) return allowed;
  }
  const what = await asNow(core, open.value, { actor, managed });
  if (what.ok) {
    const { person } = managed;
    const about = { person, corrected: await correctionsOf(core, core.db, person.id) };
    return ok({ signed: open.value, what: what.value, about });
  }
  return what.error.code === 'plan_changed' ? changed(core, row, open.value, managed) : what;
}

/** What was signed, while it still waits; otherwise what became of it. */
export async function stillOpen(
  core: Core,
  tx: Queryable,
  row: WaitingDecision,
): Promise<Result<SignedFirst, Problem>> {
  if (row.status === 'decided') return refuse('already_decided', await sayTaken(core, tx, row));
  const signed = openWaiting(core, row);
  if (signed === null) return refuse('outdated', phrase('problem.quorum.forged'));
  if (row.status === 'outdated') return refuse('outdated', phrase('problem.quorum.outdated'));
  if (row.status === 'expired' || !isOpen(core, signed))
    return refuse('too_late', phrase('problem.quorum.expired', { when: at(row.expires_at) }));
  return ok(signed);
}

async function sayTaken(core: Core, tx: Queryable, { request_key: key, signed_by: first }: WaitingDecision) {
  const { rows } = await tx.query<{ second: string | null; decided_at: Date }>(
    `select second->>'by' as second, decided_at from decisions where workspace_id = $1 and request_key = $2`,
    [core.workspaceId, key],
  );
  const [taken] = rows;
  const when = at(taken?.decided_at ?? core.runtime.now());
  return taken?.second
    ? phrase('problem.decided.two', { who: user(first), second: user(taken.second), when })
    : phrase('problem.decided', { who: user(first), when });
}

interface BySecond {
  readonly actor: string;
  readonly managed: Managed;
}

async function asNow(
  core: Core,
  { request }: SignedFirst,
  { actor, managed }: BySecond,
): Promise<Result<Countersigned, Problem>> {
  if (request.command === 'links') {
    const own = await ownOf(core, actor);
    if (!own.ok) return own;
    const changes = await linksAsNow(core, core.db, request, { own: own.value, personId: managed.person.id });
    return changes.ok ? ok({ kind: 'links', request, plan: { changes: changes.value, own: own.value } }) : changes;
  }
  if (request.command === 'decide') {
    const plan = await checkPlan(core, { ...request, chosen: new Map(request.chosen) }, managed);
    return plan.ok ? ok({ kind: 'decide', request, plan: plan.value }) : plan;
  }
  const step = await stepById(core.db, core.workspaceId, request.stepId);
  if (!step) return refuse('outdated', phrase('problem.old_card'));
  const plan = await checkUndo(core, request, step, managed);
  return plan.ok ? ok({ kind: 'undo', request, plan: plan.value }) : plan;
}

/** What was corrected, as it is now; nobody is the second for an account of their own. */
export async function linksAsNow(
  core: Core,
  tx: Queryable,
  request: Asked<'links'>,
  forWhom: ForWhom,
): Promise<Result<LinkChanges, Problem>> {
  const plan = await checkLinkChanges(core, tx, typedLinks(request), forWhom);
  if (plan.ok || plan.error.code !== 'outdated') return plan;
  return refuse('plan_changed', plan.error.phrase);
}

/** Refused, with what is different: the first approver has to decide it again. */
async function changed(
  core: Core,
  row: WaitingDecision,
  { request, lines }: SignedFirst,
  { incident }: Managed,
): Promise<Result<never, Problem>> {
  const accounts = await accountsOfIncident(core.db, core.workspaceId, incident.id);
  const now =
    request.command !== 'decide'
      ? lines
      : boundLines(
          core,
          accounts,
          (await drawPlan(core, core.db, { decision: request.action, accounts, incident })).steps,
          () => null,
        );
  const what = list([sayChanges(lines, now)]);
  return refuse('plan_changed', phrase('problem.quorum.changed', { who: user(row.signed_by), what }));
}
