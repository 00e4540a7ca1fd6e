// @ts-check
/** Channels, direct messages and the app, as one person sees them. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { act } from './api.js';
import { reload } from './store.js';
import { busyWhile } from './toast.js';
import { openMenu } from './menu.js';
import { conversationsOf, humans, nameOf, roleOf, titleOf } from './people.js';
import { go } from './place.js';
import { topLevel, unreadIn } from './unread.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Channel} Channel */
/** @typedef {import('./ui.js').Pane} Pane */

/** @param {State} state @param {Pane} pane */
export function drawSidebar(state, pane) {
  const { channels, others, people, app } = conversationsOf(state, pane.as);
  return h(
    'nav',
    { class: 'sidebar', 'aria-label': 'Conversations', key: 'sidebar' },
    h('p', { class: 'team' }, state.team.name),
    group(
      'Channels',
      channels.map((channel) => entry(state, pane, channel)),
    ),
    others.length > 0 &&
      group(
        'Other channels',
        others.map((channel) => entry(state, pane, channel)),
      ),
    group('Direct messages', [...people.map((channel) => entry(state, pane, channel)), newMessage(state, pane)]),
    group('Apps', [appEntry(state, pane, app)]),
  );
}

/** @param {string} title @param {any[]} items */
function group(title, items) {
  return h('div', { class: 'side-group', key: title }, h('h2', null, title), h('ul', null, items));
}

/** @param {State} state @param {Pane} pane @param {Channel} channel */
function entry(state, pane, channel) {
  const unread = unreadIn(pane.as, channel.id, topLevel(state, channel.id)) > 0;
  const sign = channel.is_im ? h('span', { class: 'presence' }) : icon(channel.is_private ? 'lock' : 'hash');
  return item({
    key: channel.id,
    label: titleOf(state, pane.as, channel),
    sign,
    unread,
    current: pane.c === channel.id,
    pick: () => go(pane, { c: channel.id, t: '', view: 'chat' }),
  });
}

/** @param {{ key: string, label: string, sign: any, unread: boolean, current: boolean, pick: () => void }} of */
function item(of) {
  return h(
    'li',
    { key: of.key },
    h(
      'button',
      {
        type: 'button',
        class: of.unread ? 'side-item is-unread' : 'side-item',
        'aria-current': of.current ? 'page' : undefined,
        onclick: of.pick,
      },
      of.sign,
      h('span', { class: 'side-label' }, of.label),
      of.unread && h('span', { class: 'dot' }, h('span', { class: 'unseen' }, 'unread')),
    ),
  );
}

/** @param {State} state @param {Pane} pane @param {Channel | undefined} app */
function appEntry(state, pane, app) {
  const unread = app !== undefined && unreadIn(pane.as, app.id, topLevel(state, app.id)) > 0;
  const current = pane.c === 'home' || (app !== undefined && pane.c === app.id);
  return item({
    key: 'app',
    label: state.app.name,
    sign: icon('bolt'),
    unread,
    current,
    pick: () => void openApp(state, pane),
  });
}

/** @param {State} state @param {Pane} pane */
export async function openApp(state, pane) {
  const { app } = conversationsOf(state, pane.as);
  if (app !== undefined) return go(pane, { c: app.id, t: '', view: 'chat' });
  await openDirect(pane, state.app.bot_user_id);
}

/** @param {Pane} pane @param {string} user */
async function openDirect(pane, user) {
  const opened = await busyWhile(pane.as, `open ${user}`, async () => {
    const answer = await act(pane.as, 'open_dm', { with: user });
    await reload();
    return answer;
  });
  if (opened === undefined) return;
  go(pane, { c: opened.channel, t: '', view: 'chat' });
}

/** @param {State} state @param {Pane} pane */
function newMessage(state, pane) {
  const others = humans(state).filter((user) => user.id !== pane.as);
  return h(
    'li',
    { key: 'new' },
    h(
      'button',
      {
        type: 'button',
        class: 'side-item side-new',
        'aria-haspopup': 'menu',
        onclick: (/** @type {Event} */ event) =>
          openMenu(
            /** @type {HTMLElement} */ (event.currentTarget),
            'Write to',
            others.map((user) => ({
              label: nameOf(state, user.id),
              hint: roleOf(user),
              pick: () => void openDirect(pane, user.id),
            })),
          ),
      },
      '+ New message',
    ),
  );
}
