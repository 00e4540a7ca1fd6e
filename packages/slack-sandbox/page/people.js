// @ts-check
/** Who is who, and which conversations a person sees. */

/** @typedef {import('./shapes.js').State} State */
/** @typedef {import('./shapes.js').User} User */
/** @typedef {import('./shapes.js').Channel} Channel */

/**
 * @param {State} state
 * @returns {User[]}
 */
export function humans(state) {
  const bot = state.app.bot_user_id;
  return state.users.filter((user) => !user.is_bot && !user.deleted && user.id !== bot && user.id !== 'USLACKBOT');
}

/**
 * @param {State} state
 * @param {string} id
 */
export function userOf(state, id) {
  return state.users.find((user) => user.id === id);
}

/**
 * @param {State} state
 * @param {string} id user id, the bot's included
 */
export function nameOf(state, id) {
  if (id === state.app.bot_user_id) return state.app.name;
  const user = userOf(state, id);
  if (user === undefined) return id;
  const shown = user.profile?.['display_name'];
  // A display name that only repeats the handle says less than the real one.
  return (shown === user.name ? '' : shown) || user.profile?.['real_name'] || user.real_name || user.name;
}

/** @param {User} user */
export function roleOf(user) {
  return user.profile?.['title'] || (user.is_admin ? 'admin' : '');
}

/**
 * @param {State} state
 * @param {string} id
 */
export function channelOf(state, id) {
  return state.channels.find((channel) => channel.id === id);
}

/**
 * @param {State} state
 * @param {string} as
 * @param {Channel} channel
 */
export function partnerOf(state, as, channel) {
  const other = channel.members.find((member) => member !== as);
  return other ?? (channel.user === as ? state.app.bot_user_id : (channel.user ?? as));
}

/**
 * @param {State} state
 * @param {string} as
 * @param {Channel} channel
 */
export function titleOf(state, as, channel) {
  return channel.is_im ? nameOf(state, partnerOf(state, as, channel)) : channel.name;
}

/**
 * What the sidebar shows a person.
 * @param {State} state
 * @param {string} as
 */
export function conversationsOf(state, as) {
  const mine = state.channels.filter((channel) => channel.members.includes(as) || channel.user === as);
  const byName = (/** @type {Channel} */ a, /** @type {Channel} */ b) => a.name.localeCompare(b.name);
  return {
    channels: mine.filter((channel) => !channel.is_im).sort(byName),
    others: state.channels
      .filter((channel) => !channel.is_im && !channel.is_private && !mine.includes(channel))
      .sort(byName),
    people: mine.filter((channel) => channel.is_im && partnerOf(state, as, channel) !== state.app.bot_user_id),
    app: mine.find((channel) => channel.is_im && partnerOf(state, as, channel) === state.app.bot_user_id),
  };
}

/**
 * Whether a person may look at a conversation at all.
 * @param {State} state
 * @param {string} as
 * @param {string} id
 */
export function maySee(state, as, id) {
  const channel = channelOf(state, id);
  if (channel === undefined) return false;
  return channel.members.includes(as) || channel.user === as || (!channel.is_private && !channel.is_im);
}
