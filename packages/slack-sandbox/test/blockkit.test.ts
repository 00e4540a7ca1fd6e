import { describe, expect, it } from '@jest/globals';
import { checkMessage, checkView } from '../src/index.js';
import { card, form } from './demo-app.js';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (extra: Record<string, unknown> = {}) => ({
  type: 'button',
  text: plain('b'),
  action_id: 'x',
  ...extra,
});
const select = (options: unknown[]) => ({ type: 'static_select', action_id: 's', options });
const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: plain(`o${n}`), value: String(n) }));
const actions = (elements: unknown[]) => ({ type: 'actions', elements });
const problems = (blocks: unknown) => {
  const verdict = checkMessage(blocks);
  return verdict.ok ? [] : [verdict.error, ...verdict.messages];
};

describe('blocks that Slack takes', () => {
  it.each([
    ['a card', card()],
    [
      'every part at its limit',
      [
        { type: 'header', text: plain('h'.repeat(150)) },
        section('t'.repeat(3000)),
        { type: 'context', elements: Array.from({ length: 10 }, () => mrkdwn('c')) },
        actions([button({ text: plain('b'.repeat(75)), value: 'v'.repeat(2000) }), select(options(100))]),
        {
          type: 'section',
          fields: Array.from({ length: 10 }, () => mrkdwn('f')),
          accessory: { type: 'overflow', action_id: 'o', options: options(5) },
        },
        { type: 'divider' },
        { type: 'image', image_url: 'https://x.test/a.png', alt_text: 'a' },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'r', style: { bold: true } }] }],
        },
        { type: 'markdown', text: '**m**' },
      ],
    ],
    ['fifty blocks', Array.from({ length: 50 }, () => ({ type: 'divider' }))],
    ['an emoji counted once', [{ type: 'header', text: plain('🚨'.repeat(150)) }]],
  ])('%s', (_name, blocks) => {
    expect(problems(blocks)).toEqual([]);
  });
});

describe('blocks that Slack refuses, with the place', () => {
  it.each([
    ['no array', {}, 'must provide an array [json-pointer:/blocks]'],
    [
      'too many blocks',
      Array.from({ length: 51 }, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    ['an unknown block', [{ type: 'banner' }], 'unsupported type: banner [json-pointer:/blocks/0]'],
    [
      'an unknown field',
      [{ type: 'divider', colour: 'red' }],
      'no more fields allowed: colour [json-pointer:/blocks/0]',
    ],
    ['a section without words', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'a long section',
      [section('t'.repeat(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain('h'.repeat(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: mrkdwn('h') }],
      'must be "plain_text" [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a long button',
      [actions([button({ text: plain('b'.repeat(76)) })])],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a long value',
      [actions([button({ value: 'v'.repeat(2001) })])],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'a long action id',
      [actions([button({ action_id: 'i'.repeat(256) })])],
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [
      'a wrong style',
      [actions([button({ style: 'blue' })])],
      'must be one of ["primary","danger"] [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'too many elements',
      [actions(Array.from({ length: 26 }, (_, n) => button({ action_id: `b${n}` })))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'too many options',
      [actions([select(options(101))])],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'no options',
      [actions([select([])])],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'a long option',
      [actions([select([{ text: plain('o'.repeat(76)), value: '1' }])])],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
    ],
    [
      'a crowded overflow',
      [actions([{ type: 'overflow', action_id: 'o', options: options(6) }])],
      'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'too much context',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('c')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'the same block id',
      [
        { type: 'divider', block_id: 'd' },
        { type: 'divider', block_id: 'd' },
      ],
      '`block_id` "d" already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'the same action id',
      [actions([button(), button()])],
      '`action_id` "x" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'an image without source',
      [{ type: 'image', alt_text: 'a' }],
      'missing required field: image_url [json-pointer:/blocks/0]',
    ],
  ])('%s', (_name, blocks, message) => {
    expect(problems(blocks)).toEqual(['invalid_blocks', `[ERROR] ${message}`]);
  });

  it('a message that is too long as a whole', () => {
    expect(problems(Array.from({ length: 5 }, () => section('t'.repeat(2700))))[0]).toBe('msg_blocks_too_long');
  });
});

describe('views', () => {
  const refusal = (view: unknown) => {
    const verdict = checkView(view);
    return verdict.ok ? 'taken' : verdict.messages.join('\n');
  };

  it('takes a form and a home tab', () => {
    expect(checkView(form())).toEqual({ ok: true });
    expect(checkView({ type: 'home', blocks: card() })).toEqual({ ok: true });
  });

  it.each([
    [
      'a long title',
      { title: plain('t'.repeat(25)) },
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    [
      'a long submit',
      { submit: plain('t'.repeat(25)) },
      'must be less than 25 characters [json-pointer:/view/submit/text]',
    ],
    [
      'a lot of metadata',
      { private_metadata: 'p'.repeat(3001) },
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      'a long callback id',
      { callback_id: 'c'.repeat(256) },
      'must be less than 256 characters [json-pointer:/view/callback_id]',
    ],
    [
      'too many blocks',
      { blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    ['inputs without a submit', { submit: undefined }, 'missing required field: submit [json-pointer:/view]'],
    ['no title', { title: undefined }, 'missing required field: title [json-pointer:/view]'],
  ])('refuses %s', (_name, change, message) => {
    const view: unknown = JSON.parse(JSON.stringify({ ...form(), ...change }));
    expect(refusal(view)).toBe(`[ERROR] ${message}`);
  });
});
