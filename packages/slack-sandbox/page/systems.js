// @ts-check
/** The right-hand side: what the systems around the app say is true, and the log of deliveries. */
import { h } from './preact.js';
import { live, followJournal } from './store.js';
import { ui } from './ui.js';
import { writePlace } from './place.js';
import { redraw } from './redraw.js';
import { drawSection } from './sections.js';
import { drawLog } from './log.js';
import { icon } from './icons.js';
import { panelChanged } from './flash.js';

const LOG = 'deliveries';

/** @typedef {import('./shapes.js').Panel} Panel */
/** @typedef {{ id: string, title: string, panels: Panel[] }} Tab */

/** Panels of one group are one tab, at the place of the first of them. @param {Panel[]} panels @returns {Tab[]} */
function tabsOf(panels) {
  /** @type {Map<string, Tab>} */
  const tabs = new Map();
  for (const panel of panels) {
    const id = panel.group === undefined ? panel.id : `group-${panel.group}`;
    const tab = tabs.get(id) ?? { id, title: panel.group ?? panel.title, panels: [] };
    tab.panels.push(panel);
    tabs.set(id, tab);
  }
  return [...tabs.values(), { id: LOG, title: 'Deliveries', panels: [] }];
}

/** @param {import('./shapes.js').State} state */
export function drawSystems(state) {
  const { panels, note } = live.panels;
  const tabs = tabsOf(panels);
  const chosen = tabs.find((tab) => tab.id === ui.panel || tab.panels.some(({ id }) => id === ui.panel));
  const current = chosen ?? tabs[0] ?? { id: LOG, title: '', panels: [] };
  followJournal(current.id === LOG);
  return h(
    'aside',
    { class: 'systems', key: 'systems', 'aria-label': 'Systems' },
    h(
      'div',
      {
        class: 'panel-tabs',
        role: 'tablist',
        'aria-label': 'Systems',
        onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event, tabs, current.id),
      },
      tabs.map((tab) => drawTab(tab, current.id)),
    ),
    h(
      'div',
      {
        class: 'panel',
        role: 'tabpanel',
        id: 'panel',
        'aria-labelledby': `tab-${current.id}`,
        tabindex: 0,
        key: `panel ${current.id}`,
      },
      drawContent(state, current),
      note !== '' && h('p', { class: 'panel-note', key: 'note' }, note),
    ),
  );
}

/** @param {import('./shapes.js').State} state @param {Tab} tab */
function drawContent(state, tab) {
  const [first] = tab.panels;
  if (first === undefined) return drawLog(state);
  return first.group === undefined ? drawSections(first) : tab.panels.map((panel) => drawMember(tab, panel));
}

/** @param {Panel} panel */
const drawSections = (panel) => panel.sections.map((section, index) => drawSection(panel, section, index));

/** One line of a group, with its panel under it when it is open. @param {Tab} tab @param {Panel} panel */
function drawMember(tab, panel) {
  const open = panel.id === ui.panel;
  const { status } = panel;
  const fresh = !open && panelChanged(panel.id);
  return h(
    'section',
    { class: `member${open ? ' is-open' : ''}`, key: panel.id },
    h(
      'h3',
      { class: 'member-head' },
      h(
        'button',
        {
          type: 'button',
          class: `member-line${fresh ? ' is-fresh' : ''}`,
          id: `member-${panel.id}`,
          'aria-expanded': String(open),
          'aria-controls': `member-${panel.id}-panel`,
          onclick: () => select(open ? tab.id : panel.id),
        },
        icon('down', 'member-arrow'),
        h('span', { class: 'member-title' }, panel.title),
        status !== undefined && h('span', { class: `member-status tone-${status.tone}` }, status.value),
        fresh && h('span', { class: 'unseen' }, 'changed'),
      ),
    ),
    h(
      'div',
      { class: 'member-panel', id: `member-${panel.id}-panel`, hidden: open ? undefined : true },
      open && drawSections(panel),
    ),
  );
}

/** @param {Tab} tab @param {string} current */
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
    !on &&
      tab.panels.some(({ id }) => panelChanged(id)) &&
      h('span', { class: 'dot' }, h('span', { class: 'unseen' }, 'changed')),
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
