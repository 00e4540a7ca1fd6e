// @ts-check
/** The place in the page as the address's hash, so that a reload or a link keeps it. */
import { live } from './store.js';
import { conversationsOf, humans, maySee } from './people.js';
import { ui } from './ui.js';
import { redraw } from './redraw.js';

/** @typedef {import('./ui.js').Pane} Pane */

const VIEWS = ['channels', 'chat', 'thread'];

/** Reads the hash into `ui`. */
export function readPlace() {
  const hash = new URLSearchParams(location.hash.slice(1));
  for (const pane of ui.panes) {
    const suffix = pane.index === 0 ? '' : '2';
    pane.as = hash.get(`as${suffix}`) ?? pane.as;
    pane.c = hash.get(`c${suffix}`) ?? '';
    pane.t = hash.get(`t${suffix}`) ?? '';
    const view = hash.get(`v${suffix}`) ?? '';
    pane.view = VIEWS.includes(view) ? /** @type {Pane['view']} */ (view) : pane.t === '' ? 'chat' : 'thread';
  }
  ui.side = hash.get('side') === '1';
  ui.sheet = hash.get('sheet') === '1';
  ui.panel = hash.get('panel') ?? ui.panel;
}

/** Fills in what the hash left open or what no longer exists. */
export function settlePlace() {
  const state = live.state;
  if (state === null) return;
  const people = humans(state);
  const known = (/** @type {string} */ id) => people.some((user) => user.id === id);
  const [first, second] = ui.panes;
  if (first === undefined || second === undefined) return;
  if (!known(first.as)) {
    // A permalink names a conversation and nobody: the first who may see it.
    first.as = (people.find((user) => maySee(state, user.id, first.c)) ?? people[0])?.id ?? '';
  }
  if (!known(second.as) || second.as === first.as) {
    const others = people.filter((user) => user.id !== first.as);
    second.as = (others.find((user) => user.is_admin) ?? others[0])?.id ?? first.as;
  }
  for (const pane of ui.panes) settlePane(pane);
}

/** @param {Pane} pane */
function settlePane(pane) {
  const state = live.state;
  if (state === null || (pane.c === 'home' && state.app.home_tab)) return;
  if (!maySee(state, pane.as, pane.c)) {
    const { channels, app, people, others } = conversationsOf(state, pane.as);
    pane.c = (channels[0] ?? app ?? people[0] ?? others[0])?.id ?? '';
    pane.t = '';
  }
  if (pane.t === '' && pane.view === 'thread') pane.view = 'chat';
}

/** @param {{ replace?: boolean }} [how] */
export function writePlace(how = {}) {
  const hash = new URLSearchParams();
  for (const pane of ui.side ? ui.panes : ui.panes.slice(0, 1)) {
    const suffix = pane.index === 0 ? '' : '2';
    hash.set(`as${suffix}`, pane.as);
    hash.set(`c${suffix}`, pane.c);
    if (pane.t !== '') hash.set(`t${suffix}`, pane.t);
    if (pane.view !== 'chat') hash.set(`v${suffix}`, pane.view);
  }
  if (ui.side) hash.set('side', '1');
  if (ui.sheet) hash.set('sheet', '1');
  if (ui.panel !== '') hash.set('panel', ui.panel);
  const next = `#${hash}`;
  if (next === location.hash) return;
  if (how.replace) history.replaceState(null, '', next);
  else history.pushState(null, '', next);
}

/**
 * Goes somewhere in one pane.
 * @param {Pane} pane
 * @param {Partial<Pane>} to
 */
export function go(pane, to) {
  const person = to.as !== undefined && to.as !== pane.as;
  const channel = to.c !== undefined && to.c !== pane.c;
  if ((person || channel) && to.t === undefined) pane.t = '';
  Object.assign(pane, to);
  ui.sheet = false;
  settlePlace();
  writePlace();
  redraw();
}
