// @ts-check
/** Selects with several answers: a list of checkboxes under a summary, with a filter when it is long. */
import { h } from '../preact.js';
import { redraw } from '../redraw.js';
import { changed, currentValue } from './context.js';
import { choicesOf, SEVERAL } from './options.js';

/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {import('./options.js').Choice} Choice */

const FILTER_FROM = 8;

/** @type {Map<string, string>} filters by control */
const filters = new Map();

/** @param {Spot} at */
export function drawMulti(at) {
  const name = SEVERAL[at.element['type']] ?? 'selected_options';
  const choices = choicesOf(at);
  const chosen = chosenIds(currentValue(at)[name]);
  const limit = Number(at.element['max_selected_items'] ?? Infinity);
  const labels = choices.filter((one) => chosen.includes(one.id)).map((one) => one.label);
  const filter = (filters.get(at.id) ?? '').toLowerCase();
  const seen = choices.filter((one) => one.label.toLowerCase().includes(filter));
  return h(
    'details',
    { key: at.element['action_id'], class: 'multi' },
    h(
      'summary',
      { id: at.id, 'aria-describedby': at.describedBy },
      labels.join(', ') || String(at.element['placeholder']?.text ?? 'Choose…'),
    ),
    choices.length > FILTER_FROM &&
      h('input', {
        class: 'input',
        type: 'search',
        'aria-label': 'Filter the list',
        placeholder: 'Filter',
        oninput: (/** @type {Event} */ event) => setFilter(at, event),
      }),
    h(
      'div',
      { class: 'multi-list', role: 'group', 'aria-labelledby': at.labelledBy ?? at.id },
      seen.map((choice) => row(at, choice, { name, chosen, limit, choices })),
    ),
  );
}

/**
 * @param {Spot} at
 * @param {Choice} choice
 * @param {{ name: string, chosen: string[], limit: number, choices: Choice[] }} list
 */
function row(at, choice, list) {
  const on = list.chosen.includes(choice.id);
  const toggle = () => {
    const ids = on ? list.chosen.filter((id) => id !== choice.id) : [...list.chosen, choice.id];
    const picked = list.choices.filter((one) => ids.includes(one.id)).map((one) => one.option ?? one.id);
    void changed(at, { [list.name]: picked });
    redraw();
  };
  const full = !on && list.chosen.length >= list.limit;
  return h(
    'label',
    { class: 'choice', key: choice.id },
    h('input', { type: 'checkbox', defaultChecked: on, disabled: full, onchange: toggle }),
    h('span', null, choice.label, choice.hint !== '' && h('span', { class: 'choice-hint' }, choice.hint)),
  );
}

/** @param {unknown} value @returns {string[]} */
function chosenIds(value) {
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : String(one?.value))) : [];
}

/** @param {Spot} at @param {Event} event */
function setFilter(at, event) {
  filters.set(at.id, /** @type {HTMLInputElement} */ (event.target).value);
  redraw();
}
