// @ts-check
/** A person's modal: the top of the view stack, with the focus kept inside and given back afterwards. */
import { h } from './preact.js';
import { icon } from './icons.js';
import { act } from './api.js';
import { afterDraw } from './redraw.js';
import { busyWhile } from './toast.js';
import { plain } from './draw-text.js';
import { ui } from './ui.js';
import { drawBlocks } from './blocks/draw.js';
import { errorsOf, setErrors, stateOf } from './blocks/form.js';

/** @typedef {import('./shapes.js').View} View */
/** @typedef {import('./ui.js').Pane} Pane */

const REACHABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';

/** @type {{ view: string, back: Element | null }[]} by pane: the view on top, and where the focus was before */
const shown = [];

/** @param {import('./shapes.js').State} state @param {Pane} pane */
export function drawModal(state, pane) {
  const stack = state.views[pane.as] ?? [];
  const view = stack.at(-1);
  follow(pane, view);
  if (view === undefined) return null;
  const busy = ui.busy.has(`view ${view.id}`);
  const errors = errorsOf(view.id);
  const context = {
    reader: { state, as: pane.as },
    surface: view.id,
    target: { view_id: view.id },
    idPrefix: `p${pane.index}-${view.id}`,
    errors,
    view,
  };
  const titleId = `modal-title-${pane.index}`;
  const close = () => void leave(pane, view);
  return h(
    'div',
    { class: 'modal-back', key: 'modal', onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(pane, view, event) },
    h(
      'form',
      {
        class: 'modal',
        id: `modal-${pane.index}`,
        key: view.id,
        role: 'dialog',
        'aria-modal': 'true',
        'aria-labelledby': titleId,
        'aria-busy': busy ? 'true' : undefined,
        tabindex: -1,
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => void submit(pane, view, event),
      },
      h(
        'div',
        { class: 'modal-head' },
        avatarOf(stack.length),
        h('h2', { id: titleId }, plain(String(view.title?.['text'] ?? ''))),
        h(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': stack.length > 1 ? 'Back' : 'Close', onclick: close },
          icon(stack.length > 1 ? 'back' : 'close'),
        ),
      ),
      h('div', { class: 'modal-body blocks', key: 'body' }, strays(view, errors), drawBlocks(view.blocks, context)),
      h(
        'div',
        { class: 'modal-foot' },
        busy && h('span', { class: 'waiting', role: 'status' }, 'Waiting for the app…'),
        h(
          'button',
          { type: 'button', class: 'button', onclick: close, key: 'close' },
          plain(String(view.close?.['text'] ?? (view.submit ? 'Cancel' : 'Close'))),
        ),
        view.submit &&
          h(
            'button',
            {
              type: 'submit',
              class: `button button-primary${busy ? ' is-busy' : ''}`,
              'aria-disabled': busy ? 'true' : undefined,
              key: 'submit',
            },
            plain(String(view.submit['text'] ?? 'Submit')),
          ),
      ),
    ),
  );
}

/** @param {number} depth */
function avatarOf(depth) {
  return depth > 1 && h('span', { class: 'modal-depth' }, `${depth} of 3`);
}

/** Errors for blocks the view does not hold must not vanish. @param {View} view @param {Record<string, string>} errors */
function strays(view, errors) {
  const lost = Object.entries(errors).filter(
    ([block]) => !view.blocks.some((one) => one['block_id'] === block && one['type'] === 'input'),
  );
  return lost.map(([block, text]) =>
    h(
      'p',
      { class: 'field-error', key: `stray ${block}`, role: 'alert' },
      icon('warn'),
      h('span', null, `${block}: ${text}`),
    ),
  );
}

/** @param {Pane} pane @param {View | undefined} view */
function follow(pane, view) {
  const before = shown[pane.index];
  const id = view?.id ?? '';
  if ((before?.view ?? '') === id) return;
  const back = before === undefined || before.view === '' ? document.activeElement : before.back;
  shown[pane.index] = { view: id, back };
  afterDraw(() => (id === '' ? giveBack(pane, back) : focusFirst(pane)));
}

/** @param {Pane} pane */
function focusFirst(pane) {
  const modal = document.getElementById(`modal-${pane.index}`);
  const body = modal?.querySelector('.modal-body');
  const first = body?.querySelector('[data-autofocus]') ?? body?.querySelector('input, select, textarea, summary');
  const target = first ?? modal;
  // A field below what is to be read first must not scroll it out of sight.
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** @param {Pane} pane @param {Element | null} back */
function giveBack(pane, back) {
  const home = document.getElementById(`composer-${pane.index}`);
  const target = back !== null && back.isConnected && back !== document.body ? back : home;
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** @param {Pane} pane @param {View} view @param {KeyboardEvent} event */
function onKey(pane, view, event) {
  if (event.key === 'Escape') {
    event.preventDefault();
    void leave(pane, view);
    return;
  }
  if (event.key !== 'Tab') return;
  const modal = document.getElementById(`modal-${pane.index}`);
  const stops = [...(modal?.querySelectorAll(REACHABLE) ?? [])].filter(
    (one) => one instanceof HTMLElement && one.offsetParent !== null,
  );
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  const other = event.shiftKey ? stops.at(-1) : stops[0];
  if (document.activeElement !== edge && document.activeElement !== modal) return;
  if (document.activeElement === modal && !event.shiftKey) return;
  event.preventDefault();
  if (other instanceof HTMLElement) other.focus();
}

/** @param {Pane} pane @param {View} view */
async function leave(pane, view) {
  await busyWhile(pane.as, `view ${view.id}`, () => act(pane.as, 'close', { view_id: view.id }));
}

/** @param {Pane} pane @param {View} view @param {Event} event */
async function submit(pane, view, event) {
  event.preventDefault();
  const answer = await busyWhile(pane.as, `view ${view.id}`, () =>
    act(pane.as, 'submit', { view_id: view.id, state: stateOf(view) }),
  );
  if (answer === undefined) return;
  setErrors(view.id, answer.result === 'errors' ? answer.errors : {});
  if (answer.result === 'errors') afterDraw(() => focusWrong(pane));
}

/** @param {Pane} pane */
function focusWrong(pane) {
  const wrong = document
    .getElementById(`modal-${pane.index}`)
    ?.querySelector('[aria-invalid="true"], .is-wrong input, .is-wrong summary');
  if (wrong instanceof HTMLElement) wrong.focus();
}
