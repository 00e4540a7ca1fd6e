// @ts-check
/** What the composer offers while one types: the app's commands after `/`, people and groups after `@`. */
import { humans, nameOf, roleOf } from './people.js';

/** @typedef {import('./shapes.js').State} State */
/** @typedef {{ insert: string, label: string, hint: string }} Offer */
/** @typedef {{ from: number, offers: Offer[], exact: boolean }} Offers `from`: where the word begins in the text */

const MOST = 8;

/**
 * @param {State} state
 * @param {string} text
 * @param {number} caret
 * @param {boolean} inThread slash commands do not work in threads
 * @returns {Offers | null}
 */
export function offersFor(state, text, caret, inThread) {
  const before = text.slice(0, caret);
  if (!inThread && /^\/\S*$/.test(before)) return commands(state, before);
  const person = /(?:^|\s)@([\w.-]*)$/.exec(before);
  if (person !== null) return people(state, (person[1] ?? '').toLowerCase(), caret);
  return null;
}

/** @param {State} state @param {string} typed @returns {Offers | null} */
function commands(state, typed) {
  const found = state.app.commands.filter((one) => one.command.startsWith(typed.toLowerCase()));
  if (found.length === 0) return null;
  return {
    from: 0,
    exact: found.some((one) => one.command === typed.toLowerCase()),
    offers: found.slice(0, MOST).map((one) => ({
      insert: `${one.command} `,
      label: `${one.command} ${one.usage_hint ?? ''}`.trim(),
      hint: one.description ?? '',
    })),
  };
}

/** @param {State} state @param {string} typed @param {number} caret @returns {Offers | null} */
function people(state, typed, caret) {
  const users = humans(state)
    .filter((user) => user.name.toLowerCase().startsWith(typed) || nameOf(state, user.id).toLowerCase().includes(typed))
    .map((user) => ({
      insert: `@${user.name} `,
      label: nameOf(state, user.id),
      hint: [`@${user.name}`, roleOf(user)].filter(Boolean).join(' · '),
    }));
  const bot = state.users.find((user) => user.id === state.app.bot_user_id);
  const app =
    bot !== undefined && bot.name.toLowerCase().startsWith(typed)
      ? [{ insert: `@${bot.name} `, label: state.app.name, hint: `@${bot.name} · app` }]
      : [];
  const groups = state.usergroups
    .filter((group) => group.handle.toLowerCase().startsWith(typed))
    .map((group) => ({ insert: `@${group.handle} `, label: group.name, hint: `@${group.handle} · group` }));
  const offers = [...users, ...app, ...groups].slice(0, MOST);
  return offers.length === 0
    ? null
    : { from: caret - typed.length - 1, offers, exact: offers.some((one) => one.insert === `@${typed} `) };
}

/**
 * The usage line of the command being typed.
 * @param {State} state
 * @param {string} text
 */
export function usageOf(state, text) {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  const command = state.app.commands.find((one) => one.command === word);
  return command === undefined ? '' : `${command.command} ${command.usage_hint ?? ''} - ${command.description ?? ''}`;
}
