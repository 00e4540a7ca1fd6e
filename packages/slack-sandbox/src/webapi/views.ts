import { z } from 'zod';
import { checkView } from '../blockkit/check.js';
import type { JsonObject } from '../json.js';
import { openModal, publishHome, pushModal, replaceView, shownView } from '../workspace/viewing.js';
import { ApiError, invalidArguments } from './errors.js';
import type { Call } from './method.js';
import { anyObject, held, json, method } from './method.js';

const view = json(anyObject);
const NO_SCOPE = { scopes: [], tier: 4 } as const;

/** @throws ApiError naming each wrong place when Slack would refuse the view */
export function checkedView(given: JsonObject, type: 'modal' | 'home'): JsonObject {
  if (given['type'] !== type) {
    throw invalidArguments([
      `[ERROR] must be a valid view type: this method takes "${type}" [json-pointer:/view/type]`,
    ]);
  }
  const verdict = checkView(given);
  if (verdict.ok) return given;
  throw new ApiError(verdict.error, { response_metadata: { messages: verdict.messages } });
}

function exchange(call: Call, triggerId: string) {
  const use = call.core.triggers.use(triggerId);
  if (!use.ok) throw new ApiError(use.error);
  return use;
}

function uniqueExternalId(call: Call, given: JsonObject, except?: string): void {
  const id = given['external_id'];
  if (typeof id !== 'string' || id === '') return;
  const taken = call.core.workspace.view((one) => one.external_id === id && one.id !== except);
  if (taken) throw new ApiError('duplicate_external_id');
}

const trigger = { trigger_id: z.string(), view };

const open = method(NO_SCOPE, z.object(trigger), (args, call) => {
  const given = checkedView(args.view, 'modal');
  uniqueExternalId(call, given);
  const { userId } = exchange(call, args.trigger_id);
  return { view: shownView(openModal(call.core.workspace, userId, given)) };
});

const push = method(NO_SCOPE, z.object(trigger), (args, call) => {
  const given = checkedView(args.view, 'modal');
  uniqueExternalId(call, given);
  const { userId, viewId } = exchange(call, args.trigger_id);
  const open = call.core.workspace.modals(userId).some((one) => one.id === viewId);
  if (!open) throw invalidArguments(['[ERROR] the trigger_id does not come from an open modal']);
  const pushed = pushModal(call.core.workspace, userId, given);
  if (!pushed) throw new ApiError('push_limit_reached');
  return { view: shownView(pushed) };
});

const update = method(
  NO_SCOPE,
  z.object({
    view,
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
  }),
  (args, call) => {
    const { workspace } = call.core;
    if (args.view_id === undefined && args.external_id === undefined)
      throw invalidArguments(['[ERROR] missing required field: view_id']);
    const found = workspace.view((one) =>
      args.view_id === undefined ? one.external_id === args.external_id : one.id === args.view_id,
    );
    if (!found) throw new ApiError('not_found');
    if (args.hash !== undefined && args.hash !== found.view.hash) throw new ApiError('hash_conflict');
    const given = checkedView(args.view, found.view.type);
    uniqueExternalId(call, given, found.view.id);
    replaceView(workspace, found.view, given);
    return { view: shownView(found.view) };
  },
);

const publish = method(NO_SCOPE, z.object({ view, user_id: z.string(), hash: z.string().optional() }), (args, call) => {
  const { workspace, manifest } = call.core;
  if (!manifest.home.home_tab_enabled) throw new ApiError('not_enabled');
  if (!workspace.user(args.user_id)) throw invalidArguments(['[ERROR] invalid `user_id` [json-pointer:/user_id]']);
  const known = workspace.data.homes[args.user_id];
  if (args.hash && known && args.hash !== known.hash) throw new ApiError('hash_conflict');
  return { view: shownView(publishHome(workspace, args.user_id, checkedView(args.view, 'home'))) };
});

export const VIEW_METHODS = held({
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
});
