// @ts-check
/** A list of messages, with a line between days. */
import { h } from './preact.js';
import { dateOfTs, dayKey, dayName } from './dates.js';
import { topLevel } from './unread.js';
import { userOf } from './people.js';
import { drawMessage } from './message.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Message} Message */
/** @typedef {{ channel: import('./shapes.js').Channel, thread: string }} Where */

/** Messages of one writer this close together share one head. */
const TOGETHER_S = 300;

/**
 * @param {State} state
 * @param {import('./ui.js').Pane} pane
 * @param {Where} where
 */
export function drawList(state, pane, where) {
  const zone = userOf(state, pane.as)?.tz ?? 'UTC';
  const list = messagesIn(state, pane.as, where);
  const rows = [];
  /** @type {Message | undefined} */
  let before;
  for (const message of list) {
    const day = dayKey(dateOfTs(message.ts), zone);
    const newDay = before === undefined || dayKey(dateOfTs(before.ts), zone) !== day;
    if (newDay && where.thread === '') {
      rows.push(h('li', { class: 'day', key: `day ${day}` }, h('span', null, dayName(dateOfTs(message.ts), zone))));
    }
    rows.push(drawMessage(state, pane, { message, where, joined: !newDay && joins(before, message) }));
    before = message;
  }
  return h(
    'div',
    {
      class: 'list',
      key: `list ${pane.as} ${where.channel.id} ${where.thread}`,
      'data-follow': `${pane.as} ${where.channel.id} ${where.thread}`,
      tabindex: 0,
      role: 'region',
      'aria-label': where.thread === '' ? 'Messages' : 'Replies',
    },
    list.length === 0 && h('p', { class: 'empty' }, 'Nothing here yet. Write the first message below.'),
    h('ol', { class: 'messages' }, rows),
  );
}

/** @param {State} state @param {string} as @param {Where} where @returns {Message[]} */
function messagesIn(state, as, where) {
  const { channel, thread } = where;
  const shown =
    thread === ''
      ? topLevel(state, channel.id)
      : (state.messages[channel.id] ?? []).filter((m) => m.ts === thread || m.thread_ts === thread);
  const mine = state.ephemerals
    .filter((one) => one.channel === channel.id && one.user === as && (one.thread_ts ?? '') === thread)
    .map((one) => ({ ...one, ephemeral: true, user: state.app.bot_user_id }));
  return mine.length === 0 ? shown : [...shown, ...mine].sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** @param {Message | undefined} before @param {Message} message */
function joins(before, message) {
  return (
    before !== undefined &&
    before.user === message.user &&
    Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    before.blocks === undefined &&
    message.blocks === undefined &&
    (before.reply_count ?? 0) === 0 &&
    Number(message.ts) - Number(before.ts) < TOGETHER_S
  );
}
