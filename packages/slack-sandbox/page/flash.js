// @ts-check
/** Which values of the panels changed just now: they are lit for a moment and said aloud. */
import { announce } from './toast.js';
import { redraw } from './redraw.js';

/** @typedef {import('./shapes.js').Panels} Panels */

const FRESH_MS = 4_000;
const SPOKEN = 4;

/** @type {Map<string, number>} value key to a number that says which change it was */
const fresh = new Map();
let round = 0;

/** @param {string} key */
export function isFresh(key) {
  return fresh.has(key);
}

/** @param {string} panel */
export function panelChanged(panel) {
  return [...fresh.keys()].some((key) => key.startsWith(`${panel} `));
}

/** @param {Panels} before @param {Panels} after */
export function noteChanges(before, after) {
  if (before.panels.length === 0) return;
  const old = valuesOf(before);
  const changed = [...valuesOf(after)].filter(([key, value]) => old.get(key)?.value !== value.value);
  if (changed.length === 0) return;
  const mine = ++round;
  for (const [key] of changed) fresh.set(key, mine);
  for (const [, value] of changed.slice(0, SPOKEN)) announce(`${value.name}: ${value.value}`);
  setTimeout(() => {
    for (const [key, at] of fresh) if (at <= mine) fresh.delete(key);
    redraw();
  }, FRESH_MS);
}

/** @param {Panels} panels */
function valuesOf(panels) {
  /** @type {Map<string, { name: string, value: string }>} */
  const values = new Map();
  for (const panel of panels.panels) {
    panel.sections.forEach((section, index) => {
      if (section['kind'] === 'facts') {
        section['items'].forEach((/** @type {any} */ item, /** @type {number} */ at) => {
          values.set(`${panel.id} ${index} ${at} ${item.label}`, {
            name: `${panel.title}, ${section['title'] ?? ''}, ${item.label}`,
            value: String(item.value),
          });
        });
      } else if (section['kind'] === 'table') {
        for (const row of section['rows']) {
          row.forEach((/** @type {unknown} */ cell, /** @type {number} */ column) => {
            values.set(`${panel.id} ${index} ${row[0]} ${column}`, {
              name: `${panel.title}, ${row[0]}, ${section['columns'][column]}`,
              value: String(cell ?? ''),
            });
          });
        }
      } else if (section['kind'] === 'mail') {
        for (const mail of section['messages'])
          values.set(`${panel.id} ${index} mail ${mail.id}`, {
            name: `${panel.title}, new mail to ${mail.to}`,
            value: String(mail.subject),
          });
      }
    });
  }
  return values;
}
