// @ts-check
/** Blocks that only show: section, header, context, image. */
import { h } from '../preact.js';
import { link, plain, textObject } from '../draw-text.js';
import { drawElement } from './element.js';
import { spot } from './context.js';

/** @typedef {import('../shapes.js').Json} Json */
/** @typedef {import('./context.js').Context} Context */

/** @param {Json} block @param {Context} context */
export function drawSection(block, context) {
  const fields = /** @type {Json[]} */ (block['fields'] ?? []);
  const accessory = block['accessory'];
  return h(
    'div',
    { class: accessory === undefined ? 'b-section-row' : 'b-section-row has-accessory' },
    h(
      'div',
      { class: 'b-section-body' },
      block['text'] && h('div', { class: 'text' }, textObject(block['text'], context.reader)),
      fields.length > 0 &&
        h(
          'div',
          { class: 'b-fields' },
          fields.map((field) => h('div', { class: 'text' }, textObject(field, context.reader))),
        ),
    ),
    accessory &&
      h(
        'div',
        { class: 'b-accessory' },
        drawElement(
          spot(context, block['block_id'], { ...accessory, action_id: accessory['action_id'] ?? 'accessory' }),
        ),
      ),
  );
}

/** @param {Json} block */
export function drawHeader(block) {
  return h('h3', { class: 'b-header-text' }, plain(String(block['text']?.text ?? '')));
}

/** @param {Json} block @param {Context} context */
export function drawContext(block, context) {
  const elements = /** @type {Json[]} */ (block['elements'] ?? []);
  return h(
    'div',
    { class: 'b-context-row' },
    elements.map((element) =>
      element['type'] === 'image'
        ? picture(element, 'b-context-image')
        : h('span', { class: 'text' }, textObject(element, context.reader)),
    ),
  );
}

/** @param {Json} block */
export function drawImage(block) {
  const title = block['title']?.text;
  return h(
    'figure',
    { class: 'b-image-figure' },
    title && h('figcaption', null, plain(title)),
    picture(block, 'b-image-picture'),
  );
}

/**
 * Nothing is fetched from outside: such a picture becomes a box with its description.
 * @param {Json} image
 * @param {string} className
 */
export function picture(image, className) {
  const url = String(image['image_url'] ?? '');
  const alt = String(image['alt_text'] ?? '');
  const local =
    url.startsWith('data:image/') ||
    (URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin);
  if (local) return h('img', { class: className, src: url, alt, loading: 'lazy' });
  return h(
    'span',
    { class: 'not-drawn' },
    `Picture not loaded: ${alt || 'no description'}. `,
    url !== '' && link(url, 'Its address'),
  );
}

/** @param {string} type */
export function undrawn(type) {
  return h('p', { class: 'not-drawn' }, `block not drawn: ${type}`);
}
