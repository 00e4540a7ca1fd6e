// @ts-check
/** One message: who, when, what, reactions, its thread, and what one can do with it. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { clock, dateOfTs, full } from './dates.js';
import { drawEmoji, link, mrkdwn } from './draw-text.js';
import { nameOf, userOf } from './people.js';
import { go } from './place.js';
import { unreadIn } from './unread.js';
import { drawBlocks } from './blocks/draw.js';
import { messageMenu, react } from './message-menu.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Message} Message */
/** @typedef {import('./ui.js').Pane} Pane */
/** @typedef {{ message: Message, where: import('./messages.js').Where, joined: boolean }} Shown */

/** @param {State} state @param {string} id */
export function avatar(state, id) {
  const isApp = id === state.app.bot_user_id;
  const letters = nameOf(state, id)
    .split(/\s+/)
    .map((/** @type {string} */ word) => word.charAt(0))
    .slice(0, 2)
    .join('')
    .toUpperCase();
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const color = userOf(state, id)?.color;
  return h(
    'span',
    {
      class: isApp ? 'avatar avatar-app' : 'avatar',
      'aria-hidden': 'true',
      style: isApp ? {} : { '--tint': color ? `#${color}` : `hsl(${hue} 45% 40%)` },
    },
    isApp ? icon('bolt') : letters,
  );
}

/** @param {State} state @param {Pane} pane @param {Shown} shown */
export function drawMessage(state, pane, shown) {
  const { message, joined } = shown;
  const date = dateOfTs(message.ts);
  const zone = userOf(state, pane.as)?.tz ?? 'UTC';
  const time = h('time', { class: 'time', datetime: date.toISOString(), title: full(date, zone) }, clock(date, zone));
  const name = nameOf(state, message.user);
  const isApp = message.user === state.app.bot_user_id || message.bot_id !== undefined;
  return h(
    'li',
    {
      class: `message${joined ? ' is-joined' : ''}${message.ephemeral ? ' is-ephemeral' : ''}`,
      key: `${message.ephemeral ? 'e' : ''}${message.ts}`,
      tabindex: -1,
      'data-ts': message.ts,
    },
    joined ? h('span', { class: 'gutter' }, time) : avatar(state, message.user),
    h(
      'div',
      { class: 'message-body' },
      message.ephemeral && h('p', { class: 'only-you' }, icon('eye'), 'Only visible to you'),
      !joined &&
        h(
          'p',
          { class: 'message-head' },
          h('strong', null, name),
          isApp && h('span', { class: 'app-badge' }, 'APP'),
          time,
        ),
      joined && h('span', { class: 'unseen' }, `${name}: `),
      content(state, pane, shown),
      message.edited && h('span', { class: 'edited' }, '(edited)'),
      files(message),
      reactions(state, pane, shown),
      threadLink(state, pane, shown),
    ),
    !message.ephemeral && toolbar(state, pane, shown),
  );
}

/** @param {State} state @param {Pane} pane @param {Shown} shown */
function content(state, pane, { message, where }) {
  const reader = {
    state,
    as: pane.as,
    onChannel: (/** @type {string} */ id) => go(pane, { c: id, t: '', view: 'chat' }),
  };
  if (message.blocks === undefined || message.blocks.length === 0)
    return h('div', { class: 'text' }, mrkdwn(message.text ?? '', reader));
  const surface = `M${where.channel.id} ${message.ts}`;
  const target = { channel: where.channel.id, ts: message.ts, ...(message.ephemeral && { ephemeral: true }) };
  const idPrefix = `p${pane.index}${where.thread === '' ? '' : 't'}-${message.ts}`;
  return h('div', { class: 'blocks' }, drawBlocks(message.blocks, { reader, surface, target, idPrefix, errors: {} }));
}

/** @param {Message} message */
function files(message) {
  return (message.files ?? []).map((file) => {
    const address = String(file['url_private'] ?? file['permalink'] ?? '');
    const name = String(file['title'] || file['name'] || file['id']);
    return h(
      'p',
      { class: 'file', key: file['id'] },
      address === '' ? name : link(address, name),
      h(
        'span',
        { class: 'time' },
        ` ${file['filetype'] ?? ''} ${file['size'] === undefined ? '' : `${file['size']} bytes`}`,
      ),
    );
  });
}

/** @param {State} state @param {Pane} pane @param {Shown} shown */
function reactions(state, pane, { message, where }) {
  const list = message.reactions ?? [];
  if (list.length === 0) return null;
  return h(
    'div',
    { class: 'reactions' },
    list.map((one) => {
      const mine = one.users.includes(pane.as);
      return h(
        'button',
        {
          type: 'button',
          key: one.name,
          class: 'reaction',
          'aria-pressed': String(mine),
          title: `${one.users.map((id) => nameOf(state, id)).join(', ')} reacted with :${one.name}:`,
          onclick: () => mine || react(pane, where.channel.id, message.ts, one.name),
        },
        drawEmoji(one.name),
        ` ${one.count ?? one.users.length}`,
      );
    }),
  );
}

/** @param {State} state @param {Pane} pane @param {Shown} shown */
function threadLink(state, pane, { message, where }) {
  const replies = (state.messages[where.channel.id] ?? []).filter(
    (one) => one.thread_ts === message.ts && one.ts !== message.ts,
  );
  if (where.thread !== '' || replies.length === 0) return null;
  const zone = userOf(state, pane.as)?.tz ?? 'UTC';
  const fresh = unreadIn(pane.as, `${where.channel.id}:${message.ts}`, replies) > 0;
  const last = replies.at(-1);
  return h(
    'button',
    {
      type: 'button',
      class: fresh ? 'thread-link is-unread' : 'thread-link',
      onclick: () => go(pane, { t: message.ts, view: 'thread' }),
    },
    fresh && h('span', { class: 'dot' }, h('span', { class: 'unseen' }, 'new replies')),
    h('span', null, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
    last && h('span', { class: 'time' }, `last at ${clock(dateOfTs(last.ts), zone)}`),
  );
}

/** @param {State} state @param {Pane} pane @param {Shown} shown */
function toolbar(state, pane, shown) {
  const { message, where } = shown;
  return h(
    'div',
    { class: 'message-tools', role: 'group', 'aria-label': 'Message actions' },
    where.thread === '' &&
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button tool-reply',
          title: 'Reply in thread',
          'aria-label': 'Reply in thread',
          onclick: () => go(pane, { t: message.thread_ts ?? message.ts, view: 'thread' }),
        },
        icon('reply'),
      ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        title: 'More actions',
        'aria-label': 'More actions',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
        onclick: (/** @type {Event} */ event) =>
          messageMenu(state, pane, shown, /** @type {HTMLElement} */ (event.currentTarget)),
      },
      icon('more'),
    ),
  );
}
