// @ts-check
/** What a select offers: the app's options, people, or conversations. */
import { humans, nameOf, titleOf } from '../people.js';
import { withEmoji } from '../emoji.js';

/** @typedef {import('../shapes.js').Json} Json */
/** @typedef {import('./context.js').Spot} Spot */
/** @typedef {{ id: string, label: string, hint: string, group: string, option?: Json }} Choice */

/** Which part of the payload a select fills. */
export const SINGLE = /** @type {Record<string, string>} */ ({
  static_select: 'selected_option',
  external_select: 'selected_option',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
});
export const SEVERAL = /** @type {Record<string, string>} */ ({
  multi_static_select: 'selected_options',
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
});

/** @param {Spot} at @returns {Choice[]} */
export function choicesOf(at) {
  const type = String(at.element['type']);
  if (type.endsWith('users_select')) return people(at);
  if (type.endsWith('channels_select')) return conversations(at, false);
  if (type.endsWith('conversations_select')) return conversations(at, true);
  return staticChoices(at.element);
}

/** @param {Json} element @returns {Choice[]} */
export function staticChoices(element) {
  const groups = /** @type {Json[]} */ (element['option_groups'] ?? [{ options: element['options'] ?? [] }]);
  return groups.flatMap((group) =>
    /** @type {Json[]} */ (group['options'] ?? []).map((option) => ({
      ...choiceOf(option),
      group: String(group['label']?.text ?? ''),
    })),
  );
}

/** @param {Json} option @returns {Choice} */
export function choiceOf(option) {
  return {
    id: String(option['value']),
    label: withEmoji(String(option['text']?.text ?? '')),
    hint: String(option['description']?.text ?? ''),
    group: '',
    option,
  };
}

/** @param {Spot} at @returns {Choice[]} */
function people(at) {
  const { state } = at.context.reader;
  return humans(state).map((user) => ({
    id: user.id,
    label: nameOf(state, user.id),
    hint: `@${user.name}`,
    group: '',
  }));
}

/** @param {Spot} at @param {boolean} withDirect @returns {Choice[]} */
function conversations(at, withDirect) {
  const { state, as } = at.context.reader;
  const mine = state.channels.filter((one) => one.members.includes(as) || (!one.is_private && !one.is_im));
  return mine
    .filter((one) => !one.is_archived && (withDirect || (!one.is_im && !one.is_private)))
    .map((one) => ({ id: one.id, label: one.is_im ? titleOf(state, as, one) : `#${one.name}`, hint: '', group: '' }));
}
