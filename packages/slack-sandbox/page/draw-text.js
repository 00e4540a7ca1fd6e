// @ts-check
/** Text objects and mrkdwn as nodes. */
import { h } from './preact.js';
import { parseMrkdwn } from './mrkdwn.js';
import { emoji, withEmoji } from './emoji.js';
import { slackDate } from './dates.js';
import { channelOf, nameOf, userOf } from './people.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').Json} Json */
/** @typedef {{ state: State, as: string, onChannel?: (id: string) => void }} Reader who reads: names, time zone */

/** @param {Reader} reader */
export function zoneOf(reader) {
  return userOf(reader.state, reader.as)?.tz ?? 'UTC';
}

/**
 * @param {string} text
 * @param {Reader} reader
 */
export function mrkdwn(text, reader) {
  return parseMrkdwn(text).map((node) => draw(node, reader));
}

/**
 * @param {Json | undefined} object a text object of Block Kit
 * @param {Reader} reader
 */
export function textObject(object, reader) {
  if (object === undefined) return [];
  const text = String(object['text'] ?? '');
  return object['type'] === 'mrkdwn' ? mrkdwn(text, reader) : plain(text);
}

/** Plain text: short codes and line breaks only. @param {string} text */
export function plain(text) {
  return withEmoji(text)
    .split('\n')
    .flatMap((line, index) => (index === 0 ? [line] : [h('br', null), line]));
}

/**
 * @param {import('./mrkdwn.js').Node} node
 * @param {Reader} reader
 * @returns {any}
 */
function draw(node, reader) {
  switch (node.t) {
    case 'text':
      return node.v;
    case 'br':
      return h('br', null);
    case 'b':
      return h('strong', null, inner(node.c, reader));
    case 'i':
      return h('em', null, inner(node.c, reader));
    case 's':
      return h('s', null, inner(node.c, reader));
    case 'quote':
      return h('blockquote', null, inner(node.c, reader));
    case 'code':
      return h('code', null, node.v);
    case 'pre':
      return h('pre', { tabindex: 0 }, node.v);
    case 'emoji':
      return drawEmoji(node.name);
    case 'link':
      return link(node.url, withEmoji(node.label || node.url));
    case 'date':
      return drawDate(node, reader);
    default:
      return mention(node.t, node.id, node.label, reader);
  }
}

/** @param {import('./mrkdwn.js').Node[]} nodes @param {Reader} reader */
function inner(nodes, reader) {
  return nodes.map((node) => draw(node, reader));
}

/** @param {string} name */
export function drawEmoji(name) {
  const sign = emoji(name);
  return sign === undefined
    ? `:${name}:`
    : h('span', { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' ') }, sign);
}

/** Only addresses that cannot run code become links. @param {string} url */
export function safeUrl(url) {
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(url) ? url : undefined;
}

/**
 * @param {string} url
 * @param {any} label
 * @param {string} [className]
 */
export function link(url, label, className) {
  const href = safeUrl(url);
  if (href === undefined) return h('span', { class: className }, label);
  return h(
    'a',
    { href, class: className, target: '_blank', rel: 'noopener noreferrer' },
    label,
    h('span', { class: 'unseen' }, ' (opens in a new tab)'),
  );
}

/** @param {Extract<import('./mrkdwn.js').Node, { t: 'date' }>} node @param {Reader} reader */
function drawDate(node, reader) {
  const text = slackDate(node.seconds, node.pattern, zoneOf(reader), node.fallback);
  return node.url === '' ? h('time', { title: node.fallback }, text) : link(node.url, text);
}

/**
 * @param {'user' | 'channel' | 'group' | 'special'} kind
 * @param {string} id
 * @param {string} label
 * @param {Reader} reader
 */
export function mention(kind, id, label, reader) {
  const { state, as } = reader;
  if (kind === 'user') {
    const known = id === state.app.bot_user_id || userOf(state, id) !== undefined;
    return h(
      'span',
      { class: id === as ? 'mention mention-me' : 'mention' },
      `@${known ? nameOf(state, id) : label || id}`,
    );
  }
  if (kind === 'channel') {
    const channel = channelOf(state, id);
    if (channel === undefined || reader.onChannel === undefined)
      return h('span', { class: 'mention' }, `#${channel?.name ?? (label || 'unknown-channel')}`);
    return h(
      'button',
      { type: 'button', class: 'mention mention-link', onclick: () => reader.onChannel?.(id) },
      `#${channel.name}`,
    );
  }
  if (kind === 'group') {
    const group = state.usergroups.find((one) => one.id === id);
    const mine = group?.users.includes(as) ?? false;
    return h(
      'span',
      { class: mine ? 'mention mention-me' : 'mention' },
      group === undefined ? label || id : `@${group.handle}`,
    );
  }
  return h('span', { class: 'mention mention-me' }, `@${label.replace(/^@/, '') || id}`);
}
