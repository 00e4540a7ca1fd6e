// @ts-check
/** What a person chose or typed in a view or a message, by block and action, until it is sent. */
import { redraw } from '../redraw.js';

/** @typedef {import('../shapes.js').Json} Json */

/** @type {Map<string, Json>} */
const values = new Map();
/** @type {Map<string, Record<string, string>>} errors of a view by block id */
const errors = new Map();

/** Elements that carry a value, and how an untouched one stands. */
/** @type {Record<string, (element: Json) => Json>} */
const UNTOUCHED = {
  plain_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  email_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  url_text_input: (e) => ({ value: e['initial_value'] ?? null }),
  number_input: (e) => ({ value: e['initial_value'] ?? null }),
  static_select: (e) => ({ selected_option: e['initial_option'] ?? null }),
  external_select: (e) => ({ selected_option: e['initial_option'] ?? null }),
  radio_buttons: (e) => ({ selected_option: e['initial_option'] ?? null }),
  users_select: (e) => ({ selected_user: e['initial_user'] ?? null }),
  conversations_select: (e) => ({ selected_conversation: e['initial_conversation'] ?? null }),
  channels_select: (e) => ({ selected_channel: e['initial_channel'] ?? null }),
  multi_static_select: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  multi_external_select: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  checkboxes: (e) => ({ selected_options: e['initial_options'] ?? [] }),
  multi_users_select: (e) => ({ selected_users: e['initial_users'] ?? [] }),
  multi_conversations_select: (e) => ({ selected_conversations: e['initial_conversations'] ?? [] }),
  multi_channels_select: (e) => ({ selected_channels: e['initial_channels'] ?? [] }),
  datepicker: (e) => ({ selected_date: e['initial_date'] ?? null }),
  timepicker: (e) => ({ selected_time: e['initial_time'] ?? null }),
};

/** @param {string} surface @param {string} block @param {string} action */
const keyOf = (surface, block, action) => `${surface}\n${block}\n${action}`;

/**
 * @param {string} surface view id or message
 * @param {string} block
 * @param {Json} element
 * @returns {Json} what stands in it now
 */
export function valueOf(surface, block, element) {
  return values.get(keyOf(surface, block, element['action_id'])) ?? UNTOUCHED[element['type']]?.(element) ?? {};
}

/**
 * @param {string} surface
 * @param {string} block
 * @param {Json} element
 * @param {Json} value
 */
export function setValue(surface, block, element, value) {
  values.set(keyOf(surface, block, element['action_id']), value);
  const wrong = errors.get(surface);
  if (wrong?.[block] !== undefined) {
    // The complaint goes as soon as the field is mended, as in Slack.
    const { [block]: _mended, ...rest } = wrong;
    errors.set(surface, rest);
    redraw();
  }
}

/**
 * A view's state as `view_submission` carries it.
 * @param {import('../shapes.js').View} view
 */
export function stateOf(view) {
  /** @type {Record<string, Record<string, Json>>} */
  const state = {};
  for (const block of view.blocks) {
    for (const element of elementsOf(block)) {
      if (UNTOUCHED[element['type']] === undefined) continue;
      const value = valueOf(view.id, block['block_id'], element);
      (state[block['block_id']] ??= {})[element['action_id']] = { type: element['type'], ...value };
    }
  }
  return { values: state };
}

/** @param {Json} block @returns {Json[]} */
function elementsOf(block) {
  if (block['type'] === 'actions') return block['elements'] ?? [];
  const one =
    block['type'] === 'input' ? block['element'] : block['type'] === 'section' ? block['accessory'] : undefined;
  return one === undefined ? [] : [one];
}

/** @param {string} surface @returns {Record<string, string>} */
export function errorsOf(surface) {
  return errors.get(surface) ?? {};
}

/** @param {string} surface @param {Record<string, string>} found */
export function setErrors(surface, found) {
  errors.set(surface, found);
  redraw();
}

/** Forgets what belongs to views that are gone. @param {Set<string>} alive view ids */
export function keepOnly(alive) {
  for (const key of values.keys()) {
    const surface = key.split('\n')[0] ?? '';
    if (surface.startsWith('V') && !alive.has(surface)) values.delete(key);
  }
  for (const surface of errors.keys()) if (!alive.has(surface)) errors.delete(surface);
}
