// @ts-check
/** The markdown block: standard Markdown as far as Slack draws it. Tables stay text. */
import { h } from '../preact.js';
import { link } from '../draw-text.js';
import { withEmoji } from '../emoji.js';

const FENCE = /^```/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
/** @type {[RegExp, (m: RegExpExecArray) => any][]} first match at the earliest place wins */
const SPANS = [
  [/`([^`]+)`/, (m) => h('code', null, m[1])],
  [/\[([^\]]+)\]\(([^)\s]+)\)/, (m) => link(m[2] ?? '', m[1])],
  [/\*\*(\S(?:.*?\S)?)\*\*/, (m) => h('strong', null, spans(m[1] ?? ''))],
  [/__(\S(?:.*?\S)?)__/, (m) => h('strong', null, spans(m[1] ?? ''))],
  [/~~(\S(?:.*?\S)?)~~/, (m) => h('s', null, spans(m[1] ?? ''))],
  [/\*(\S(?:.*?\S)?)\*/, (m) => h('em', null, spans(m[1] ?? ''))],
  [/\b_(\S(?:.*?\S)?)_\b/, (m) => h('em', null, spans(m[1] ?? ''))],
];

/** @param {string} text */
export function drawMarkdown(text) {
  const lines = text.split('\n');
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const { node, used } = chunk(lines, at);
    if (node !== null) out.push(node);
    at += used;
  }
  return h('div', { class: 'text markdown' }, out);
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {{ node: any, used: number }} always at least one line
 */
function chunk(lines, at) {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { node: null, used: 1 };
  if (FENCE.test(line)) return fenced(lines, at);
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null)
    return { node: h('p', { class: 'md-heading' }, h('strong', null, spans(heading[2] ?? ''))), used: 1 };
  if (/^\s*(?:---+|\*\*\*+)\s*$/.test(line)) return { node: h('hr', { class: 'rule' }), used: 1 };
  if (ITEM.test(line)) {
    const items = run(lines, at, (one) => ITEM.test(one));
    const drawn = items.map((one) => h('li', null, spans(ITEM.exec(one)?.[1] ?? one)));
    return { node: h(/^\s*\d/.test(line) ? 'ol' : 'ul', null, drawn), used: items.length };
  }
  const isQuote = (/** @type {string} */ one) => one.startsWith('>');
  if (isQuote(line)) {
    const quoted = run(lines, at, isQuote);
    return { node: h('blockquote', null, broken(quoted.map((one) => one.replace(/^>\s?/, '')))), used: quoted.length };
  }
  const plain = run(
    lines,
    at,
    (one) => one.trim() !== '' && !FENCE.test(one) && !ITEM.test(one) && !isQuote(one) && !/^#{1,6}\s/.test(one),
  );
  return { node: h('p', null, broken(plain)), used: plain.length };
}

/** @param {string[]} lines @param {number} at */
function fenced(lines, at) {
  let end = at + 1;
  while (end < lines.length && !FENCE.test(lines[end] ?? '')) end++;
  return { node: h('pre', { tabindex: 0 }, lines.slice(at + 1, end).join('\n')), used: end - at + 1 };
}

/** @param {string[]} lines @param {number} at @param {(line: string) => boolean} belongs */
function run(lines, at, belongs) {
  let end = at + 1;
  while (end < lines.length && belongs(lines[end] ?? '')) end++;
  return lines.slice(at, end);
}

/** @param {string[]} lines */
function broken(lines) {
  return lines.flatMap((line, index) => (index === 0 ? spans(line) : [h('br', null), ...spans(line)]));
}

/** @param {string} text @returns {any[]} */
function spans(text) {
  const out = [];
  let rest = text;
  while (rest !== '') {
    let best = null;
    let make = null;
    for (const [pattern, draw] of SPANS) {
      const found = pattern.exec(rest);
      if (found !== null && (best === null || found.index < best.index)) [best, make] = [found, draw];
    }
    if (best === null || make === null) break;
    out.push(withEmoji(rest.slice(0, best.index)), make(best));
    rest = rest.slice(best.index + best[0].length);
  }
  out.push(withEmoji(rest));
  return out;
}
