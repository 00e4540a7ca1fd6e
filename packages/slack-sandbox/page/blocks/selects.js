// @ts-check
/** Selects with one answer, as the browser's own select: it is at home on every keyboard and every phone. */
import { h } from '../preact.js';
import { changed, currentValue, isBusy, wiring } from './context.js';
import { choicesOf, SINGLE } from './options.js';

/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {import('./options.js').Choice} Choice */

/** @param {Spot} at */
export function drawSelect(at) {
  const name = SINGLE[at.element['type']] ?? 'selected_option';
  const choices = choicesOf(at);
  const current = currentValue(at)[name];
  const chosen = typeof current === 'string' ? current : String(current?.value ?? '');
  const placeholder = String(at.element['placeholder']?.text ?? 'Choose…');
  return h(
    'select',
    {
      key: at.element['action_id'],
      ...wiring(at),
      class: 'select',
      'aria-label': at.labelledBy === undefined ? placeholder : undefined,
      'aria-busy': isBusy(at) ? 'true' : undefined,
      'data-autofocus': at.element['focus_on_load'] ? 'true' : undefined,
      onkeydown: at.dispatches ? openFirst : undefined,
      onchange: (/** @type {Event} */ event) =>
        pick(at, name, choices, /** @type {HTMLSelectElement} */ (event.target)),
    },
    h('option', { value: '', key: '', disabled: !at.optional, defaultSelected: chosen === '' }, placeholder),
    grouped(choices, chosen),
  );
}

/** @param {Choice[]} choices @param {string} chosen */
function grouped(choices, chosen) {
  /** @type {Map<string, Choice[]>} */
  const groups = new Map();
  for (const choice of choices) groups.set(choice.group, [...(groups.get(choice.group) ?? []), choice]);
  return [...groups].map(([label, members]) => {
    const options = members.map((one) =>
      h(
        'option',
        { value: one.id, key: one.id, defaultSelected: one.id === chosen },
        one.hint === '' ? one.label : `${one.label} - ${one.hint}`,
      ),
    );
    return label === '' ? options : h('optgroup', { label, key: label }, options);
  });
}

/** A select that acts at once must not act on every arrow key: the keys open its list instead. @param {KeyboardEvent} event */
function openFirst(event) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && !(event.key.length === 1 && /\p{L}/u.test(event.key)))
    return;
  event.preventDefault();
  try {
    /** @type {HTMLSelectElement} */ (event.target).showPicker();
  } catch {
    return; // the browser opens it on Space or Alt and arrow only
  }
}

/**
 * @param {Spot} at
 * @param {string} name
 * @param {Choice[]} choices
 * @param {HTMLSelectElement} select
 */
async function pick(at, name, choices, select) {
  const found = choices.find((one) => one.id === select.value);
  if (found === undefined && at.dispatches) return;
  const before = currentValue(at)[name];
  const done = await changed(at, { [name]: found === undefined ? null : (found.option ?? found.id) });
  if (!done) select.value = typeof before === 'string' ? before : String(before?.value ?? '');
}
