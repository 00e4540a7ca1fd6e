import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Confirmed } from './check-passkey.js';
import type { ClaimedEvent, Claims } from './claims.js';
import { commands } from './commands/index.js';
import { checkLinkChanges, type LinkChanges, typedLinks } from './link-changes.js';
import { managedBy } from './managed-by.js';
import { ownOf } from './own.js';
import { type CountersignPreview, previewCountersign, previewReview } from './countersign-preview.js';
import type { Decision } from '../incidents/steps.js';
import { pageRequestOf } from './page-requests.js';
import { type Preview, previewDecision } from './preview.js';
import type { StoredRequest } from './stored-request.js';
import { previewUndo, type UndoPreview } from './undo-preview.js';

/** What a link asks to confirm, as the store has it now: drawn like the window that was submitted. */
export type Confirmable =
  | ConfirmableAct
  | { readonly kind: 'decide'; readonly request: StoredRequest & { command: 'decide' }; readonly preview: Preview }
  | { readonly kind: 'undo'; readonly request: StoredRequest & { command: 'undo' }; readonly preview: UndoPreview }
  | {
      readonly kind: 'links';
      readonly request: StoredRequest & { command: 'links' };
      readonly preview: LinksToConfirm;
    };

/** What else a passkey may stand for, by what the page shows of it. */
type ConfirmableAct =
  | { readonly kind: 'countersign'; readonly preview: CountersignPreview }
  | { readonly kind: 'review'; readonly decision: Decision }
  | { readonly kind: 'lift' | 'approve_enrolment'; readonly name: string }
  | { readonly kind: 'prove_claim'; readonly event: ClaimedEvent };

type Asked<K extends StoredRequest['command']> = Extract<StoredRequest, { command: K }>;

/** Whose accounts, and what of them. */
export interface LinksToConfirm {
  readonly name: string;
  readonly changes: LinkChanges;
}

/**
 * The plan behind a confirmation; refused when it is another one by now, or may not be decided any more. A page is read
 * as often as somebody likes: its refusal is recorded once.
 */
export async function confirmable(
  core: Core,
  request: StoredRequest,
  claims: Claims,
): Promise<Result<Confirmable, Problem>> {
  if (request.command === 'prove_claim') {
    const event = await claims.provable(core, request);
    if (event.ok && event.value.shown !== request.shown) return refuse('outdated', phrase('problem.old_card'));
    return event.ok ? ok({ kind: 'prove_claim', event: event.value }) : event;
  }
  if (request.command === 'decide') {
    const { action } = request;
    const preview = await previewDecision(core, { ...request, repeated: true }, action, request.ranges);
    if (!preview.ok) return preview;
    if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
    return ok({ kind: 'decide', request, preview: preview.value });
  }
  if (request.command === 'links') return confirmableLinks(core, request);
  if (request.command !== 'undo') return confirmableAct(core, request);
  const preview = await previewUndo(core, { ...request, repeated: true });
  if (!preview.ok) return preview;
  if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
  return ok({ kind: 'undo', request, preview: preview.value });
}

async function confirmableAct(
  core: Core,
  request: Asked<'countersign' | 'review' | 'lift' | 'approve_enrolment'>,
): Promise<Result<Confirmable, Problem>> {
  const pressed = { actor: request.actor, origin: request.origin, repeated: true } as const;
  if (request.command === 'countersign') {
    const preview = await previewCountersign(core, pressed, request.waitingId);
    if (!preview.ok) return preview;
    if (preview.value.shown !== request.shown) return refuse('outdated', phrase('problem.quorum.outdated'));
    return ok({ kind: 'countersign', preview: preview.value });
  }
  if (request.command === 'review') {
    const decision = await previewReview(core, pressed, request.decisionId);
    return decision.ok ? ok({ kind: 'review', decision: decision.value }) : decision;
  }
  // Whether it may be done is asked and recorded when it is confirmed: a page is read as often as somebody likes.
  const whom = request.command === 'lift' ? request.lockedUser : request.enrolled;
  const own = await ownOf(core, whom);
  return own.ok ? ok({ kind: request.command, name: own.value.person.name }) : own;
}

async function confirmableLinks(
  core: Core,
  request: StoredRequest & { command: 'links' },
): Promise<Result<Confirmable, Problem>> {
  const managed = await managedBy(core, 'correctAccounts', { ...request, action: 'links', repeated: true });
  if (!managed.ok) return managed;
  const own = await ownOf(core, request.actor);
  if (!own.ok) return own;
  const { id: personId, name } = managed.value.person;
  const changes = await checkLinkChanges(core, core.db, typedLinks(request), { personId, own: own.value });
  return changes.ok ? ok({ kind: 'links', request, preview: { name, changes: changes.value } }) : changes;
}

/** Runs what was submitted, with the passkey's answer as its proof. */
export async function confirm(
  core: Core,
  given: Confirmed,
  origin: Origin,
  claims: Claims,
): Promise<Result<null, Problem>> {
  const link = await pageRequestOf(core, core.db, given.hash);
  if (link.state !== 'open') return refuse('code_refused', phrase(`problem.passkey.${link.state}`));
  if (link.request.kind !== 'confirm') return refuse('code_refused', phrase('problem.passkey.unknown'));
  const { request } = link.request;
  if (request.command === 'undo') return commands.undo(core, { ...request, given, origin });
  if (request.command === 'countersign') return commands.countersign(core, { ...request, given, origin });
  if (request.command === 'review') return commands.signReview(core, { ...request, given, origin });
  if (request.command === 'lift') return commands.liftLock(core, { ...request, given, origin });
  if (request.command === 'approve_enrolment') return commands.approveEnrolment(core, { ...request, given, origin });
  if (request.command === 'prove_claim') return claims.prove(core, { ...request, given, origin });
  if (request.command === 'links')
    return commands.correctAccounts(core, { ...request, ...typedLinks(request), given, origin });
  const decided = await commands.decide(core, { ...request, chosen: new Map(request.chosen), given, origin });
  return decided.ok ? ok(null) : decided;
}
