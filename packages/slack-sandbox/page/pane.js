// @ts-check
/** One person's window: sidebar, conversation, thread, and the modals on top. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { openMenu } from './menu.js';
import { humans, nameOf, roleOf, userOf } from './people.js';
import { ui, shownPanes } from './ui.js';
import { go, writePlace } from './place.js';
import { redraw } from './redraw.js';
import { waitingFor } from './unread.js';
import { drawToasts } from './toast.js';
import { drawSidebar } from './sidebar.js';
import { drawChat } from './chat.js';
import { drawThread } from './thread.js';
import { drawModal } from './modal.js';
import { avatar } from './message.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./ui.js').Pane} Pane */

/** @param {State} state @param {Pane} pane */
export function drawPane(state, pane) {
  const modal = drawModal(state, pane);
  const name = nameOf(state, pane.as);
  // What is on screen counts as read before the marks beside it are drawn.
  const thread = drawThread(state, pane);
  const chat = drawChat(state, pane);
  return h(
    'section',
    {
      class: 'pane',
      key: `pane-${pane.index}`,
      'data-view': pane.view,
      'data-thread': pane.t === '' ? '0' : '1',
      'aria-label': `${name}'s window`,
    },
    h(
      'div',
      { class: 'pane-frame', inert: modal !== null, key: 'frame' },
      h('div', { class: 'pane-top', key: 'top' }, personSwitch(state, pane)),
      h('div', { class: 'pane-body', key: 'body' }, drawSidebar(state, pane), chat, thread),
      drawTabs(pane),
    ),
    modal,
    drawToasts(pane.as),
  );
}

/** @param {State} state @param {Pane} pane */
function personSwitch(state, pane) {
  const user = userOf(state, pane.as);
  const role = user === undefined ? '' : roleOf(user);
  const others = humans(state).filter((one) => one.id !== pane.as && waitingFor(state, one.id) > 0);
  return h(
    'button',
    {
      type: 'button',
      class: 'person-switch',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: (/** @type {Event} */ event) =>
        openMenu(/** @type {HTMLElement} */ (event.currentTarget), 'Act as', personItems(state, pane)),
    },
    avatar(state, pane.as),
    h(
      'span',
      { class: 'person-text' },
      h('span', { class: 'person-you' }, 'You are: '),
      h('strong', null, nameOf(state, pane.as)),
      role !== '' && h('span', { class: 'person-role' }, ` (${role})`),
    ),
    others.length > 0 &&
      h(
        'span',
        { class: 'dot', title: `New for ${others.map((one) => nameOf(state, one.id)).join(', ')}` },
        h('span', { class: 'unseen' }, 'others have new messages'),
      ),
    icon('down'),
  );
}

/** @param {State} state @param {Pane} pane @returns {import('./menu.js').Item[]} */
function personItems(state, pane) {
  return humans(state).map((user) => {
    const waiting = waitingFor(state, user.id);
    return {
      label: nameOf(state, user.id),
      hint: [roleOf(user), user.profile?.['email']].filter(Boolean).join(' · '),
      badge: waiting > 0 ? `${waiting} new` : '',
      checked: user.id === pane.as,
      pick: () => become(pane, user.id),
    };
  });
}

/** In two panes the two people change places rather than one standing in both. @param {Pane} pane @param {string} as */
function become(pane, as) {
  const other = shownPanes().find((one) => one !== pane && one.as === as);
  if (other !== undefined) Object.assign(other, { as: pane.as, c: pane.c, t: pane.t, view: 'chat' });
  go(pane, { as, view: 'chat' });
}

/** @param {Pane} pane */
function drawTabs(pane) {
  const current = ui.sheet ? 'systems' : pane.view;
  const tab = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {string} */ sign,
    /** @type {() => void} */ pick,
    off = false,
  ) =>
    h(
      'button',
      {
        type: 'button',
        class: `tab tab-${id}`,
        'aria-current': current === id ? 'page' : undefined,
        'aria-disabled': off ? 'true' : undefined,
        onclick: pick,
      },
      icon(sign),
      h('span', null, label),
    );
  return h(
    'nav',
    { class: 'tabs', 'aria-label': 'Views', key: 'tabs' },
    tab('channels', 'Channels', 'hash', () => go(pane, { view: 'channels' })),
    tab('chat', 'Chat', 'chat', () => go(pane, { view: 'chat' })),
    tab('thread', 'Thread', 'thread', () => (pane.t === '' ? undefined : go(pane, { view: 'thread' })), pane.t === ''),
    tab('systems', 'Systems', 'systems', () => {
      ui.sheet = true;
      writePlace();
      redraw();
    }),
  );
}
