// @ts-check
/** The kinds of section a panel is made of. Their meaning belongs to whoever hosts the simulator. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { link } from './draw-text.js';
import { redraw } from './redraw.js';
import { isFresh } from './flash.js';
import { drawPanelAction } from './panel-action.js';

/** @typedef {import('./shapes.js').Json} Json */
/** @typedef {import('./shapes.js').Panel} Panel */

/** @type {Record<string, (panel: Panel, section: Json, index: number) => any>} */
const KINDS = {
  facts: drawFacts,
  table: drawTable,
  mail: drawMail,
  actions: (panel, section) =>
    h(
      'div',
      { class: 'panel-actions' },
      section['actions'].map((/** @type {Json} */ action) => drawPanelAction(panel, action)),
    ),
  text: (_panel, section) => h('p', { class: 'panel-text' }, section['text']),
};

/** @param {Panel} panel @param {Json} section @param {number} index */
export function drawSection(panel, section, index) {
  const draw = Object.hasOwn(KINDS, section['kind']) ? KINDS[section['kind']] : undefined;
  const content =
    draw === undefined
      ? h('p', { class: 'not-drawn' }, `section not drawn: ${section['kind']}`)
      : draw(panel, section, index);
  return h(
    'section',
    { class: `section section-${section['kind']}`, key: `${index} ${section['kind']} ${section['title']}` },
    section['folded']
      ? h('details', null, h('summary', null, section['title']), content)
      : [section['title'] && h(panel.group === undefined ? 'h3' : 'h4', null, section['title']), content],
  );
}

/** @param {Panel} panel @param {Json} section @param {number} index */
function drawFacts(panel, section, index) {
  return h(
    'dl',
    { class: 'facts' },
    section['items'].map((/** @type {Json} */ item, /** @type {number} */ at) => {
      const fresh = isFresh(`${panel.id} ${index} ${at} ${item['label']}`);
      return h(
        'div',
        { class: `fact tone-${item['tone'] ?? 'neutral'}${fresh ? ' is-fresh' : ''}`, key: `${at} ${item['label']}` },
        h('dt', null, item['label']),
        h('dd', null, String(item['value'])),
      );
    }),
  );
}

/** @param {Panel} panel @param {Json} section @param {number} index */
function drawTable(panel, section, index) {
  const rows = /** @type {unknown[][]} */ (section['rows']);
  if (rows.length === 0) return h('p', { class: 'empty' }, 'Nothing yet.');
  return h(
    'div',
    { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': section['title'] },
    h(
      'table',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          section['columns'].map((/** @type {string} */ name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row, at) =>
          h(
            'tr',
            { key: `${at} ${row[0]}` },
            row.map((cell, column) =>
              h(
                'td',
                { class: isFresh(`${panel.id} ${index} ${row[0]} ${column}`) ? 'is-fresh' : undefined },
                String(cell ?? ''),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** @type {Set<string>} */
const opened = new Set();

/** @param {Panel} panel @param {Json} section */
function drawMail(panel, section) {
  const mails = /** @type {Json[]} */ (section['messages']);
  if (mails.length === 0) return h('p', { class: 'empty' }, 'No mail yet.');
  return h(
    'ul',
    { class: 'mails' },
    mails.map((mail) => drawOneMail(panel, mail)),
  );
}

/** @param {Panel} panel @param {Json} mail */
function drawOneMail(panel, mail) {
  const key = `${panel.id} ${mail['id']}`;
  const onOpen = (/** @type {Event} */ event) => {
    if (!(/** @type {HTMLDetailsElement} */ (event.target).open) || opened.has(key)) return;
    opened.add(key);
    redraw();
  };
  return h(
    'li',
    { key: mail['id'] },
    h(
      'details',
      { class: opened.has(key) ? 'mail' : 'mail is-new', ontoggle: onOpen },
      h(
        'summary',
        null,
        icon('mail'),
        h('span', { class: 'mail-subject' }, mail['subject']),
        h('span', { class: 'mail-line' }, `To ${mail['to']}`),
        h('span', { class: 'mail-line' }, when(mail['date'])),
      ),
      h('p', { class: 'mail-line' }, `From ${mail['from']}`),
      h('p', { class: 'mail-text' }, mail['text']),
      (mail['links'] ?? []).length > 0 &&
        h(
          'ul',
          { class: 'mail-links' },
          mail['links'].map((/** @type {Json} */ one) =>
            h('li', null, link(one['url'], one['label'], 'button button-link')),
          ),
        ),
    ),
  );
}

/** @param {unknown} date */
export function when(date) {
  const moment = new Date(typeof date === 'number' ? date : String(date));
  return Number.isNaN(moment.getTime())
    ? String(date)
    : moment.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
