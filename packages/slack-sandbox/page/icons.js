// @ts-check
/** Line icons, drawn with the text's colour. */
import { h } from './preact.js';

/** @type {Record<string, string>} */
const PATHS = {
  bolt: 'M11 2 4 12h5l-1 6 7-10h-5l1-6Z',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  reply: 'M8 5 3 10l5 5M3 10h9a5 5 0 0 1 5 5',
  smile: 'M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM7 8h.01M13 8h.01M6.5 12c1 1.5 2.2 2 3.5 2s2.500-.5 3.500-2',
  close: 'm5 5 10 10M15 5 5 15',
  down: 'm6 8 4 4 4-4',
  back: 'M12 4 6 10l6 6',
  send: 'M3 10 17 4l-4 13-3.500-5L3 10Z',
  hash: 'M8 3 6.500 17M13.500 3 12 17M3.500 7.500h13M3 12.500h13',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  chat: 'M3 4h14v10H9l-4 3v-3H3z',
  thread: 'M3 4h14M3 9h9M3 14h6M14 11v6m-3-3h6',
  systems: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.01M6 13.500h.01',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600 16 16M16 4l-1.400 1.400M5.400 14.600 4 16',
  columns: 'M3 4h14v12H3zM10 4v12',
  home: 'M3 9.500 10 3l7 6.500V17h-5v-5H8v5H3z',
  eye: 'M1.500 10S4.500 4.500 10 4.500 18.500 10 18.500 10 15.500 15.500 10 15.500 1.500 10 1.500 10ZM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  mail: 'M3 5h14v10H3zM3 5.500l7 5.500 7-5.500',
  warn: 'M10 3 2 17h16L10 3ZM10 8v4.500M10 14.700h.01',
  info: 'M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM10 9.500v4.500M10 6.500h.01',
  check: 'm4 10.500 4 4 8-9',
};

/**
 * @param {string} name
 * @param {string} [className]
 */
export function icon(name, className = '') {
  return h(
    'svg',
    {
      class: `icon ${className}`,
      viewBox: '0 0 20 20',
      width: 20,
      height: 20,
      'aria-hidden': 'true',
      focusable: 'false',
    },
    h('path', {
      d: PATHS[name] ?? '',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': name === 'more' ? 2.6 : 1.6,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
}
