import { isItemAction, type ActionKind, type Command } from './port.js';

/** A command of a kind, to ask what a person would have to do for it; `null` for the reset, which needs a password. */
export function harmlessCommand(kind: ActionKind): Command | null {
  if (isItemAction(kind)) return { kind, items: 'all' };
  switch (kind) {
    case 'reset_password':
      return null;
    case 'limit_login_ips':
    case 'block_address':
      return { kind, ranges: ['the wanted ranges'] };
    default:
      return { kind };
  }
}
