// @ts-check
/** rich_text blocks: sections, lists, quotes, preformatted text. */
import { h } from '../preact.js';
import { drawEmoji, link, mention, plain, zoneOf } from '../draw-text.js';
import { slackDate } from '../dates.js';
import { undrawn } from './layout.js';

/** @typedef {import('../shapes.js').Json} Json */
/** @typedef {import('../draw-text.js').Reader} Reader */

const DEEPEST = 8;

/** @param {Json} block @param {Reader} reader */
export function drawRich(block, reader) {
  return h(
    'div',
    { class: 'text rich' },
    list(block['elements']).map((element) => part(element, reader)),
  );
}

/** @param {unknown} value @returns {Json[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {Json} element @param {Reader} reader */
function part(element, reader) {
  const inner = list(element['elements']);
  switch (element['type']) {
    case 'rich_text_section':
      return h(
        'div',
        null,
        inner.map((one) => leaf(one, reader)),
      );
    case 'rich_text_quote':
      return h(
        'blockquote',
        null,
        inner.map((one) => leaf(one, reader)),
      );
    case 'rich_text_preformatted':
      return h(
        'pre',
        { tabindex: 0 },
        inner.map((one) => String(one['text'] ?? one['url'] ?? '')),
      );
    case 'rich_text_list':
      return h(
        element['style'] === 'ordered' ? 'ol' : 'ul',
        {
          class: `rich-indent-${Math.min(DEEPEST, Number(element['indent'] ?? 0))}`,
          start: element['offset'] ? Number(element['offset']) + 1 : undefined,
        },
        inner.map((item) =>
          h(
            'li',
            null,
            list(item['elements']).map((one) => leaf(one, reader)),
          ),
        ),
      );
    default:
      return undrawn(String(element['type']));
  }
}

/** @param {Json} element @param {Reader} reader */
function leaf(element, reader) {
  return styled(element['style'] ?? {}, content(element, reader));
}

/** @param {Json} element @param {Reader} reader @returns {any} */
function content(element, reader) {
  switch (element['type']) {
    case 'text':
      return plain(String(element['text'] ?? ''));
    case 'link':
      return link(String(element['url'] ?? ''), String(element['text'] ?? element['url'] ?? ''));
    case 'emoji':
      return drawEmoji(String(element['name']));
    case 'user':
      return mention('user', String(element['user_id']), '', reader);
    case 'usergroup':
      return mention('group', String(element['usergroup_id']), '', reader);
    case 'channel':
      return mention('channel', String(element['channel_id']), '', reader);
    case 'broadcast':
      return mention('special', String(element['range']), '', reader);
    case 'date':
      return h(
        'time',
        null,
        slackDate(
          Number(element['timestamp']),
          String(element['format'] ?? ''),
          zoneOf(reader),
          String(element['fallback'] ?? ''),
        ),
      );
    default:
      return h('span', { class: 'not-drawn' }, `block not drawn: ${element['type']}`);
  }
}

/** @param {Json} style @param {any} body */
function styled(style, body) {
  let out = body;
  if (style['code']) out = h('code', null, out);
  if (style['strike']) out = h('s', null, out);
  if (style['italic']) out = h('em', null, out);
  if (style['bold']) out = h('strong', null, out);
  return out;
}
