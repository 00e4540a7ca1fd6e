// @ts-check
/** Starts the page: theme, place, event stream, first drawing. */
import { h } from './preact.js';
import { mount, redraw } from './redraw.js';
import { act } from './api.js';
import { connect, live, onChange } from './store.js';
import { readPlace, settlePlace, writePlace } from './place.js';
import { shownPanes, ui } from './ui.js';
import { drawPane } from './pane.js';
import { drawSystems } from './systems.js';
import { drawStrip } from './strip.js';
import { drawTour, readTour } from './tour.js';
import { applyTheme } from './theme.js';
import { announceNews } from './news.js';
import { noteChanges } from './flash.js';
import { keepOnly } from './blocks/form.js';

/** From here two panes fit beside each other. */
const ROOM_FOR_TWO = matchMedia('(min-width: 1100px)');
let first = true;

function drawApp() {
  const { state } = live;
  if (state === null) {
    return h('div', { class: 'starting' }, live.problem === '' ? 'Starting the simulator…' : live.problem);
  }
  const panes = ROOM_FOR_TWO.matches ? shownPanes() : ui.panes.slice(0, 1);
  return h(
    'div',
    {
      class: 'app',
      'data-sheet': ui.sheet ? '1' : '0',
      'data-systems': ui.systems ? '1' : '0',
      'data-panes': panes.length,
    },
    drawStrip(state),
    live.link === 'lost' &&
      h(
        'div',
        { class: 'lost', role: 'alert', key: 'lost' },
        live.problem ||
          'The simulator has stopped or cannot be reached. Start it again; this page reconnects by itself.',
      ),
    drawTour(),
    h(
      'div',
      { class: 'rooms', key: 'rooms' },
      panes.map((pane) => drawPane(state, pane)),
      drawSystems(state),
    ),
  );
}

onChange((what, before) => {
  if (what === 'state') {
    settlePlace();
    writePlace({ replace: true });
    if (live.state !== null) {
      document.title = `${live.state.team.name} - local simulator`;
      keepOnly(
        new Set(
          Object.values(live.state.views)
            .flat()
            .concat(Object.values(live.state.homes).filter((home) => home !== null))
            .map((view) => view.id),
        ),
      );
      announceNews(before, live.state);
      if (first) reopenHome();
      first = false;
    }
  }
  if (what === 'panels') noteChanges(before, live.panels);
  redraw();
});

/** A reload on the App Home tab opens it again, as in Slack. */
function reopenHome() {
  for (const pane of shownPanes()) if (pane.c === 'home') void act(pane.as, 'home').catch(() => undefined);
}

function onMove() {
  readPlace();
  settlePlace();
  redraw();
}

applyTheme();
readTour();
readPlace();
addEventListener('popstate', onMove);
addEventListener('visibilitychange', redraw);
ROOM_FOR_TWO.addEventListener('change', redraw);
document.getElementById('skip')?.addEventListener('click', (event) => {
  event.preventDefault(); // the hash is the page's place
  const target = document.getElementById('conversation');
  (target?.querySelector('textarea') ?? target)?.focus();
});
mount(/** @type {Element} */ (document.getElementById('app')), drawApp);
connect();
