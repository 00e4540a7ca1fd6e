// @ts-check
/** The thread beside the conversation. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { channelOf, titleOf } from './people.js';
import { go } from './place.js';
import { markRead } from './unread.js';
import { drawList } from './messages.js';
import { drawComposer } from './composer.js';

/** @param {import('./shapes.js').State} state @param {import('./ui.js').Pane} pane */
export function drawThread(state, pane) {
  const channel = channelOf(state, pane.c);
  if (pane.t === '' || channel === undefined) return null;
  const replies = (state.messages[channel.id] ?? []).filter((message) => message.thread_ts === pane.t);
  markRead(pane.as, `${channel.id}:${pane.t}`, replies);
  const name = titleOf(state, pane.as, channel);
  return h(
    'aside',
    { class: 'thread', key: 'thread', 'aria-label': 'Thread', tabindex: -1 },
    h(
      'div',
      { class: 'chat-head' },
      h('h1', null, 'Thread'),
      h('p', { class: 'topic' }, channel.is_im ? name : `#${name}`),
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': 'Close the thread',
          onclick: () => go(pane, { t: '', view: 'chat' }),
        },
        icon('close'),
      ),
    ),
    drawList(state, pane, { channel, thread: pane.t }),
    channel.is_archived
      ? h('p', { class: 'foot-note' }, 'This channel is archived: nobody can write here.')
      : drawComposer(state, pane, { channel, thread: pane.t }),
  );
}
