// @ts-check
/** Short notices to one person ("Slack could not reach the app"), and what screen readers are told. */
import { h } from './preact.js';
import { ui } from './ui.js';
import { redraw } from './redraw.js';
import { icon } from './icons.js';

const KEPT = 3;
const CLEAR_AFTER_MS = 1_000;
let next = 1;

/**
 * @param {string} as the person it concerns
 * @param {string} text
 * @param {'bad' | 'good'} [tone]
 */
export function toast(as, text, tone = 'bad') {
  if (ui.toasts.some((one) => one.as === as && one.text === text)) return;
  ui.toasts = [...ui.toasts, { id: next++, as, text, tone }].slice(-KEPT);
  redraw();
}

/** @param {string} as */
export function drawToasts(as) {
  return h(
    'div',
    { class: 'toasts', role: 'alert', key: 'toasts' },
    ui.toasts
      .filter((one) => one.as === as)
      .map((one) =>
        h(
          'div',
          { class: `toast toast-${one.tone}`, key: one.id },
          icon(one.tone === 'bad' ? 'warn' : 'check'),
          h('span', null, one.text),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button',
              'aria-label': 'Dismiss this notice',
              onclick: () => dismiss(one.id),
            },
            icon('close'),
          ),
        ),
      ),
  );
}

/** @param {number} id */
function dismiss(id) {
  ui.toasts = ui.toasts.filter((one) => one.id !== id);
  redraw();
}

/** Says something politely. @param {string} text */
export function announce(text) {
  const region = document.getElementById('announcer');
  if (region === null || text === '') return;
  const line = document.createElement('p');
  line.textContent = text;
  region.append(line);
  setTimeout(() => line.remove(), CLEAR_AFTER_MS * 10);
}

/**
 * Runs something that waits for the app; while it runs `key` is busy, and a failure is told to the person.
 * @template T
 * @param {string} as
 * @param {string} key
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>} undefined when it failed or was already running
 */
export async function busyWhile(as, key, work) {
  if (ui.busy.has(key)) return undefined;
  ui.busy.add(key);
  redraw();
  try {
    return await work();
  } catch (error) {
    toast(as, error instanceof Error ? error.message : String(error));
    return undefined;
  } finally {
    ui.busy.delete(key);
    redraw();
  }
}
