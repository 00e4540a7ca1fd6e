import { z } from 'zod';
import { checkView } from '../blockkit/check.js';
import { mergedState, placedElements } from '../blockkit/elements.js';
import type { Core } from '../core.js';
import { sentAs } from '../delivery/sent.js';
import type { Slack } from '../vendor/index.js';
import type { User, View, ViewState } from '../workspace/model.js';
import { closeAll, closeOne, pushModal, replaceView, shownView } from '../workspace/viewing.js';
import { ownView } from './actions.js';
import { inputErrors } from './input-rules.js';
import { interactionBase } from './payloads.js';
import type { ActResult } from './refusal.js';
import { Refusal } from './refusal.js';
import { unanswered } from './telling.js';

const view = z.record(z.string(), z.unknown());
const ResponseAction = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view }),
  z.object({ response_action: z.literal('push'), view }),
  z.object({ response_action: z.literal('clear') }),
]);
const Answer = z.union([ResponseAction, z.object({ response_action: z.undefined().optional() })]);

const TROUBLE = 'We had some trouble connecting. Try again?';

/** What the app answered cannot be shown: Slack tells the person that it had trouble. */
function trouble(core: Core, user: User, callbackId: string, why: string): Refusal {
  core.workspace.fail(user.id, callbackId, `${TROUBLE} (${why})`);
  return new Refusal('bad_response', `${TROUBLE} (${why})`, 504);
}

function showable(core: Core, user: User, callbackId: string, given: Record<string, unknown>): void {
  const verdict = checkView(given);
  if (!verdict.ok) throw trouble(core, user, callbackId, `${verdict.error}: ${verdict.messages.join('; ')}`);
}

function carryOut(core: Core, user: User, submitted: View, body: unknown): ActResult {
  const { workspace } = core;
  const { callback_id: callbackId } = submitted;
  const read = Answer.safeParse(body ?? {});
  if (!read.success)
    throw trouble(core, user, callbackId, 'the app answered with something that is no response_action');
  const answer = read.data;
  switch (answer.response_action) {
    case undefined:
      closeOne(workspace, user.id, submitted);
      return { ok: true, result: 'closed' };
    case 'clear':
      closeAll(workspace, user.id);
      return { ok: true, result: 'cleared' };
    case 'errors': {
      const inputs = new Set(submitted.blocks.filter((one) => one['type'] === 'input').map((one) => one['block_id']));
      const unknown = Object.keys(answer.errors).filter((id) => !inputs.has(id));
      if (unknown.length > 0 || Object.keys(answer.errors).length === 0)
        throw trouble(core, user, callbackId, `errors for no input block of the view: ${unknown.join(', ')}`);
      return { ok: true, result: 'errors', errors: answer.errors };
    }
    case 'update':
      showable(core, user, callbackId, answer.view);
      replaceView(workspace, submitted, answer.view);
      return { ok: true, result: 'updated' };
    case 'push':
      showable(core, user, callbackId, answer.view);
      if (!pushModal(workspace, user.id, answer.view))
        throw trouble(core, user, callbackId, 'three views are open already');
      return { ok: true, result: 'pushed' };
  }
}

/** State entries that belong to input blocks or were chosen in the modal. */
function entered(view: View, state: ViewState): ViewState {
  const known = new Set(placedElements(view.blocks).map((one) => one.blockId));
  const foreign = Object.keys(state).filter((blockId) => !known.has(blockId));
  if (foreign.length > 0)
    throw new Refusal('unknown_block', `The view has no block "${foreign.join('", "')}": read the state again.`);
  return mergedState(view.blocks, view.state.values, state);
}

/** Submits a modal: the client's own checks first, then view_submission and the app's response action. */
export async function submit(
  core: Core,
  user: User,
  args: { view_id: string; state?: { values: ViewState } | undefined },
): Promise<ActResult> {
  const submitted = ownView(core, user, args.view_id);
  if (submitted.type !== 'modal' || core.workspace.modals(user.id).at(-1) !== submitted)
    throw new Refusal('view_not_on_top', 'Only the modal on top can be submitted: close the one above it first.');
  submitted.state = { values: entered(submitted, args.state?.values ?? {}) };
  const errors = inputErrors(submitted.blocks, submitted.state.values);
  if (Object.keys(errors).length > 0) return { ok: true, result: 'errors', errors };
  const outcome = await core.delivery.interaction('interactive', {
    name: submitted.callback_id,
    user: user.id,
    acceptsResponse: true,
    payload: sentAs<Slack.Interactions['view_submission']>()({
      ...interactionBase(core, 'view_submission', user),
      trigger_id: core.triggers.issue(user.id, submitted.id),
      view: shownView(submitted),
    }),
  });
  if (!outcome.acked) throw unanswered(core, user.id, submitted.callback_id, { outcome, sentence: () => TROUBLE });
  return carryOut(core, user, submitted, outcome.body);
}

/** Closes a modal, or with `all` the whole stack; view_closed only where the app asked for it. */
export function closeView(core: Core, user: User, args: { view_id: string; all?: boolean | undefined }): ActResult {
  const closed = ownView(core, user, args.view_id);
  const stack = core.workspace.modals(user.id);
  if (!stack.includes(closed)) throw new Refusal('view_not_found', 'A home tab cannot be closed.');
  const cleared = args.all === true || closed.clear_on_close;
  const gone = cleared ? [...stack] : stack.slice(stack.indexOf(closed));
  stack.splice(stack.length - gone.length, gone.length);
  core.workspace.changed('view');
  for (const one of gone.reverse()) {
    if (!one.notify_on_close) continue;
    void core.delivery.interaction('interactive', {
      name: one.callback_id,
      user: user.id,
      payload: sentAs<Slack.Interactions['view_closed']>()({
        ...interactionBase(core, 'view_closed', user),
        view: shownView(one),
        is_cleared: cleared,
      }),
    });
  }
  return { ok: true };
}
