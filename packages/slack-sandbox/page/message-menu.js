// @ts-check
/** The menu of one message: the app's message shortcuts, the thread, reactions. */
import { act } from './api.js';
import { openMenu } from './menu.js';
import { busyWhile } from './toast.js';
import { go } from './place.js';
import { emoji, REACTIONS } from './emoji.js';

/** @typedef {import('./ui.js').Pane} Pane */

/**
 * @param {import('./shapes.js').State} state
 * @param {Pane} pane
 * @param {import('./message.js').Shown} shown
 * @param {HTMLElement} anchor
 */
export function messageMenu(state, pane, shown, anchor) {
  const { message, where } = shown;
  const channel = where.channel.id;
  const shortcuts = state.app.shortcuts.filter((one) => one.type === 'message');
  openMenu(anchor, 'More actions', [
    ...shortcuts.map((one) => ({
      label: one.name,
      hint: `${state.app.name}: ${one.description}`,
      pick: () => {
        const details = { callback_id: one.callback_id, channel, ts: message.ts };
        void busyWhile(pane.as, `shortcut ${one.callback_id}`, () => act(pane.as, 'message_shortcut', details));
      },
    })),
    { label: 'Reply in thread', pick: () => go(pane, { t: message.thread_ts ?? message.ts, view: 'thread' }) },
    ...REACTIONS.map((name) => ({
      label: `React with ${emoji(name) ?? ''} ${name.replaceAll('_', ' ')}`,
      pick: () => react(pane, channel, message.ts, name),
    })),
  ]);
}

/**
 * @param {Pane} pane
 * @param {string} channel
 * @param {string} ts
 * @param {string} name
 */
export function react(pane, channel, ts, name) {
  void busyWhile(pane.as, `react ${channel} ${ts} ${name}`, () => act(pane.as, 'react', { channel, ts, name }));
}
