// @ts-check
/** What a person types, as Slack's clients send it: the three signs escaped, names turned into references. */

/** @typedef {import('./shapes.js').State} State */

/**
 * @param {string} typed
 * @param {State} state
 */
export function encode(typed, state) {
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // Code keeps its letters: `@ada` in it is no mention.
  return escaped
    .split(/(```[\s\S]*?```|`[^`\n]+`|https?:\/\/[^\s|]+[^\s|.,;:!?)\]'"])/)
    .map((part, index) => (index % 2 === 0 ? references(part, state) : part.startsWith('`') ? part : `<${part}>`))
    .join('');
}

/** @param {string} text @param {State} state */
function references(text, state) {
  return text
    .replace(/(^|[^\w@])@([\w.-]*\w)/g, (whole, before, name) => {
      const found = mentionOf(name.toLowerCase(), state);
      return found === undefined ? whole : before + found;
    })
    .replace(/(^|[^\w#&])#([\w-]+)/g, (whole, before, name) => {
      const channel = state.channels.find((one) => !one.is_im && one.name === name.toLowerCase());
      return channel === undefined ? whole : `${before}<#${channel.id}>`;
    });
}

/** @param {string} name @param {State} state */
function mentionOf(name, state) {
  if (name === 'here' || name === 'channel' || name === 'everyone') return `<!${name}>`;
  const user = state.users.find((one) => one.name.toLowerCase() === name);
  if (user !== undefined) return `<@${user.id}>`;
  const group = state.usergroups.find((one) => one.handle.toLowerCase() === name);
  return group === undefined ? undefined : `<!subteam^${group.id}>`;
}
