// @ts-check
/** The hints that lead a first visitor through; their text comes from whoever hosts the simulator. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { live } from './store.js';
import { ui, shownPanes } from './ui.js';
import { go, writePlace } from './place.js';
import { redraw } from './redraw.js';

const KEY = 'tour-hidden';

export function readTour() {
  try {
    ui.tour = sessionStorage.getItem(KEY) !== '1';
  } catch {
    ui.tour = true; // storage switched off
  }
}

export function tourHidden() {
  return live.panels.tour !== null && !ui.tour;
}

export function showTour() {
  setShown(true);
}

/** @param {boolean} shown */
function setShown(shown) {
  ui.tour = shown;
  try {
    sessionStorage.setItem(KEY, shown ? '0' : '1');
  } finally {
    redraw();
  }
}

export function drawTour() {
  const { tour } = live.panels;
  if (tour === null || !ui.tour || tour.steps.length === 0) return null;
  const at = tour.steps.findIndex((step) => !step.done);
  const step = tour.steps[at];
  return h(
    'section',
    { class: 'tour', key: 'tour', 'aria-label': 'Hints' },
    h(
      'ol',
      { class: 'tour-dots', 'aria-hidden': 'true' },
      tour.steps.map((one, index) =>
        h(
          'li',
          { class: one.done ? 'is-done' : index === at ? 'is-now' : '' },
          one.done ? icon('check') : String(index + 1),
        ),
      ),
    ),
    h(
      'p',
      { class: 'tour-text', 'aria-live': 'polite' },
      step !== undefined && h('span', { class: 'unseen' }, `Hint ${at + 1} of ${tour.steps.length}: `),
      step === undefined ? tour.finished_text : step.text,
    ),
    step?.go &&
      h(
        'button',
        { type: 'button', class: 'button button-primary', onclick: () => take(step) },
        step.go.label || 'Take me there',
      ),
    h(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': 'Hide the hints', onclick: () => setShown(false) },
      icon('close'),
    ),
  );
}

/** @param {import('./shapes.js').Step} step */
function take(step) {
  const to = step.go;
  const pane = shownPanes().find((one) => one.as === to?.as) ?? ui.panes[0];
  if (to === undefined || pane === undefined) return;
  if (to.as !== undefined || to.channel !== undefined) {
    go(pane, { ...(to.as && { as: to.as }), ...(to.channel && { c: to.channel, t: '' }), view: 'chat' });
  }
  if (to.panel !== undefined) {
    ui.panel = to.panel;
    ui.systems = true;
    ui.sheet = to.channel === undefined;
    writePlace();
  }
  redraw();
}
