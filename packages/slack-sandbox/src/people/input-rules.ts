import { isObject, lengthOf, stringOf } from '../json.js';
import type { JsonObject } from '../json.js';
import type { ViewState } from '../workspace/model.js';

const REQUIRED = 'Please complete this required field.';
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const VALUES = [
  'value',
  'selected_option',
  'selected_options',
  'selected_user',
  'selected_users',
  'selected_conversation',
  'selected_conversations',
  'selected_channel',
  'selected_channels',
  'selected_date',
  'selected_time',
  'selected_date_time',
  'rich_text_value',
  'files',
] as const;

function isEmpty(entry: JsonObject): boolean {
  return VALUES.every((key) => {
    const value = entry[key];
    if (Array.isArray(value)) return value.length === 0;
    return value === undefined || value === null || value === '';
  });
}

function lengthError(element: JsonObject, text: string): string | undefined {
  const { min_length: min, max_length: max } = element;
  const length = lengthOf(text);
  if (typeof min === 'number' && length < min) return `Please enter at least ${min} characters.`;
  if (typeof max === 'number' && length > max) return `Please enter no more than ${max} characters.`;
  return undefined;
}

function numberError(element: JsonObject, text: string): string | undefined {
  const value = Number(text);
  if (!Number.isFinite(value)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(value)) return 'Please enter a whole number.';
  const min = Number(element['min_value'] ?? Number.NEGATIVE_INFINITY);
  const max = Number(element['max_value'] ?? Number.POSITIVE_INFINITY);
  if (value < min) return `Please enter a number that is at least ${min}.`;
  if (value > max) return `Please enter a number that is at most ${max}.`;
  return undefined;
}

function textError(element: JsonObject, text: string): string | undefined {
  switch (element['type']) {
    case 'plain_text_input':
      return lengthError(element, text);
    case 'number_input':
      return numberError(element, text);
    case 'email_text_input':
      return MAIL.test(text) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(text) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

/** What Slack's client refuses before the app is asked: by block id. */
export function inputErrors(blocks: readonly JsonObject[], state: ViewState): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const { element } = block;
    const blockId = stringOf(block['block_id']) ?? '';
    if (block['type'] !== 'input' || !isObject(element)) continue;
    const entry = state[blockId]?.[stringOf(element['action_id']) ?? ''] ?? {};
    if (isEmpty(entry)) {
      if (block['optional'] !== true) errors[blockId] = REQUIRED;
      continue;
    }
    const wrong = textError(element, stringOf(entry['value']) ?? '');
    if (wrong !== undefined) errors[blockId] = wrong;
  }
  return errors;
}
