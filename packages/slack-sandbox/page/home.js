// @ts-check
/** The App Home tab. */
import { h } from './preact.js';
import { act } from './api.js';
import { busyWhile } from './toast.js';
import { go } from './place.js';
import { drawBlocks } from './blocks/draw.js';

/** @typedef {import('./ui.js').Pane} Pane */

/** @param {Pane} pane */
export async function openHome(pane) {
  go(pane, { c: 'home', t: '', view: 'chat' });
  await busyWhile(pane.as, `home ${pane.as}`, () => act(pane.as, 'home'));
}

/** @param {import('./shapes.js').State} state @param {Pane} pane */
export function drawHome(state, pane) {
  const view = state.homes[pane.as];
  const reader = {
    state,
    as: pane.as,
    onChannel: (/** @type {string} */ id) => go(pane, { c: id, t: '', view: 'chat' }),
  };
  return h(
    'div',
    { class: 'list home', key: `home ${pane.as}`, tabindex: 0, role: 'region', 'aria-label': 'Home tab' },
    view === null || view === undefined
      ? h('p', { class: 'empty' }, 'The app has published no home tab for you yet.')
      : h(
          'div',
          { class: 'blocks' },
          drawBlocks(view.blocks, {
            reader,
            surface: view.id,
            target: { view_id: view.id },
            idPrefix: `p${pane.index}-${view.id}`,
            errors: {},
            view,
          }),
        ),
  );
}
