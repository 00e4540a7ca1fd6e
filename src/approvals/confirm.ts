import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import { phrase } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Confirmed } from './check-passkey.js';
import { commands } from './commands/index.js';
import { checkLinkChanges, type LinkChanges, typedLinks } from './link-changes.js';
import { managedBy } from './managed-by.js';
import { ownOf } from './own.js';
import { pageRequestOf } from './page-requests.js';
import { type Preview, previewDecision } from './preview.js';
import type { StoredRequest } from './stored-request.js';
import { previewUndo, type UndoPreview } from './undo-preview.js';

/** What a link asks to confirm, as the store has it now: drawn like the window that was submitted. */
export type Confirmable =
  | { readonly kind: 'decide'; readonly request: StoredRequest & { command: 'decide' }; readonly preview: Preview }
  | { readonly kind: 'undo'; readonly request: StoredRequest & { command: 'undo' }; readonly preview: UndoPreview }
  | {
      readonly kind: 'links';
      readonly request: StoredRequest & { command: 'links' };
      readonly preview: LinksToConfirm;
    };

/** Whose accounts, and what of them. */
export interface LinksToConfirm {
  readonly name: string;
  readonly changes: LinkChanges;
}

/**
 * The plan behind a confirmation; refused when it is another one by now, or may not be decided any more. A page is read
 * as often as somebody likes: its refusal is recorded once.
 */
export async function confirmable(core: Core, request: StoredRequest): Promise<Result<Confirmable, Problem>> {
  if (request.command === 'decide') {
    const { action } = request;
    const preview = await previewDecision(core, { ...request, repeated: true }, action);
    if (!preview.ok) return preview;
    if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
    return ok({ kind: 'decide', request, preview: preview.value });
  }
  if (request.command === 'links') return confirmableLinks(core, request);
  const preview = await previewUndo(core, { ...request, repeated: true });
  if (!preview.ok) return preview;
  if (preview.value.digest !== request.shown) return refuse('plan_changed', phrase('problem.plan_changed'));
  return ok({ kind: 'undo', request, preview: preview.value });
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
export async function confirm(core: Core, given: Confirmed, origin: Origin): Promise<Result<null, Problem>> {
  const link = await pageRequestOf(core, core.db, given.hash);
  if (link.state !== 'open') return refuse('code_refused', phrase(`problem.passkey.${link.state}`));
  if (link.request.kind !== 'confirm') return refuse('code_refused', phrase('problem.passkey.unknown'));
  const { request } = link.request;
  if (request.command === 'undo') return commands.undo(core, { ...request, given, origin });
  if (request.command === 'links')
    return commands.correctAccounts(core, { ...request, ...typedLinks(request), given, origin });
  const decided = await commands.decide(core, { ...request, chosen: new Map(request.chosen), given, origin });
  return decided.ok ? ok(null) : decided;
}
