// @ts-check
/** Names that only a client can resolve: `#channel`, `@group`, `@here`. People and the three signs are the server's. */

/** @typedef {import('./shapes.js').State} State */

/**
 * @param {string} typed
 * @param {State} state
 */
export function resolveNames(typed, state) {
  // Code and addresses keep their letters.
  return typed
    .split(/(```[\s\S]*?```|`[^`\n]+`|https?:\/\/\S+)/)
    .map((part, index) => (index % 2 === 0 ? references(part, state) : part))
    .join('');
}

/** @param {string} text @param {State} state */
function references(text, state) {
  return text
    .replace(/(^|\s)@([\w.-]*\w)/g, (whole, before, name) => {
      if (/^(?:here|channel|everyone)$/.test(name)) return `${before}<!${name}>`;
      const group = state.usergroups.find((one) => one.handle === name);
      return group === undefined ? whole : `${before}<!subteam^${group.id}>`;
    })
    .replace(/(^|\s)#([\w-]+)/g, (whole, before, name) => {
      const channel = state.channels.find((one) => !one.is_im && !one.is_private && one.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}|${channel.name}>`;
    });
}
