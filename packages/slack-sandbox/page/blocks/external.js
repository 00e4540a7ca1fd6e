// @ts-check
/** external_select: the person types, the app answers with options. */
import { h } from '../preact.js';
import { act } from '../api.js';
import { redraw } from '../redraw.js';
import { toast } from '../toast.js';
import { changed, currentValue, wiring } from './context.js';
import { choiceOf, staticChoices } from './options.js';

/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {import('./options.js').Choice} Choice */
/** @typedef {{ open: boolean, index: number, choices: Choice[], asked: number }} Search */

const WAIT_MS = 200;
/** Slack's default when the element does not say. */
const MIN_QUERY = 3;

/** @type {Map<string, Search>} */
const searches = new Map();

/** @param {Spot} at @returns {Search} */
function searchOf(at) {
  const found = searches.get(at.id) ?? { open: false, index: 0, choices: [], asked: 0 };
  searches.set(at.id, found);
  return found;
}

/** @param {Spot} at */
export function drawExternal(at) {
  const search = searchOf(at);
  const option = currentValue(at)['selected_option'];
  const list = `${at.id}-list`;
  return h(
    'div',
    { key: at.element['action_id'], class: 'combo' },
    h('input', {
      ...wiring(at),
      class: 'input',
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      'aria-autocomplete': 'list',
      'aria-expanded': String(search.open),
      'aria-controls': list,
      'aria-activedescendant': search.open ? `${list}-${search.index}` : undefined,
      placeholder: at.element['placeholder']?.text ?? 'Type to search',
      defaultValue: option === null || option === undefined ? '' : choiceOf(option).label,
      oninput: (/** @type {Event} */ event) => onInput(at, /** @type {HTMLInputElement} */ (event.target).value),
      onfocus: (/** @type {Event} */ event) => onInput(at, /** @type {HTMLInputElement} */ (event.target).value),
      onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(at, event),
      onblur: () => close(at),
    }),
    search.open &&
      h(
        'ul',
        { class: 'combo-list', role: 'listbox', id: list },
        search.choices.length === 0 && h('li', { class: 'combo-empty' }, 'Nothing found.'),
        search.choices.map((choice, index) =>
          h(
            'li',
            {
              key: choice.id,
              id: `${list}-${index}`,
              role: 'option',
              'aria-selected': String(index === search.index),
              // Before the blur that would close the list.
              onmousedown: (/** @type {MouseEvent} */ event) => {
                event.preventDefault();
                choose(
                  at,
                  choice,
                  /** @type {HTMLElement} */ (event.currentTarget).closest('.combo')?.querySelector('input') ?? null,
                );
              },
            },
            choice.label,
          ),
        ),
      ),
  );
}

/** @param {Spot} at @param {string} typed */
function onInput(at, typed) {
  const search = searchOf(at);
  const asked = ++search.asked;
  if (typed.length < Number(at.element['min_query_length'] ?? MIN_QUERY)) return close(at);
  setTimeout(() => {
    if (asked === search.asked) void ask(at, typed, asked);
  }, WAIT_MS);
}

/** @param {Spot} at @param {string} typed @param {number} asked */
async function ask(at, typed, asked) {
  const search = searchOf(at);
  const { reader, target } = at.context;
  try {
    const answer = await act(reader.as, 'options', {
      ...target,
      block_id: at.block,
      action_id: at.element['action_id'],
      value: typed,
    });
    if (asked !== search.asked) return;
    Object.assign(search, { open: true, index: 0, choices: staticChoices(answer) });
    redraw();
  } catch (error) {
    toast(reader.as, error instanceof Error ? error.message : String(error));
  }
}

/** @param {Spot} at @param {KeyboardEvent} event */
function onKey(at, event) {
  const search = searchOf(at);
  if (!search.open) return;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const choice = search.choices[search.index];
  if (step !== 0) search.index = Math.max(0, Math.min(search.choices.length - 1, search.index + step));
  else if (event.key === 'Enter' && choice !== undefined)
    choose(at, choice, /** @type {HTMLInputElement} */ (event.target));
  else if (event.key === 'Escape') {
    event.stopPropagation();
    close(at);
  } else return;
  event.preventDefault();
  redraw();
}

/** @param {Spot} at @param {Choice} choice @param {HTMLInputElement | null} input */
function choose(at, choice, input) {
  if (input !== null) input.value = choice.label;
  close(at);
  void changed(at, { selected_option: choice.option ?? null });
}

/** @param {Spot} at */
function close(at) {
  const search = searchOf(at);
  search.asked++;
  search.open = false;
  redraw();
}
