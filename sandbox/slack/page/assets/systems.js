// @ts-check
/** The right-hand side: what the systems around the app say is true, and the log of deliveries. */
import { h } from './vdom.js';
import { live, followJournal } from './store.js';
import { ui } from './ui.js';
import { writePlace } from './place.js';
import { redraw } from './redraw.js';
import { drawSection } from './sections.js';
import { drawLog } from './log.js';
import { panelChanged } from './flash.js';

const LOG = 'deliveries';

/** @param {import('./shapes.js').State} state */
export function drawSystems(state) {
  const { panels, note } = live.panels;
  const tabs = [...panels.map((panel) => ({ id: panel.id, title: panel.title })), { id: LOG, title: 'Deliveries' }];
  const current = tabs.find((tab) => tab.id === ui.panel)?.id ?? tabs[0]?.id ?? LOG;
  const panel = panels.find((one) => one.id === current);
  followJournal(current === LOG);
  return h(
    'aside',
    { class: 'systems', key: 'systems', 'aria-label': 'Systems' },
    h(
      'div',
      {
        class: 'panel-tabs',
        role: 'tablist',
        'aria-label': 'Systems',
        onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event, tabs, current),
      },
      tabs.map((tab) => drawTab(tab, current)),
    ),
    h(
      'div',
      {
        class: 'panel',
        role: 'tabpanel',
        id: 'panel',
        'aria-labelledby': `tab-${current}`,
        tabindex: 0,
        key: `panel ${current}`,
      },
      panel === undefined ? drawLog(state) : panel.sections.map((section, index) => drawSection(panel, section, index)),
      note !== '' && h('p', { class: 'panel-note', key: 'note' }, note),
    ),
  );
}

/** @param {{ id: string, title: string }} tab @param {string} current */
function drawTab(tab, current) {
  const on = tab.id === current;
  return h(
    'button',
    {
      type: 'button',
      key: tab.id,
      id: `tab-${tab.id}`,
      class: 'panel-tab',
      role: 'tab',
      'aria-selected': String(on),
      'aria-controls': 'panel',
      tabindex: on ? 0 : -1,
      onclick: () => select(tab.id),
    },
    tab.title,
    !on && panelChanged(tab.id) && h('span', { class: 'dot' }, h('span', { class: 'unseen' }, 'changed')),
  );
}

/** @param {string} id */
function select(id) {
  ui.panel = id;
  writePlace({ replace: true });
  redraw();
}

/** @param {KeyboardEvent} event @param {{ id: string }[]} tabs @param {string} current */
function onKey(event, tabs, current) {
  const at = tabs.findIndex((tab) => tab.id === current);
  const last = tabs.length - 1;
  /** @type {Record<string, number>} */
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last };
  const next = tabs[to[event.key] ?? -1];
  if (next === undefined) return;
  event.preventDefault();
  select(next.id);
  document.getElementById(`tab-${next.id}`)?.focus();
}
