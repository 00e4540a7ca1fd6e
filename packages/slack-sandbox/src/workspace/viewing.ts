import { createHash } from 'node:crypto';
import { initialState, mergedState } from '../blockkit/elements.js';
import type { JsonObject } from '../json.js';
import { isObject, objectsOf, stringOf } from '../json.js';
import type { View } from './model.js';
import { withIds } from './posting.js';
import type { Workspace } from './workspace.js';

/** Modals that may stand on each other. */
export const MAX_STACK = 3;

const objectOrNull = (value: unknown): JsonObject | null => (isObject(value) ? value : null);

function newHash(workspace: Workspace): string {
  const stamp = workspace.nextTs();
  return `${stamp.split('.')[0] ?? ''}.${createHash('sha256').update(stamp).digest('base64url').slice(0, 8)}`;
}

/** A view as Slack keeps it, from what the app gave (already checked). */
export function newView(workspace: Workspace, given: JsonObject, previous?: View): View {
  const { app, team } = workspace.data;
  const id = workspace.nextId('V');
  const blocks = withIds(workspace, objectsOf(given['blocks']));
  return {
    id,
    team_id: team.id,
    type: given['type'] === 'home' ? 'home' : 'modal',
    title: objectOrNull(given['title']),
    submit: objectOrNull(given['submit']),
    close: objectOrNull(given['close']),
    blocks,
    private_metadata: stringOf(given['private_metadata']) ?? '',
    callback_id: stringOf(given['callback_id']) ?? '',
    external_id: stringOf(given['external_id']) ?? '',
    state: { values: initialState(blocks) },
    hash: newHash(workspace),
    clear_on_close: given['clear_on_close'] === true,
    notify_on_close: given['notify_on_close'] === true,
    submit_disabled: false,
    root_view_id: previous?.root_view_id ?? id,
    previous_view_id: previous?.id ?? null,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.bot_id,
  };
}

/** A home has no title of its own, and Slack shows one: github.com/slackapi/node-slack-sdk/issues/1486 */
const HOME_TITLE = { type: 'plain_text', text: 'View Title', emoji: true } as const;

/** A view as Slack tells of it. */
export const shownView = (view: View) => ({ ...view, title: view.title ?? HOME_TITLE });

/** Opens a fresh stack of modals. */
export function openModal(workspace: Workspace, userId: string, given: JsonObject): View {
  const view = newView(workspace, given);
  workspace.data.views[userId] = [view];
  workspace.changed('view');
  return view;
}

/** Puts a modal on the person's stack; `null` when three are open already. */
export function pushModal(workspace: Workspace, userId: string, given: JsonObject): View | null {
  const stack = workspace.modals(userId);
  if (stack.length >= MAX_STACK) return null;
  const view = newView(workspace, given, stack.at(-1));
  stack.push(view);
  workspace.changed('view');
  return view;
}

/** New content in place; what a person entered stays where block and action ids are the same. */
export function replaceView(workspace: Workspace, view: View, given: JsonObject): void {
  const { id, root_view_id, previous_view_id, state } = view;
  Object.assign(view, newView(workspace, given), { id, root_view_id, previous_view_id });
  view.state = { values: mergedState(view.blocks, state.values) };
  workspace.changed(view.type === 'home' ? 'home' : 'view');
}

/** Takes one modal away, wherever it stands; others that the app opened meanwhile stay. */
export function closeOne(workspace: Workspace, userId: string, view: View): void {
  const stack = workspace.modals(userId);
  const at = stack.indexOf(view);
  if (at >= 0) stack.splice(at, 1);
  workspace.changed('view');
}

export function closeAll(workspace: Workspace, userId: string): void {
  workspace.data.views[userId] = [];
  workspace.changed('view');
}

export function publishHome(workspace: Workspace, userId: string, given: JsonObject): View {
  const known = workspace.data.homes[userId];
  if (known) {
    replaceView(workspace, known, given);
    return known;
  }
  const view = newView(workspace, given);
  workspace.data.homes[userId] = view;
  workspace.changed('home');
  return view;
}
