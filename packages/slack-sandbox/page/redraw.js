// @ts-check
/** When to draw, and what must survive a drawing: the scroll position of growing lists and the place of the focus. */
import { render } from './preact.js';

/** @typedef {import('./preact.js').VNode} VNode */

/** How near to the end (in CSS pixels) a list must be to follow what arrives. */
const NEAR_END = 80;

/** @type {(() => VNode) | null} */
let draw = null;
/** @type {Element | null} */
let root = null;
let queued = false;
/** @type {(() => void)[]} */
let afterwards = [];
/** @type {WeakMap<Element, string>} */
const lastPlace = new WeakMap();

/**
 * @param {Element} element
 * @param {() => VNode} drawAll
 */
export function mount(element, drawAll) {
  root = element;
  // What stood there while the page was loading.
  element.replaceChildren();
  draw = drawAll;
  redraw();
}

/** Draws soon; several calls in one go become one drawing. */
export function redraw() {
  if (queued) return;
  queued = true;
  setTimeout(run, 0);
}

/** @param {() => void} work runs once, after the next drawing */
export function afterDraw(work) {
  afterwards.push(work);
  redraw();
}

function run() {
  queued = false;
  if (root === null || draw === null) return;
  const focus = focusChain();
  const following = measure(root);
  render(draw(), root);
  scroll(root, following);
  rescueFocus(focus);
  const work = afterwards;
  afterwards = [];
  for (const task of work) task();
}

/** @returns {Element[]} the focused element and all around it, innermost first */
function focusChain() {
  const chain = [];
  for (let at = document.activeElement; at !== null && at !== document.body; at = at.parentElement) chain.push(at);
  return chain;
}

/**
 * A pressed button often disappears with the card's next version: the focus then goes to what held it.
 * @param {Element[]} chain
 */
function rescueFocus(chain) {
  if (chain.length === 0 || (document.activeElement !== null && document.activeElement !== document.body)) return;
  const next = chain.find((element) => element.isConnected && element.hasAttribute('tabindex'));
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/** @param {Element} within */
function measure(within) {
  /** @type {Set<Element>} */
  const following = new Set();
  for (const list of within.querySelectorAll('[data-follow]')) {
    if (list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END) following.add(list);
  }
  return following;
}

/**
 * @param {Element} within
 * @param {Set<Element>} following
 */
function scroll(within, following) {
  for (const list of within.querySelectorAll('[data-follow]')) {
    const place = list.getAttribute('data-follow') ?? '';
    if (following.has(list) || lastPlace.get(list) !== place) list.scrollTop = list.scrollHeight;
    // A hidden list cannot be scrolled; its place counts as new until it is seen.
    if (list.clientHeight > 0) lastPlace.set(list, place);
  }
}
