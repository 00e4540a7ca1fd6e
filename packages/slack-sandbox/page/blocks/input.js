// @ts-check
/** The input block: label, control, hint and error, tied together. */
import { h } from '../preact.js';
import { plain } from '../draw-text.js';
import { icon } from '../icons.js';
import { drawElement } from './element.js';
import { spot } from './context.js';

/** @typedef {import('../shapes.js').Json} Json */

/** These are groups of controls: their label is not one control's label. */
const GROUPS = new Set([
  'radio_buttons',
  'checkboxes',
  'multi_static_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
]);

/** @param {Json} block @param {import('./context.js').Context} context */
export function drawInput(block, context) {
  const element = /** @type {Json} */ ({ ...block['element'], action_id: block['element']?.action_id ?? 'input' });
  const at = spot(context, block['block_id'], element, {
    dispatches: block['dispatch_action'] === true,
    optional: block['optional'] === true,
  });
  const error = context.errors[block['block_id']];
  const hint = block['hint']?.text;
  at.labelledBy = `${at.id}-label`;
  at.describedBy = [error && `${at.id}-error`, hint && `${at.id}-hint`].filter(Boolean).join(' ') || undefined;
  at.invalid = error !== undefined;
  const label = [
    plain(String(block['label']?.text ?? '')),
    at.optional && h('span', { class: 'optional' }, ' (optional)'),
  ];
  return h(
    'div',
    { class: at.invalid ? 'field is-wrong' : 'field' },
    GROUPS.has(element['type'])
      ? h('div', { class: 'field-label', id: at.labelledBy }, label)
      : h('label', { class: 'field-label', id: at.labelledBy, for: at.id }, label),
    drawElement(at),
    error && h('p', { class: 'field-error', id: `${at.id}-error` }, icon('warn'), h('span', null, error)),
    hint && h('p', { class: 'field-hint', id: `${at.id}-hint` }, plain(hint)),
  );
}
