// @ts-check
/** Where one writes: Enter sends, Shift and Enter make a new line; commands, names, and the shortcuts menu. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { act } from './api.js';
import { busyWhile, toast } from './toast.js';
import { redraw } from './redraw.js';
import { ui } from './ui.js';
import { titleOf } from './people.js';
import { resolveNames } from './outgoing.js';
import { offersFor, usageOf } from './suggest.js';
import { openMenu } from './menu.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./ui.js').Pane} Pane */
/** @typedef {{ state: State, pane: Pane, where: import('./messages.js').Where, id: string, draft: string }} Desk */

const TALLEST_PX = 180;

/** @type {{ id: string, index: number, offers: import('./suggest.js').Offers } | null} */
let open = null;

/** @param {State} state @param {Pane} pane @param {import('./messages.js').Where} where */
export function drawComposer(state, pane, where) {
  const draft = `${pane.as} ${where.channel.id} ${where.thread}`;
  /** @type {Desk} */
  const desk = { state, pane, where, draft, id: `composer-${pane.index}${where.thread === '' ? '' : '-thread'}` };
  const text = ui.drafts.get(draft) ?? '';
  const offers = open?.id === desk.id ? open : null;
  const label =
    where.thread === ''
      ? `Message ${where.channel.is_im ? '' : '#'}${titleOf(state, pane.as, where.channel)}`
      : 'Reply in the thread';
  const usage = usageOf(state, text);
  return h(
    'form',
    { class: 'composer', key: `composer ${draft}`, onsubmit: (/** @type {Event} */ event) => submit(desk, event) },
    offers && drawOffers(desk, offers),
    usage !== '' && h('p', { class: 'usage', key: 'usage' }, usage),
    h(
      'div',
      { class: 'composer-row', key: 'row' },
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          title: 'Shortcuts',
          'aria-label': 'Shortcuts',
          'aria-haspopup': 'menu',
          'aria-expanded': 'false',
          onclick: (/** @type {Event} */ event) => shortcuts(desk, /** @type {HTMLElement} */ (event.currentTarget)),
        },
        icon('bolt'),
      ),
      h('textarea', {
        key: 'text',
        id: desk.id,
        rows: 1,
        'aria-label': label,
        placeholder: label,
        role: 'combobox',
        'aria-autocomplete': 'list',
        'aria-expanded': String(offers !== null),
        'aria-controls': `${desk.id}-offers`,
        'aria-activedescendant': offers === null ? undefined : `${desk.id}-offer-${offers.index}`,
        defaultValue: text,
        ref: growAtFirst,
        oninput: (/** @type {Event} */ event) => onInput(desk, /** @type {HTMLTextAreaElement} */ (event.target)),
        onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(desk, event),
        onblur: shut,
      }),
      h('button', { type: 'submit', class: 'icon-button send', title: 'Send', 'aria-label': 'Send' }, icon('send')),
    ),
  );
}

/** @param {Desk} desk @param {NonNullable<typeof open>} offers */
function drawOffers(desk, offers) {
  return h(
    'ul',
    { class: 'offers', role: 'listbox', id: `${desk.id}-offers`, 'aria-label': 'Suggestions', key: 'offers' },
    offers.offers.offers.map((offer, index) =>
      h(
        'li',
        {
          key: offer.insert,
          id: `${desk.id}-offer-${index}`,
          role: 'option',
          'aria-selected': String(index === offers.index),
          onmousedown: (/** @type {MouseEvent} */ event) => {
            event.preventDefault();
            take(desk, index);
          },
        },
        h('span', { class: 'menu-label' }, offer.label),
        h('span', { class: 'menu-hint' }, offer.hint),
      ),
    ),
  );
}

/** @param {Desk} desk @param {HTMLTextAreaElement} area */
function onInput(desk, area) {
  ui.drafts.set(desk.draft, area.value);
  grow(area);
  const offers = offersFor(desk.state, area.value, area.selectionStart, desk.where.thread !== '');
  open = offers === null ? null : { id: desk.id, index: 0, offers };
  redraw();
}

