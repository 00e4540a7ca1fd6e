// @ts-check
/** Which conversations hold something a person has not seen. Kept in this browser only. */
import { live } from './store.js';
import { conversationsOf } from './people.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Message} Message */

/** @type {Record<string, string>} */
let marks = {};
let loadedFor = '';

/** @param {string} place channel id, or `channel:thread_ts` */
function key(/** @type {string} */ as, place) {
  return `${as} ${place}`;
}

function load() {
  const team = live.state?.team.id ?? '';
  if (loadedFor === team) return;
  loadedFor = team;
  try {
    marks = JSON.parse(sessionStorage.getItem(`read ${team}`) ?? '{}');
  } catch {
    marks = {}; // unreadable marks only mean that everything looks new once
  }
}

/**
 * @param {string} as
 * @param {string} place
 * @param {Message[]} messages what the person now sees there
 */
export function markRead(as, place, messages) {
  load();
  const last = messages.at(-1)?.ts;
  if (last === undefined || document.hidden || (marks[key(as, place)] ?? '') >= last) return;
  marks[key(as, place)] = last;
  try {
    sessionStorage.setItem(`read ${loadedFor}`, JSON.stringify(marks));
  } catch {
    return; // storage switched off: the marks live as long as the page
  }
}

/**
 * @param {string} as
 * @param {string} place
 * @param {Message[]} messages
 */
export function unreadIn(as, place, messages) {
  load();
  const read = marks[key(as, place)] ?? '';
  return messages.filter((message) => message.user !== as && message.ts > read).length;
}

/**
 * @param {State} state
 * @param {string} channel
 */
export function topLevel(state, channel) {
  const all = state.messages[channel] ?? [];
  return all.filter((m) => m.thread_ts === undefined || m.thread_ts === m.ts || m.subtype === 'thread_broadcast');
}

/**
 * How many direct messages wait for a person (for the switch between people).
 * @param {State} state
 * @param {string} as
 */
export function waitingFor(state, as) {
  const { app, people } = conversationsOf(state, as);
  const direct = app === undefined ? people : [app, ...people];
  return direct.reduce((sum, channel) => sum + unreadIn(as, channel.id, topLevel(state, channel.id)), 0);
}
