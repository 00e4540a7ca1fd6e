import type { Command, Survivor } from '../port.js';

const APPS: Survivor = {
  what: 'Apps that the person added and their tokens: they go on until an administrator removes them under Manage apps',
  forSeconds: null,
};
const OTHER_SIGN_IN: Survivor = {
  what: 'Whoever still knows the password, or can sign in through the identity provider or the mailbox, signs in again at once: contain those too',
  forSeconds: null,
};
const SYNC: Survivor = {
  what: 'Nothing yet, but the identity provider that provisions Slack may activate the account again: disable it there too',
  forSeconds: null,
};

/** What goes on working after a command, as far as Slack's documentation tells. */
export function survivors(command: Command): readonly Survivor[] {
  switch (command.kind) {
    case 'revoke_sessions':
      return [OTHER_SIGN_IN, APPS];
    case 'disable_account':
      return [APPS, SYNC];
    default:
      return [];
  }
}
