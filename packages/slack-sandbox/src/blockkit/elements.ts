import type { JsonObject } from '../json.js';
import { isObject, objectsOf, stringOf } from '../json.js';
import type { ViewState } from '../workspace/model.js';

/** An interactive element and the block it stands in. */
export interface Placed {
  readonly block: JsonObject;
  readonly blockId: string;
  readonly element: JsonObject;
  readonly actionId: string;
}

/** Every element of the blocks that carries an action id. */
export function placedElements(blocks: readonly JsonObject[]): Placed[] {
  return blocks.flatMap((block) => {
    const candidates = [block['accessory'], block['element'], ...objectsOf(block['elements'])].filter(isObject);
    return candidates.flatMap((element): Placed[] => {
      const actionId = stringOf(element['action_id']);
      return actionId === undefined ? [] : [{ block, blockId: stringOf(block['block_id']) ?? '', element, actionId }];
    });
  });
}

/** What an element's state starts with, by the key that Slack reports it under. */
const INITIAL: readonly (readonly [string, string])[] = [
  ['initial_value', 'value'],
  ['initial_option', 'selected_option'],
  ['initial_options', 'selected_options'],
  ['initial_user', 'selected_user'],
  ['initial_users', 'selected_users'],
  ['initial_conversation', 'selected_conversation'],
  ['initial_conversations', 'selected_conversations'],
  ['initial_channel', 'selected_channel'],
  ['initial_channels', 'selected_channels'],
  ['initial_date', 'selected_date'],
  ['initial_time', 'selected_time'],
  ['initial_date_time', 'selected_date_time'],
];

const STATELESS = new Set(['button', 'overflow', 'workflow_button', 'feedback_buttons', 'icon_button', 'image']);

/** The key under which Slack reports an empty element of this type. */
const EMPTY: Readonly<Record<string, readonly [string, unknown]>> = {
  static_select: ['selected_option', null],
  external_select: ['selected_option', null],
  radio_buttons: ['selected_option', null],
  checkboxes: ['selected_options', []],
  multi_static_select: ['selected_options', []],
  multi_external_select: ['selected_options', []],
  users_select: ['selected_user', null],
  multi_users_select: ['selected_users', []],
  conversations_select: ['selected_conversation', null],
  multi_conversations_select: ['selected_conversations', []],
  channels_select: ['selected_channel', null],
  multi_channels_select: ['selected_channels', []],
  datepicker: ['selected_date', null],
  timepicker: ['selected_time', null],
  datetimepicker: ['selected_date_time', null],
};

/** The state that a person sees before touching anything. */
export function initialState(blocks: readonly JsonObject[]): ViewState {
  const values: ViewState = {};
  for (const { element, blockId, actionId } of placedElements(blocks)) {
    const type = stringOf(element['type']) ?? '';
    if (STATELESS.has(type)) continue;
    const [key, empty] = EMPTY[type] ?? ['value', null];
    const given = INITIAL.find(([initial]) => initial in element);
    (values[blockId] ??= {})[actionId] = { type, ...(given ? { [given[1]]: element[given[0]] } : { [key]: empty }) };
  }
  return values;
}

/** An emptied text is reported as `null`, as if it had never been filled. */
const emptied = (entry: JsonObject): JsonObject => (entry['value'] === '' ? { value: null } : {});

/** The state with later entries over earlier ones, limited to elements that the blocks have. */
export function mergedState(blocks: readonly JsonObject[], ...layers: readonly ViewState[]): ViewState {
  const values = initialState(blocks);
  for (const layer of layers) {
    for (const [blockId, actions] of Object.entries(layer)) {
      for (const [actionId, entry] of Object.entries(actions)) {
        const known = values[blockId]?.[actionId];
        if (known && values[blockId]) values[blockId][actionId] = { ...entry, ...emptied(entry), type: known['type'] };
      }
    }
  }
  return values;
}
