// @ts-check
/** Buttons and the overflow menu. */
import { h } from '../preact.js';
import { withEmoji } from '../emoji.js';
import { safeUrl } from '../draw-text.js';
import { icon } from '../icons.js';
import { openMenu } from '../menu.js';
import { isBusy, send } from './context.js';

/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {import('../shapes.js').Json} Json */

/** @param {Spot} at */
export function drawButton(at) {
  const { element } = at;
  const busy = isBusy(at);
  const style = element['style'] === 'primary' || element['style'] === 'danger' ? ` button-${element['style']}` : '';
  const props = {
    key: element['action_id'],
    id: at.id,
    class: `button${style}${busy ? ' is-busy' : ''}`,
    'aria-label': element['accessibility_label'],
    // Not `disabled`: the focus must stay where it is while the app answers.
    'aria-disabled': busy ? 'true' : undefined,
    'aria-busy': busy ? 'true' : undefined,
    onclick: () => {
      void send(at, {});
    },
  };
  const label = withEmoji(String(element['text']?.text ?? ''));
  const href = safeUrl(String(element['url'] ?? ''));
  if (href !== undefined) return h('a', { ...props, href, target: '_blank', rel: 'noopener noreferrer' }, label);
  return h('button', { ...props, type: 'button' }, label);
}

/** @param {Spot} at */
export function drawOverflow(at) {
  const options = /** @type {Json[]} */ (at.element['options'] ?? []);
  return h(
    'button',
    {
      key: at.element['action_id'],
      id: at.id,
      type: 'button',
      class: 'button button-overflow',
      'aria-haspopup': 'menu',
      'aria-label': 'More options',
      onclick: (/** @type {Event} */ event) =>
        openMenu(
          /** @type {HTMLElement} */ (event.currentTarget),
          'More options',
          options.map((option) => ({
            label: withEmoji(String(option['text']?.text ?? '')),
            hint: option['description']?.text,
            href: safeUrl(String(option['url'] ?? '')),
            pick: () => void send(at, { selected_option: option }),
          })),
        ),
    },
    icon('more'),
  );
}
