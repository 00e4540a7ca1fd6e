import type { JsonObject } from '../json.js';
import { isObject, lengthOf, objectsOf, stringOf } from '../json.js';

/** Something that Slack would refuse: what, and at which JSON pointer. */
export interface Problem {
  readonly message: string;
  readonly at: string;
}

interface Limit {
  /** Characters of a string or of a text object's `text`. */
  readonly max?: number;
  readonly min?: number;
  /** Members of an array. */
  readonly maxItems?: number;
  readonly minItems?: number;
}

const ID = { max: 255, min: 1 };
const PLACEHOLDER = { max: 150 };
const OPTIONS = { maxItems: 100, minItems: 1 };
const SELECT = { placeholder: PLACEHOLDER, options: OPTIONS, option_groups: { maxItems: 100, minItems: 1 } };
const CHOICES = { options: { maxItems: 10, minItems: 1 } };

/** Limits by `type` and key, from https://docs.slack.dev/reference/block-kit (blocks, elements, composition). */
export const LIMITS: Readonly<Record<string, Readonly<Record<string, Limit>>>> = {
  section: { text: { max: 3000, min: 1 }, fields: { maxItems: 10, minItems: 1 } },
  header: { text: { max: 150, min: 1 } },
  context: { elements: { maxItems: 10, minItems: 1 } },
  actions: { elements: { maxItems: 25, minItems: 1 } },
  context_actions: { elements: { maxItems: 5, minItems: 1 } },
  input: { label: { max: 2000, min: 1 }, hint: { max: 2000 } },
  image: { image_url: { max: 3000 }, alt_text: { max: 2000 }, title: { max: 2000 } },
  markdown: { text: { max: 12_000 } },
  video: { title: { max: 200 }, author_name: { max: 50 } },
  table: { rows: { maxItems: 100, minItems: 1 } },
  button: {
    text: { max: 75, min: 1 },
    value: { max: 2000 },
    url: { max: 3000 },
    accessibility_label: { max: 75 },
  },
  workflow_button: { text: { max: 75, min: 1 }, accessibility_label: { max: 75 } },
  static_select: SELECT,
  multi_static_select: SELECT,
  external_select: SELECT,
  multi_external_select: SELECT,
  users_select: SELECT,
  multi_users_select: SELECT,
  conversations_select: SELECT,
  multi_conversations_select: SELECT,
  channels_select: SELECT,
  multi_channels_select: SELECT,
  overflow: { options: { maxItems: 5, minItems: 1 } },
  checkboxes: CHOICES,
  radio_buttons: CHOICES,
  datepicker: { placeholder: PLACEHOLDER },
  timepicker: { placeholder: PLACEHOLDER },
  plain_text_input: { placeholder: PLACEHOLDER, initial_value: { max: 3000 } },
  email_text_input: { placeholder: PLACEHOLDER },
  url_text_input: { placeholder: PLACEHOLDER },
  number_input: { placeholder: PLACEHOLDER },
  rich_text_input: { placeholder: PLACEHOLDER },
};

const ANY_ELEMENT: Readonly<Record<string, Limit>> = { action_id: ID, block_id: ID };
const OPTION: Readonly<Record<string, Limit>> = {
  text: { max: 75, min: 1 },
  value: { max: 150 },
  description: { max: 75 },
  url: { max: 3000 },
};
const OPTION_GROUP: Readonly<Record<string, Limit>> = { label: { max: 75 }, options: OPTIONS };
const CONFIRM: Readonly<Record<string, Limit>> = {
  title: { max: 100 },
  text: { max: 300, min: 1 },
  confirm: { max: 30 },
  deny: { max: 30 },
};

/** The limits of a view (https://docs.slack.dev/reference/views). */
const VIEW: Readonly<Record<string, Limit>> = {
  title: { max: 24, min: 1 },
  submit: { max: 24, min: 1 },
  close: { max: 24, min: 1 },
  private_metadata: { max: 3000 },
  callback_id: { max: 255 },
  external_id: { max: 255 },
  blocks: { maxItems: 100 },
};

