// @ts-check
/** Typed input: text, mail address, web address, number, date, time. */
import { h } from '../preact.js';
import { changed, currentValue, send, wiring } from './context.js';
import { setValue } from './form.js';

/** @typedef {import('./context.js').Spot} Spot */

/** @type {Record<string, { type: string, inputmode?: string }>} */
const KINDS = {
  plain_text_input: { type: 'text' },
  email_text_input: { type: 'email' },
  url_text_input: { type: 'url' },
  number_input: { type: 'text', inputmode: 'decimal' },
};

/** @param {Spot} at */
export function drawText(at) {
  const { element } = at;
  const value = currentValue(at)['value'];
  const props = {
    key: element['action_id'],
    ...wiring(at),
    class: 'input',
    autocomplete: 'off',
    maxlength: element['max_length'],
    placeholder: element['placeholder']?.text,
    'data-autofocus': element['focus_on_load'] ? 'true' : undefined,
    defaultValue: value ?? '',
    oninput: (/** @type {Event} */ event) => typed(at, event),
    onkeydown: (/** @type {KeyboardEvent} */ event) => onEnter(at, event),
  };
  if (element['multiline']) return h('textarea', { ...props, rows: 4 });
  const { type, inputmode } = KINDS[element['type']] ?? { type: 'text' };
  return h('input', { ...props, type, inputmode });
}

/** @param {Spot} at @param {Event} event */
function typed(at, event) {
  const text = /** @type {HTMLInputElement} */ (event.target).value;
  const value = { value: text === '' ? null : text };
  setValue(at.context.surface, at.block, at.element, value);
  if (at.dispatches && triggers(at).includes('on_character_entered')) void send(at, value);
}

/** @param {Spot} at @param {KeyboardEvent} event */
function onEnter(at, event) {
  if (event.key !== 'Enter' || event.isComposing || !at.dispatches || !triggers(at).includes('on_enter_pressed'))
    return;
  if (at.element['multiline'] && event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  void send(at, { value: /** @type {HTMLInputElement} */ (event.target).value });
}

/** @param {Spot} at @returns {string[]} */
function triggers(at) {
  return at.element['dispatch_action_config']?.trigger_actions_on ?? ['on_enter_pressed'];
}

/** @param {Spot} at */
export function drawDate(at) {
  return moment(at, 'date', 'selected_date');
}

/** @param {Spot} at */
export function drawTime(at) {
  return moment(at, 'time', 'selected_time');
}

/** @param {Spot} at @param {'date' | 'time'} type @param {string} name */
function moment(at, type, name) {
  return h('input', {
    key: at.element['action_id'],
    ...wiring(at),
    class: 'input input-moment',
    type,
    'aria-label': at.labelledBy === undefined ? (at.element['placeholder']?.text ?? `Choose a ${type}`) : undefined,
    defaultValue: currentValue(at)[name] ?? '',
    onchange: (/** @type {Event} */ event) =>
      void changed(at, { [name]: /** @type {HTMLInputElement} */ (event.target).value || null }),
  });
}
