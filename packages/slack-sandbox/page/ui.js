// @ts-check
/** The page's own state: where each pane stands, what is half typed, what is busy. Nothing of it is sent anywhere. */

/**
 * @typedef {object} Pane
 * @property {number} index 0, or 1 for the second of two panes
 * @property {string} as user id
 * @property {string} c channel id, or `home` for the App Home tab
 * @property {string} t ts of the open thread, or ''
 * @property {'channels' | 'chat' | 'thread'} view what a narrow pane shows
 */

/** @type {(index: number) => Pane} */
const emptyPane = (index) => ({ index, as: '', c: '', t: '', view: 'chat' });

export const ui = {
  panes: [emptyPane(0), emptyPane(1)],
  /** Two panes beside each other, where there is room. */
  side: false,
  /** The right-hand side: shown on wide screens. */
  systems: true,
  /** On a phone the systems take the whole screen. */
  sheet: false,
  panel: '',
  tour: true,
  /** @type {Map<string, string>} half-typed messages by conversation and person */
  drafts: new Map(),
  /** @type {Set<string>} keys of what waits for an answer */
  busy: new Set(),
  /** @type {{ id: number, as: string, text: string, tone: 'bad' | 'good' }[]} */
  toasts: [],
};

/** @returns {Pane[]} the panes on screen */
export function shownPanes() {
  return ui.side ? ui.panes : ui.panes.slice(0, 1);
}
