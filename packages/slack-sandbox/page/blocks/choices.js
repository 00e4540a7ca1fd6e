// @ts-check
/** Radio buttons and checkboxes. */
import { h } from '../preact.js';
import { textObject } from '../draw-text.js';
import { changed, currentValue } from './context.js';

/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {import('../shapes.js').Json} Json */

/** @param {Spot} at */
export function drawRadio(at) {
  const current = currentValue(at)['selected_option'];
  return group(at, 'radiogroup', (option) => ({
    type: 'radio',
    name: at.id,
    defaultChecked: option['value'] === current?.value,
    onchange: () => void changed(at, { selected_option: option }),
  }));
}

/** @param {Spot} at */
export function drawCheckboxes(at) {
  return group(at, 'group', (option) => ({
    type: 'checkbox',
    defaultChecked: chosen(at).some((one) => one['value'] === option['value']),
    onchange: (/** @type {Event} */ event) => {
      const on = /** @type {HTMLInputElement} */ (event.target).checked;
      const rest = chosen(at).filter((one) => one['value'] !== option['value']);
      void changed(at, { selected_options: on ? [...rest, option] : rest });
    },
  }));
}

/** @param {Spot} at @returns {Json[]} */
function chosen(at) {
  return currentValue(at)['selected_options'] ?? [];
}

/**
 * @param {Spot} at
 * @param {string} role
 * @param {(option: Json) => Json} control
 */
function group(at, role, control) {
  const options = /** @type {Json[]} */ (at.element['options'] ?? []);
  return h(
    'div',
    {
      key: at.element['action_id'],
      class: 'choices',
      role,
      id: at.id,
      tabindex: -1,
      'aria-labelledby': at.labelledBy,
      'aria-describedby': at.describedBy,
      'aria-label': at.labelledBy === undefined ? 'Choices' : undefined,
    },
    options.map((option) =>
      h(
        'label',
        { class: 'choice', key: option['value'] },
        h('input', control(option)),
        h(
          'span',
          null,
          textObject(option['text'], at.context.reader),
          option['description'] &&
            h('span', { class: 'choice-hint' }, textObject(option['description'], at.context.reader)),
        ),
      ),
    ),
  );
}
