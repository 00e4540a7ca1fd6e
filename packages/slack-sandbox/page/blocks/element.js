// @ts-check
/** Elements to nodes: which element is drawn by whom. */
import { h } from '../preact.js';
import { drawButton, drawOverflow } from './buttons.js';
import { drawCheckboxes, drawRadio } from './choices.js';
import { drawExternal } from './external.js';
import { drawDate, drawText, drawTime } from './fields.js';
import { drawMulti } from './multi.js';
import { drawSelect } from './selects.js';
import { picture } from './layout.js';

/** @typedef {import('./context.js').Spot} Spot */

/** @type {Record<string, (at: Spot) => any>} */
const ELEMENTS = {
  button: drawButton,
  overflow: drawOverflow,
  static_select: drawSelect,
  users_select: drawSelect,
  conversations_select: drawSelect,
  channels_select: drawSelect,
  external_select: drawExternal,
  multi_static_select: drawMulti,
  multi_users_select: drawMulti,
  multi_conversations_select: drawMulti,
  multi_channels_select: drawMulti,
  radio_buttons: drawRadio,
  checkboxes: drawCheckboxes,
  datepicker: drawDate,
  timepicker: drawTime,
  plain_text_input: drawText,
  email_text_input: drawText,
  url_text_input: drawText,
  number_input: drawText,
  image: (at) => picture(at.element, 'b-accessory-image'),
};

/** @param {Spot} at */
export function drawElement(at) {
  const type = String(at.element['type']);
  const draw = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : undefined;
  return draw === undefined ? h('span', { class: 'not-drawn' }, `block not drawn: ${type}`) : draw(at);
}
