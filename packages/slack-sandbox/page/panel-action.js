// @ts-check
/** A button of a panel, with the fields it asks for and the sentence it answers. */
import { h } from './preact.js';
import { post } from './api.js';
import { refresh } from './store.js';
import { redraw } from './redraw.js';
import { ui } from './ui.js';

/** @typedef {import('./shapes.js').Json} Json */

/** @type {Map<string, { ok: boolean, message: string }>} */
const answers = new Map();

/** @param {import('./shapes.js').Panel} panel @param {Json} action */
export function drawPanelAction(panel, action) {
  const key = `panel ${panel.id} ${action['id']}`;
  const busy = ui.busy.has(key);
  const answer = answers.get(key);
  const style = action['style'] === 'primary' || action['style'] === 'danger' ? ` button-${action['style']}` : '';
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void run(
      key,
      `/control/panels/${encodeURIComponent(panel.id)}/actions/${encodeURIComponent(action['id'])}`,
      /** @type {HTMLFormElement} */ (event.currentTarget),
    );
  };
  return h(
    'form',
    { class: 'panel-action', key: action['id'], onsubmit },
    action['description'] && h('p', { class: 'panel-text' }, action['description']),
    (action['fields'] ?? []).map((/** @type {Json} */ field) => drawField(key, field)),
    h(
      'button',
      { type: 'submit', class: `button${style}${busy ? ' is-busy' : ''}`, 'aria-disabled': busy ? 'true' : undefined },
      action['label'],
    ),
    h('p', { class: answer?.ok === false ? 'answer is-bad' : 'answer', role: 'status' }, answer?.message),
  );
}

/** @param {string} key @param {Json} field */
function drawField(key, field) {
  const id = `${key} ${field['name']}`.replace(/\s/g, '-');
  const control =
    field['type'] === 'select'
      ? h(
          'select',
          { class: 'select', id, name: field['name'] },
          (field['options'] ?? []).map((/** @type {Json} */ one) =>
            h(
              'option',
              { value: one['value'], key: one['value'], defaultSelected: one['value'] === field['initial'] },
              one['label'],
            ),
          ),
        )
      : h('input', {
          class: 'input',
          id,
          name: field['name'],
          type: 'text',
          autocomplete: 'off',
          defaultValue: field['initial'],
        });
  return h(
    'div',
    { class: 'field', key: field['name'] },
    h('label', { class: 'field-label', for: id }, field['label']),
    control,
  );
}

/** @param {string} key @param {string} path @param {HTMLFormElement} form */
async function run(key, path, form) {
  if (ui.busy.has(key)) return;
  const fields = Object.fromEntries(new FormData(form));
  ui.busy.add(key);
  answers.delete(key);
  redraw();
  try {
    const answer = await post(path, { fields });
    answers.set(key, { ok: true, message: answer.message ?? 'Done.' });
  } catch (error) {
    answers.set(key, { ok: false, message: error instanceof Error ? error.message : String(error) });
  }
  ui.busy.delete(key);
  refresh('panels');
  redraw();
}
