// @ts-check
/** Slack's mrkdwn as a tree. Source: Slack, "Formatting text for app surfaces". */

/**
 * @typedef {{ t: 'text', v: string } | { t: 'b' | 'i' | 's' | 'quote', c: Node[] } | { t: 'code' | 'pre', v: string } | { t: 'br' }
 *   | { t: 'link', url: string, label: string } | { t: 'user' | 'channel' | 'group' | 'special', id: string, label: string }
 *   | { t: 'date', seconds: number, pattern: string, url: string, fallback: string } | { t: 'emoji', name: string }} Node
 */

const ENTITIES = /** @type {const} */ ({ '&amp;': '&', '&lt;': '<', '&gt;': '>' });
const MARKS = /** @type {Record<string, 'b' | 'i' | 's'>} */ ({ '*': 'b', _: 'i', '~': 's' });

/** @param {string} text */
export function decode(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[/** @type {keyof typeof ENTITIES} */ (entity)]);
}

/**
 * @param {string} text
 * @returns {Node[]}
 */
export function parseMrkdwn(text) {
  /** @type {Node[]} */
  const out = [];
  const parts = text.split('```');
  const closed = parts.length % 2 === 1 ? parts.length : parts.length - 1;
  let plain = '';
  const flush = () => {
    if (plain !== '') out.push(...lines(plain));
    plain = '';
  };
  parts.forEach((part, index) => {
    if (index % 2 === 1 && index < closed) {
      flush();
      out.push({ t: 'pre', v: decode(unwrapLinks(part)).replace(/^\n|\n$/g, '') });
    } else plain += index >= closed ? '```' + part : index > 0 ? part.replace(/^\n/, '') : part;
  });
  flush();
  return out;
}

/** Inside code a link shows its address. @param {string} text */
function unwrapLinks(text) {
  return text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label || target);
}

/** @param {string} text @returns {Node[]} */
function lines(text) {
  /** @type {Node[]} */
  const out = [];
  /** @type {string[]} */
  let quote = [];
  let fresh = true;
  const endQuote = () => {
    if (quote.length > 0) out.push({ t: 'quote', c: withBreaks(quote) });
    if (quote.length > 0) fresh = true;
    quote = [];
  };
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted !== null) quote.push(quoted[1] ?? '');
    else {
      endQuote();
      if (!fresh) out.push({ t: 'br' });
      out.push(...inline(line));
      fresh = false;
    }
  }
  endQuote();
  return out;
}

/** @param {string[]} list @returns {Node[]} */
function withBreaks(list) {
  return list.flatMap((line, index) =>
    index === 0 ? inline(line) : [/** @type {Node} */ ({ t: 'br' }), ...inline(line)],
  );
}

/**
 * @param {string} text one line
 * @param {string} [inside] marks already open: they do not nest in themselves, so the depth is bounded
 * @returns {Node[]}
 */
export function inline(text, inside = '') {
  /** @type {Node[]} */
  const out = [];
  /** A mark without a closing one need not be sought again. */
  const dead = new Set();
  let run = '';
  let at = 0;
  const flush = () => {
    if (run !== '') out.push({ t: 'text', v: decode(run) });
    run = '';
  };
  while (at < text.length) {
    const found = tokenAt(text, at, inside, dead);
    if (found === undefined) run += text[at++];
    else {
      flush();
      out.push(found.node);
      at = found.end;
    }
  }
  flush();
  return out;
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string} inside
 * @param {Set<string>} dead
 * @returns {{ node: Node, end: number } | undefined}
 */
function tokenAt(text, at, inside, dead) {
  const sign = text[at] ?? '';
  if (sign === '<') return angle(text, at);
  if (sign === ':') {
    const code = /^:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/.exec(text.slice(at, at + 60));
    return code?.[1] === undefined ? undefined : { node: { t: 'emoji', name: code[1] }, end: at + code[0].length };
  }
  if (sign === '`') {
    const end = text.indexOf('`', at + 1);
    return end > at + 1
      ? { node: { t: 'code', v: decode(unwrapLinks(text.slice(at + 1, end))) }, end: end + 1 }
      : undefined;
  }
  const kind = MARKS[sign];
  if (kind === undefined || inside.includes(sign) || dead.has(sign) || !opens(text, at)) return undefined;
  const end = closing(text, at, sign);
  if (end === -1) {
    dead.add(sign);
    return undefined;
  }
  return { node: { t: kind, c: inline(text.slice(at + 1, end), inside + sign) }, end: end + 1 };
}

/** @param {string} text @param {number} at */
function opens(text, at) {
  const before = text[at - 1] ?? ' ';
  const after = text[at + 1] ?? ' ';
  return !/[\p{L}\p{N}]/u.test(before) && !/\s/.test(after) && after !== text[at];
}

/** @param {string} text @param {number} from @param {string} sign */
function closing(text, from, sign) {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '<') {
      const end = text.indexOf('>', at);
      if (end !== -1) at = end;
    } else if (text[at] === '`') {
      const end = text.indexOf('`', at + 1);
      if (end !== -1) at = end;
    } else if (
      text[at] === sign &&
      at > from + 1 &&
      !/\s/.test(text[at - 1] ?? '') &&
      !/[\p{L}\p{N}]/u.test(text[at + 1] ?? ' ')
    )
      return at;
  }
  return -1;
}

/** @param {string} text @param {number} at */
function angle(text, at) {
  const end = text.indexOf('>', at);
  if (end === -1) return undefined;
  const node = reference(text.slice(at + 1, end));
  return node === undefined ? undefined : { node, end: end + 1 };
}

/** @param {string} body what stands between `<` and `>` @returns {Node | undefined} */
function reference(body) {
  const bar = body.indexOf('|');
  const target = bar === -1 ? body : body.slice(0, bar);
  const label = decode(bar === -1 ? '' : body.slice(bar + 1));
  if (target.startsWith('@')) return { t: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { t: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { t: 'group', id: target.slice(9), label };
  if (target.startsWith('!date^')) {
    const [, seconds = '', pattern = '', url = ''] = target.split('^');
    return {
      t: 'date',
      seconds: Number(seconds || Number.NaN),
      pattern: decode(pattern),
      url: decode(url),
      fallback: label,
    };
  }
  if (target.startsWith('!')) return { t: 'special', id: target.slice(1), label };
  if (/^(?:https?:\/\/|mailto:|tel:)/i.test(target)) return { t: 'link', url: decode(target), label };
  return undefined;
}
