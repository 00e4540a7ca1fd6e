// @ts-check
/** A confirmation dialog (Block Kit's `confirm`), as the browser's own modal dialog. */

/** @typedef {import('./shapes.js').Json} Json */

/**
 * @param {Json | undefined} confirm composition object; without one the answer is yes
 * @returns {Promise<boolean>}
 */
export function confirmed(confirm) {
  if (confirm === undefined) return Promise.resolve(true);
  const dialog = document.createElement('dialog');
  dialog.className = 'confirm';
  const title = part('h2', '', confirm['title']?.text ?? 'Are you sure?');
  title.id = 'confirm-title';
  const text = part('p', '', confirm['text']?.text ?? '');
  text.id = 'confirm-text';
  dialog.setAttribute('aria-labelledby', title.id);
  dialog.setAttribute('aria-describedby', text.id);
  const no = part('button', 'button', confirm['deny']?.text ?? 'Cancel');
  const yes = part(
    'button',
    confirm['style'] === 'danger' ? 'button button-danger' : 'button button-primary',
    confirm['confirm']?.text ?? 'Yes',
  );
  const row = part('div', 'confirm-buttons', '');
  row.append(no, yes);
  dialog.append(title, text, row);
  document.body.append(dialog);
  return new Promise((resolve) => {
    no.addEventListener('click', () => dialog.close('no'));
    yes.addEventListener('click', () => dialog.close('yes'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
    no.focus();
  });
}

/** @param {string} tag @param {string} className @param {string} text */
function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
