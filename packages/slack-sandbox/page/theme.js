// @ts-check
/** Light, dark, or as the computer says. */
const KEY = 'theme';
const NAMES = /** @type {const} */ ({ auto: 'As the system', light: 'Light', dark: 'Dark' });

/** @returns {keyof typeof NAMES} */
function chosen() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto'; // storage switched off
  }
}

/** @param {keyof typeof NAMES} [theme] */
export function applyTheme(theme = chosen()) {
  document.documentElement.dataset['theme'] = theme;
}

/** @returns {import('./menu.js').Item[]} */
export function themeItems() {
  return /** @type {(keyof typeof NAMES)[]} */ (Object.keys(NAMES)).map((theme) => ({
    label: NAMES[theme],
    checked: document.documentElement.dataset['theme'] === theme,
    pick: () => {
      applyTheme(theme);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        return; // storage switched off: the choice lasts until the reload
      }
    },
  }));
}