/** @param {HTMLTextAreaElement} area */
function grow(area) {
  area.style.setProperty('height', 'auto');
  if (area.scrollHeight > 0) area.style.setProperty('height', `${Math.min(TALLEST_PX, area.scrollHeight)}px`);
}

/** Preact also tells when it is gone. @param {HTMLTextAreaElement | null} area */
function growAtFirst(area) {
  if (area !== null) grow(area);
}

function shut() {
  if (open === null) return;
  open = null;
  redraw();
}

/** @param {Desk} desk @param {KeyboardEvent} event */
function onKey(desk, event) {
  if (event.isComposing) return;
  if (open?.id === desk.id && onOfferKey(desk, open, event)) return event.preventDefault();
  if (event.key !== 'Enter' || event.shiftKey) return;
  event.preventDefault();
  void send(desk);
}

/** @param {Desk} desk @param {NonNullable<typeof open>} offers @param {KeyboardEvent} event @returns {boolean} whether it was for the list */
function onOfferKey(desk, offers, event) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const count = offers.offers.offers.length;
  if (step !== 0) {
    offers.index = (offers.index + step + count) % count;
    redraw();
    return true;
  }
  if (event.key === 'Escape') {
    shut();
    event.stopPropagation();
    return true;
  }
  // A command or name that is written out is sent, not completed again.
  if ((event.key === 'Enter' && !event.shiftKey && !offers.offers.exact) || (event.key === 'Tab' && !event.shiftKey)) {
    take(desk, offers.index);
    return true;
  }
  return false;
}

/** @param {Desk} desk @param {number} index */
function take(desk, index) {
  const offer = open?.offers.offers[index];
  const area = areaOf(desk);
  if (offer === undefined || open === null || area === null) return;
  area.setRangeText(offer.insert, open.offers.from, area.selectionStart, 'end');
  onInput(desk, area);
  open = null;
}

/** @param {Desk} desk */
function areaOf(desk) {
  const found = document.getElementById(desk.id);
  return found instanceof HTMLTextAreaElement ? found : null;
}

/** @param {Desk} desk @param {Event} event */
function submit(desk, event) {
  event.preventDefault();
  void send(desk);
}

/** @param {Desk} desk */
async function send(desk) {
  const area = areaOf(desk);
  const typed = area?.value.trim() ?? '';
  if (area === null || typed === '') return;
  const { state, pane, where } = desk;
  const isCommand = /^\/[a-z0-9_-]+(?:\s|$)/i.test(typed);
  if (isCommand && where.thread !== '')
    return toast(pane.as, 'Slash commands cannot be used in threads. Write it in the channel instead.');
  fill(desk, '');
  const sent = await busyWhile(pane.as, `send ${desk.draft} ${typed}`, () =>
    isCommand
      ? act(pane.as, 'command', { channel: where.channel.id, text: typed })
      : act(pane.as, 'message', {
          channel: where.channel.id,
          text: resolveNames(typed, state),
          ...(where.thread !== '' && { thread_ts: where.thread }),
        }),
  );
  if (sent === undefined && (ui.drafts.get(desk.draft) ?? '') === '') fill(desk, typed);
}

/** @param {Desk} desk @param {string} text */
function fill(desk, text) {
  ui.drafts.set(desk.draft, text);
  open = null;
  const area = areaOf(desk);
  if (area !== null) {
    area.value = text;
    grow(area);
  }
  redraw();
}

/** @param {Desk} desk @param {HTMLElement} anchor */
function shortcuts({ state, pane }, anchor) {
  openMenu(
    anchor,
    'Shortcuts',
    state.app.shortcuts
      .filter((one) => one.type === 'global')
      .map((one) => ({
        label: one.name,
        hint: `${state.app.name}: ${one.description}`,
        pick: () =>
          void busyWhile(pane.as, `shortcut ${one.callback_id}`, () =>
            act(pane.as, 'shortcut', { callback_id: one.callback_id }),
          ),
      })),
  );
}