function broken(value: unknown, limit: Limit): { message: string; suffix: string } | undefined {
  if (Array.isArray(value)) {
    if (limit.maxItems !== undefined && value.length > limit.maxItems)
      return { message: `no more than ${limit.maxItems} items allowed`, suffix: '' };
    if (limit.minItems !== undefined && value.length < limit.minItems)
      return { message: `no fewer than ${limit.minItems} items allowed`, suffix: '' };
    return undefined;
  }
  const text = isObject(value) ? stringOf(value['text']) : stringOf(value);
  if (text === undefined) return undefined;
  const suffix = isObject(value) ? '/text' : '';
  if (limit.max !== undefined && lengthOf(text) > limit.max)
    return { message: `must be less than ${limit.max + 1} characters`, suffix };
  if (limit.min !== undefined && lengthOf(text) < limit.min)
    return { message: `must be more than ${limit.min - 1} characters`, suffix };
  return undefined;
}

function against(object: JsonObject, limits: Readonly<Record<string, Limit>>, at: string): Problem[] {
  return Object.entries(limits).flatMap(([key, limit]) => {
    const found = key in object ? broken(object[key], limit) : undefined;
    return found ? [{ message: found.message, at: `${at}/${key}${found.suffix}` }] : [];
  });
}

/** The limits of whatever stands under this key. */
function limitsFor(object: JsonObject, key: string): Readonly<Record<string, Limit>> {
  if (key === 'confirm' && 'text' in object && !('type' in object)) return CONFIRM;
  if (key === 'options' || key === 'initial_option' || key === 'initial_options') return OPTION;
  if (key === 'option_groups') return OPTION_GROUP;
  const type = stringOf(object['type']);
  return type === undefined ? {} : { ...ANY_ELEMENT, ...LIMITS[type] };
}

/** Every broken limit below a value, deepest last. */
export function brokenLimits(value: unknown, at: string, key = ''): Problem[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => brokenLimits(one, `${at}/${index}`, key));
  if (!isObject(value)) return [];
  const below = Object.entries(value).flatMap(([name, member]) => brokenLimits(member, `${at}/${name}`, name));
  return [...against(value, limitsFor(value, key), at), ...below];
}

export const brokenViewLimits = (view: JsonObject): Problem[] => against(view, VIEW, '/view');

function repeated(names: { id: string; at: string }[], what: string): Problem[] {
  const seen = new Set<string>();
  return names.flatMap(({ id, at }) => {
    const again = seen.has(id);
    seen.add(id);
    return again ? [{ message: `\`${what}\` "${id}" already exists`, at }] : [];
  });
}

/** Block ids must be unique within a surface, action ids within a block. */
export function repeatedIds(blocks: readonly JsonObject[], at: string): Problem[] {
  const blockIds = blocks.flatMap((block, index) => {
    const id = stringOf(block['block_id']);
    return id === undefined ? [] : [{ id, at: `${at}/${index}/block_id` }];
  });
  const actionIds = blocks.flatMap((block, index) =>
    repeated(
      objectsOf(block['elements']).flatMap((element, place) => {
        const id = stringOf(element['action_id']);
        return id === undefined ? [] : [{ id, at: `${at}/${index}/elements/${place}/action_id` }];
      }),
      'action_id',
    ),
  );
  return [...repeated(blockIds, 'block_id'), ...actionIds];
}

/** What the structural schema cannot say: fields of which one is needed. */
export function missingAlternatives(blocks: readonly JsonObject[], at: string): Problem[] {
  return blocks.flatMap((block, index) => {
    if (block['type'] === 'section' && !('text' in block) && !('fields' in block))
      return [{ message: 'missing required field: text', at: `${at}/${index}` }];
    if (block['type'] === 'image' && !('image_url' in block) && !('slack_file' in block))
      return [{ message: 'missing required field: image_url', at: `${at}/${index}` }];
    return [];
  });
}

/** Characters of everything a person could read in the blocks. */
export function totalCharacters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + totalCharacters(one), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, member]) => {
    if (typeof member === 'string') return key === 'text' || key === 'alt_text' ? sum + lengthOf(member) : sum;
    return sum + totalCharacters(member);
  }, 0);
}
