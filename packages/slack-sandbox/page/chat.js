// @ts-check
/** The conversation in the middle: its head, its messages or the App Home, and the composer. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { act } from './api.js';
import { busyWhile } from './toast.js';
import { channelOf, nameOf, partnerOf, titleOf } from './people.js';
import { go } from './place.js';
import { ui } from './ui.js';
import { markRead, topLevel } from './unread.js';
import { drawList } from './messages.js';
import { drawComposer } from './composer.js';
import { drawHome, openHome } from './home.js';
import { openApp } from './sidebar.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Channel} Channel */
/** @typedef {import('./ui.js').Pane} Pane */

/** @param {State} state @param {Pane} pane */
export function drawChat(state, pane) {
  const channel = channelOf(state, pane.c);
  const props = {
    class: 'chat',
    key: 'chat',
    role: 'main',
    id: pane.index === 0 ? 'conversation' : undefined,
    tabindex: -1,
  };
  if (pane.c === 'home') return h('div', props, head(state, pane, undefined), drawHome(state, pane));
  if (channel === undefined) return h('div', props, h('p', { class: 'empty' }, 'Choose a conversation.'));
  const seen = ui.sheet ? [] : topLevel(state, channel.id);
  markRead(pane.as, channel.id, seen);
  return h(
    'div',
    { ...props, 'aria-label': titleOf(state, pane.as, channel) },
    head(state, pane, channel),
    drawList(state, pane, { channel, thread: '' }),
    foot(state, pane, channel),
  );
}

/** @param {State} state @param {Pane} pane @param {Channel | undefined} channel undefined on the home tab */
function head(state, pane, channel) {
  const title = channel === undefined ? state.app.name : titleOf(state, pane.as, channel);
  const withApp =
    channel === undefined || (channel.is_im === true && partnerOf(state, pane.as, channel) === state.app.bot_user_id);
  const topic = typeof channel?.topic === 'string' ? channel.topic : channel?.topic?.value;
  return h(
    'div',
    { class: 'chat-head', key: 'head' },
    h(
      'h1',
      null,
      channel !== undefined && !channel.is_im && icon(channel.is_private ? 'lock' : 'hash'),
      title,
      withApp && h('span', { class: 'app-badge' }, 'APP'),
    ),
    topic && h('p', { class: 'topic' }, topic),
    withApp && state.app.home_tab && appTabs(state, pane, channel === undefined),
    channel !== undefined &&
      !channel.is_im &&
      h(
        'p',
        { class: 'members', title: channel.members.map((id) => nameOf(state, id)).join(', ') },
        `${channel.members.length} members`,
      ),
  );
}

/** @param {State} state @param {Pane} pane @param {boolean} home */
function appTabs(state, pane, home) {
  return h(
    'div',
    { class: 'app-tabs' },
    h(
      'button',
      {
        type: 'button',
        class: 'app-tab',
        'aria-current': home ? 'page' : undefined,
        onclick: () => void openHome(pane),
      },
      'Home',
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'app-tab',
        'aria-current': home ? undefined : 'page',
        onclick: () => void openApp(state, pane),
      },
      'Messages',
    ),
  );
}

/** @param {State} state @param {Pane} pane @param {Channel} channel */
function foot(state, pane, channel) {
  if (channel.is_archived) return h('p', { class: 'foot-note' }, 'This channel is archived: nobody can write here.');
  if (channel.members.includes(pane.as) || channel.user === pane.as)
    return drawComposer(state, pane, { channel, thread: '' });
  return h(
    'div',
    { class: 'foot-note', key: 'join' },
    h('span', null, `You are looking at #${channel.name}. `),
    h(
      'button',
      { type: 'button', class: 'button button-primary', onclick: () => join(pane, channel) },
      'Join the channel',
    ),
  );
}

/** @param {Pane} pane @param {Channel} channel */
function join(pane, channel) {
  void busyWhile(pane.as, `join ${channel.id}`, () => act(pane.as, 'join', { channel: channel.id }));
  go(pane, { c: channel.id });
}
