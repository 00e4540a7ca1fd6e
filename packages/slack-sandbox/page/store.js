// @ts-check
/** What the simulator says is true, kept fresh through its event stream. */
import { get } from './api.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Panels} Panels */

const SETTLE_MS = 40;

/** @type {{ state: State | null, panels: Panels, journal: any[], link: 'connecting' | 'open' | 'lost', problem: string }} */
export const live = {
  state: null,
  panels: { panels: [], tour: null, note: '' },
  journal: [],
  link: 'connecting',
  problem: '',
};

/** Journal lines kept in the page. */
const JOURNAL_KEPT = 200;

/** @type {((what: 'state' | 'panels' | 'journal' | 'link', before: any) => void)[]} */
const listeners = [];
const wanted = new Set();
let timer = 0;
let loading = false;
let watchJournal = false;

/** @param {(what: 'state' | 'panels' | 'journal' | 'link', before: any) => void} listener */
export function onChange(listener) {
  listeners.push(listener);
}

/** Opens the event stream; it reconnects by itself. */
export function connect() {
  const source = new EventSource('/control/events');
  source.onopen = () => {
    setLink('open');
    refresh('state', 'panels');
  };
  source.onerror = () => setLink('lost');
  source.onmessage = (event) => {
    const kind = kindOf(event.data);
    if (kind === 'panels') refresh('panels');
    else if (kind === 'reset') {
      live.journal = [];
      refresh('state', 'panels');
    } else refresh('state');
  };
  refresh('state', 'panels');
}

/** @param {boolean} on whether the journal is looked at */
export function followJournal(on) {
  if (on === watchJournal) return;
  watchJournal = on;
  if (on) refresh('journal');
}

/** @param {...('state' | 'panels' | 'journal')} what */
export function refresh(...what) {
  for (const one of what) wanted.add(one);
  if (watchJournal && what.includes('state')) wanted.add('journal');
  if (timer === 0 && !loading) timer = window.setTimeout(load, SETTLE_MS);
}

/** Fetches the state at once, for who has just caused what must be shown next. */
export async function reload() {
  replace('state', await get('/control/state'));
}

async function load() {
  timer = 0;
  loading = true;
  const parts = [...wanted];
  wanted.clear();
  try {
    if (parts.includes('state')) replace('state', await get('/control/state'));
    if (parts.includes('panels')) replace('panels', await get('/control/panels'));
    if (parts.includes('journal')) replace('journal', await newJournal());
    live.problem = '';
    setLink('open');
  } catch (error) {
    live.problem = error instanceof Error ? error.message : String(error);
    setLink('lost');
  } finally {
    loading = false;
  }
  if (wanted.size > 0) refresh();
}

async function newJournal() {
  const after = live.journal.at(-1)?.seq ?? 0;
  const { entries } = await get(`/control/journal?after=${after}&limit=${JOURNAL_KEPT}`);
  return [...live.journal, ...entries.filter((/** @type {any} */ entry) => entry.seq > after)].slice(-JOURNAL_KEPT);
}

/**
 * @param {'state' | 'panels' | 'journal'} what
 * @param {any} next
 */
function replace(what, next) {
  const before = live[what];
  live[what] = next;
  for (const listener of listeners) listener(what, before);
}

/** @param {'connecting' | 'open' | 'lost'} link */
function setLink(link) {
  if (live.link === link) return;
  const before = live.link;
  live.link = link;
  for (const listener of listeners) listener('link', before);
}

/** @param {string} data */
function kindOf(data) {
  try {
    return String(JSON.parse(data).kind);
  } catch {
    return 'unknown'; // refetching everything is the safe reading of a line one cannot read
  }
}
