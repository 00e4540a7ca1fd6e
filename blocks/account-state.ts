import type { AccountState } from '../src/connectors/port.js';
import type { Say } from './texts/say.js';
import { moment } from './texts/say.js';

/** One account's state in a few words; nothing is said about what the system cannot tell. */
export function sayState(say: Say, state: AccountState | null): string {
  if (!state) return say('state.unknown');
  const facts = [
    state.enabled === null ? null : say(state.enabled ? 'state.enabled' : 'state.disabled'),
    state.locked ? say('state.locked') : null,
    state.mustChangePassword ? say('state.must_change') : null,
    state.twoStepRequired ? say('state.two_step') : null,
    state.loginRanges && state.loginRanges.length > 0
      ? say('state.ranges', { ranges: state.loginRanges.join(', ') })
      : null,
    state.passwordChangedAt ? say('state.password_changed', { when: moment(state.passwordChangedAt) }) : null,
    state.protectedBecause === null ? null : say('state.protected', { why: state.protectedBecause }),
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? say('state.unknown') : facts.join(', ');
}
