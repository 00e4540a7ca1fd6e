// @ts-check
/** Short codes to characters: a small common set. An unknown code stays as it was written. */

/** @type {Record<string, string>} */
const CODES = {
  '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', white_check_mark: '✅', heavy_check_mark: '✔️',
  ballot_box_with_check: '☑️', x: '❌', warning: '⚠️', rotating_light: '🚨', lock: '🔒', unlock: '🔓', key: '🔑',
  closed_lock_with_key: '🔐', shield: '🛡️', eyes: '👀', hourglass: '⌛', hourglass_flowing_sand: '⏳', clock1: '🕐',
  alarm_clock: '⏰', stopwatch: '⏱️', bell: '🔔', no_bell: '🔕', mag: '🔍', email: '📧', envelope: '✉️', incoming_envelope: '📨',
  memo: '📝', clipboard: '📋', pushpin: '📌', link: '🔗', gear: '⚙️', wrench: '🔧', hammer_and_wrench: '🛠️', robot_face: '🤖',
  bust_in_silhouette: '👤', busts_in_silhouette: '👥', office: '🏢', globe_with_meridians: '🌐', computer: '💻', iphone: '📱',
  red_circle: '🔴', large_orange_circle: '🟠', large_yellow_circle: '🟡', large_green_circle: '🟢', large_blue_circle: '🔵',
  white_circle: '⚪', black_circle: '⚫', large_red_square: '🟥', large_green_square: '🟩', no_entry: '⛔', no_entry_sign: '🚫',
  question: '❓', grey_question: '❔', exclamation: '❗', information_source: 'ℹ️', bulb: '💡', fire: '🔥', boom: '💥', zap: '⚡',
  tada: '🎉', rocket: '🚀', wave: '👋', pray: '🙏', ok_hand: '👌', raised_hands: '🙌', clap: '👏', muscle: '💪', point_right: '👉',
  point_left: '👈', point_up: '☝️', point_down: '👇', heart: '❤️', smile: '😄', slightly_smiling_face: '🙂', thinking_face: '🤔',
  sob: '😭', scream: '😱', sweat_smile: '😅', arrow_right: '➡️', arrow_left: '⬅️', arrow_up: '⬆️', arrow_down: '⬇️',
  arrows_counterclockwise: '🔄', repeat: '🔁', stop_sign: '🛑', checkered_flag: '🏁', ticket: '🎫', speech_balloon: '💬',
  package: '📦', calendar: '📆', date: '📅', house: '🏠', star: '⭐', sparkles: '✨', heavy_minus_sign: '➖', heavy_plus_sign: '➕',
};

/** Offered under "Add reaction". */
export const REACTIONS = ['+1', 'eyes', 'white_check_mark', 'pray', 'tada', 'warning'];

/** @param {string} name without colons; a skin tone (`+1::skin-tone-2`) is left out */
export function emoji(name) {
  const plain = name.split('::')[0] ?? name;
  return Object.hasOwn(CODES, plain) ? CODES[plain] : undefined;
}

/**
 * Plain text with its short codes replaced.
 * @param {string} text
 */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/g, (whole, name) => emoji(name) ?? whole);
}
