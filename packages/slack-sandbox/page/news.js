// @ts-check
/** Tells screen readers what arrived in the conversations on screen, and people what failed. */
import { nameOf } from './people.js';
import { decode } from './mrkdwn.js';
import { shownPanes } from './ui.js';
import { announce, toast } from './toast.js';

/** @typedef {import('./shapes.js').State} State */

const LONGEST = 200;

/** @param {State | null} before @param {State} after */
export function announceNews(before, after) {
  if (before === null) return;
  for (const pane of shownPanes()) {
    const old = new Set((before.messages[pane.c] ?? []).map((message) => message.ts));
    for (const message of after.messages[pane.c] ?? []) {
      if (old.has(message.ts) || message.user === pane.as) continue;
      if (message.thread_ts !== undefined && message.thread_ts !== message.ts && message.thread_ts !== pane.t) continue;
      announce(`${nameOf(after, message.user)}: ${spoken(after, message.text)}`);
    }
    const heard = new Set(before.ephemerals.map((one) => one.ts));
    for (const one of after.ephemerals) {
      if (one.user === pane.as && one.channel === pane.c && !heard.has(one.ts))
        announce(`Only visible to you: ${spoken(after, one.text)}`);
    }
  }
  for (const failure of after.delivery_failures.slice(before.delivery_failures.length))
    toast(failure.user, failure.message);
}

/** @param {State} state @param {string} text */
export function spoken(state, text) {
  const named = (text ?? '')
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => nameOf(state, id))
    .replace(/<[^<>|]+\|([^<>]*)>/g, '$1')
    .replace(/[*~`]/g, '');
  return decode(named).slice(0, LONGEST);
}
