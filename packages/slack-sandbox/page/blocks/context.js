// @ts-check
/** Where a block stands, and how its elements reach the app. */
import { act } from '../api.js';
import { busyWhile } from '../toast.js';
import { confirmed } from '../confirm.js';
import { setValue, stateOf, valueOf } from './form.js';
import { ui } from '../ui.js';

/** @typedef {import('../shapes.js').Json} Json */
/** @typedef {import('../draw-text.js').Reader} Reader */
/**
 * @typedef {object} Context
 * @property {Reader} reader
 * @property {string} surface key under which typed values are kept: the view id, or channel and ts
 * @property {Json} target what `action` and `options` need to name the place: view_id, or channel and ts
 * @property {string} idPrefix unique in the document
 * @property {Record<string, string>} errors by block id
 * @property {import('../shapes.js').View} [view] where it is one: its other fields go with every action
 */

/**
 * One element in its place.
 * @typedef {object} Spot
 * @property {Context} context
 * @property {string} block its block id
 * @property {Json} element
 * @property {boolean} dispatches whether a change is told to the app at once
 * @property {boolean} optional
 * @property {string} id of the control in the document
 * @property {string | undefined} labelledBy
 * @property {string | undefined} describedBy
 * @property {boolean} invalid
 */

/**
 * @param {Context} context
 * @param {string} block
 * @param {Json} element
 * @param {Partial<Spot>} [more]
 * @returns {Spot}
 */
export function spot(context, block, element, more = {}) {
  const id = `${context.idPrefix}-${block}-${element['action_id']}`.replace(/\s/g, '_');
  return {
    context,
    block,
    element,
    dispatches: true,
    optional: true,
    id,
    labelledBy: undefined,
    describedBy: undefined,
    invalid: false,
    ...more,
  };
}

/** @param {Spot} at */
export function currentValue(at) {
  return valueOf(at.context.surface, at.block, at.element);
}

/** @param {Spot} at */
export function busyKey(at) {
  return `action ${at.context.surface} ${at.block} ${at.element['action_id']}`;
}

/** @param {Spot} at */
export function isBusy(at) {
  return ui.busy.has(busyKey(at));
}

/**
 * Keeps a value and, where the element dispatches, tells the app.
 * @param {Spot} at
 * @param {Json} value
 * @returns {Promise<boolean>} false when the person did not confirm it
 */
export async function changed(at, value) {
  const before = currentValue(at);
  setValue(at.context.surface, at.block, at.element, value);
  if (!at.dispatches) return true;
  const sent = await send(at, value);
  if (!sent) setValue(at.context.surface, at.block, at.element, before);
  return sent;
}

/**
 * @param {Spot} at
 * @param {Json} value the part of the payload that says what was chosen; `{}` for a button
 * @returns {Promise<boolean>} false when the person did not confirm it
 */
export async function send(at, value) {
  if (!(await confirmed(at.element['confirm']))) return false;
  const { target, reader } = at.context;
  const { view } = at.context;
  const details = {
    ...target,
    block_id: at.block,
    action_id: at.element['action_id'],
    ...value,
    ...(view && { state: stateOf(view) }),
  };
  await busyWhile(reader.as, busyKey(at), () => act(reader.as, 'action', details));
  return true;
}

/** Attributes that tie a control to its label and its error. @param {Spot} at */
export function wiring(at) {
  return {
    id: at.id,
    'aria-labelledby': at.labelledBy,
    'aria-describedby': at.describedBy,
    'aria-invalid': at.invalid ? 'true' : undefined,
    'aria-required': at.optional ? undefined : 'true',
  };
}
