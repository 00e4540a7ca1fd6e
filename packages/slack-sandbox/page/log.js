// @ts-check
/** The delivery log: every call of the app, every delivery to it, newest first. */
import { h } from './preact.js';
import { live } from './store.js';
import { nameOf } from './people.js';

/** @type {Record<string, string>} */
const WORDS = {
  api_call: 'app calls',
  delivery: 'to the app',
  ack: 'app acks',
  retry: 'again',
  fault: 'fault',
  respond: 'app responds',
};

/** @param {import('./shapes.js').State} state */
export function drawLog(state) {
  const entries = [...live.journal].reverse();
  if (entries.length === 0) return h('p', { class: 'empty' }, 'Nothing was delivered yet.');
  return h(
    'section',
    { class: 'section' },
    h('h3', null, 'Between the simulator and the app'),
    h(
      'ol',
      { class: 'log' },
      entries.map((entry) => drawEntry(state, entry)),
    ),
  );
}

/** @param {import('./shapes.js').State} state @param {any} entry */
function drawEntry(state, entry) {
  const detail = typeof entry.detail === 'string' ? entry.detail : JSON.stringify(entry.detail, null, 1);
  const bad =
    entry.kind === 'fault' ||
    entry.kind === 'retry' ||
    /error|fail|timeout|lost|^[45]\d\d$/i.test(String(entry.status));
  return h(
    'li',
    { key: entry.seq, class: bad ? 'log-entry is-bad' : 'log-entry' },
    h(
      'details',
      null,
      h(
        'summary',
        null,
        h('span', { class: 'log-kind' }, WORDS[entry.kind] ?? entry.kind),
        h('span', { class: 'log-name' }, entry.name),
        h('span', { class: 'log-status' }, String(entry.status ?? '')),
        h('span', { class: 'time' }, timeOf(entry.at), entry.user ? ` · ${nameOf(state, entry.user)}` : ''),
      ),
      detail && h('pre', { tabindex: 0 }, detail),
    ),
  );
}

/** @param {unknown} at */
function timeOf(at) {
  const moment = new Date(typeof at === 'number' ? at : String(at));
  return Number.isNaN(moment.getTime()) ? String(at) : moment.toLocaleTimeString('en-GB');
}
