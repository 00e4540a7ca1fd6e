// @ts-check
/** A menu under a button: arrow keys, Home and End, Escape, and the focus goes back to the button. */

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {string} [hint] second, quieter line
 * @property {string} [badge]
 * @property {boolean} [checked] makes it one of a choice
 * @property {string | undefined} [href] opens in a new tab as well
 * @property {() => void} pick
 */

const GAP = 4;

/**
 * @param {HTMLElement} anchor the pressed button
 * @param {string} label
 * @param {Item[]} items
 */
export function openMenu(anchor, label, items) {
  const menu = document.createElement('div');
  menu.className = 'menu';
  menu.popover = 'auto';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  const buttons = items.map((item) => itemButton(item, menu));
  menu.append(...buttons);
  if (items.length === 0) menu.append(line('menu-empty', 'Nothing here yet.'));
  document.body.append(menu);
  anchor.setAttribute('aria-expanded', 'true');
  menu.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    menu.remove();
  });
  menu.addEventListener('keydown', (event) => onKey(event, menu, buttons));
  menu.showPopover();
  place(menu, anchor);
  (buttons.find((_, index) => items[index]?.checked) ?? buttons[0])?.focus();
}

/** @param {Item} item @param {HTMLElement} menu */
function itemButton(item, menu) {
  const button = document.createElement(item.href === undefined ? 'button' : 'a');
  if (button instanceof HTMLButtonElement) button.type = 'button';
  else {
    button.href = item.href ?? '';
    button.target = '_blank';
    button.rel = 'noopener noreferrer';
  }
  button.className = 'menu-item';
  button.tabIndex = -1;
  button.setAttribute('role', item.checked === undefined ? 'menuitem' : 'menuitemradio');
  if (item.checked !== undefined) button.setAttribute('aria-checked', String(item.checked));
  button.append(line('menu-label', item.label));
  if (item.badge) button.append(line('badge', item.badge));
  if (item.hint) button.append(line('menu-hint', item.hint));
  button.addEventListener('click', () => {
    menu.hidePopover();
    item.pick();
  });
  return button;
}

/** @param {string} className @param {string} text */
function line(className, text) {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}

/** @param {HTMLElement} menu @param {HTMLElement} anchor */
function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(at.left, innerWidth - size.width - GAP));
  const below = at.bottom + GAP + size.height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - size.height - GAP);
  menu.style.setProperty('left', `${left}px`);
  menu.style.setProperty('top', `${top}px`);
}

/** @param {KeyboardEvent} event @param {HTMLElement} menu @param {HTMLElement[]} buttons */
function onKey(event, menu, buttons) {
  const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const last = buttons.length - 1;
  /** @type {Record<string, number>} */
  const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last };
  const next = to[event.key];
  if (next !== undefined) {
    event.preventDefault();
    buttons[next]?.focus();
  } else if (event.key === 'Tab') {
    event.preventDefault();
    menu.hidePopover();
  }
  event.stopPropagation();
}
