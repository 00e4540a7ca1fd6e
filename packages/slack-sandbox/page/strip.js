// @ts-check
/** The top strip: what this is, what it does not simulate, and the page's own switches. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { openMenu } from './menu.js';
import { ui } from './ui.js';
import { writePlace, settlePlace } from './place.js';
import { redraw } from './redraw.js';
import { showTour, tourHidden } from './tour.js';
import { themeItems } from './theme.js';

/** @param {import('./shapes.js').State} state */
export function drawStrip(state) {
  return h(
    'header',
    { class: 'strip', key: 'strip' },
    h(
      'p',
      { class: 'strip-text' },
      h('strong', null, 'Local simulator - this is not Slack.'),
      ' Nothing here leaves your machine.',
    ),
    h('div', { class: 'strip-tools' }, about(state), status(state), tools()),
  );
}

/** @param {import('./shapes.js').State} state */
function about(state) {
  return h(
    'details',
    { class: 'about', onkeydown: closeOnEscape },
    h('summary', null, icon('info'), h('span', null, 'What is not simulated')),
    h(
      'div',
      { class: 'about-box' },
      state.not_simulated.length === 0
        ? h('p', null, 'The simulator lists nothing.')
        : h(
            'ul',
            null,
            state.not_simulated.map((line) => h('li', null, line)),
          ),
      tourHidden() && h('button', { type: 'button', class: 'button', onclick: showTour }, 'Show the hints again'),
    ),
  );
}

/** @param {KeyboardEvent} event */
function closeOnEscape(event) {
  if (event.key !== 'Escape') return;
  const details = /** @type {HTMLDetailsElement} */ (event.currentTarget);
  details.open = false;
  details.querySelector('summary')?.focus();
}

/** @param {import('./shapes.js').State} state */
function status(state) {
  const { connected, transport } = state.app;
  const text = connected ? `App connected${transport === null ? '' : ` (${transport})`}` : 'App not connected';
  return h('span', { class: connected ? 'status is-good' : 'status is-bad', title: text }, h('span', null, text));
}

function tools() {
  return [
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button for-two',
        'aria-pressed': String(ui.side),
        title: 'Two people side by side',
        'aria-label': 'Two people side by side',
        onclick: toggleSide,
      },
      icon('columns'),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        title: 'Theme',
        'aria-label': 'Theme',
        'aria-haspopup': 'menu',
        onclick: (/** @type {Event} */ event) =>
          openMenu(/** @type {HTMLElement} */ (event.currentTarget), 'Theme', themeItems()),
      },
      icon('sun'),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button for-wide',
        'aria-pressed': String(ui.systems),
        title: 'Systems',
        'aria-label': 'Show the systems',
        onclick: toggleSystems,
      },
      icon('systems'),
    ),
  ];
}

function toggleSide() {
  ui.side = !ui.side;
  settlePlace();
  writePlace();
  redraw();
}

function toggleSystems() {
  ui.systems = !ui.systems;
  redraw();
}
