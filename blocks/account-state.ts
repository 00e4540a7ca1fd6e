import type { AccountState } from '../src/ports/connector.js';
import type { Say } from '../src/texts/say.js';
import { moment } from '../src/texts/say.js';

/** One account's state in a few words; nothing is said about what the system cannot tell. */
export function sayState(say: Say, state: AccountState | null, quarantined = false): string {
  const shut = quarantined ? say('state.quarantined') : null;
  if (!state) return shut ?? say('state.unknown');
  const facts = [
    shut,
    state.enabled === null ? null : say(state.enabled ? 'state.enabled' : 'state.disabled'),
    state.locked ? say('state.locked') : null,
    state.mustChangePassword ? say('state.must_change') : null,
    state.twoStepRequired ? say('state.two_step') : null,
    state.loginRanges && state.loginRanges.length > 0
      ? say('state.ranges', { ranges: state.loginRanges.join(', ') })
      : null,
    state.passwordChangedAt ? say('state.password_changed', { when: moment(state.passwordChangedAt) }) : null,
    ...sayMarks(say, state),
    state.protectedBecause === null ? null : say('state.protected', { why: state.protectedBecause.replace(/\.$/, '') }),
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? say('state.unknown') : facts.join(', ');
}

/** Who manages the account, and what it is: what an approver must know before acting on it. */
function sayMarks(say: Say, { authority, adminRoles, use }: AccountState): (string | null)[] {
  const from = authority === null || authority.where === 'here' ? null : (authority.from ?? say('state.elsewhere'));
  return [
    from !== null && authority?.where === 'synced' ? say('state.synced', { from }) : null,
    from !== null && authority?.where === 'federated' ? say('state.federated', { from }) : null,
    adminRoles && adminRoles.length > 0 ? say('state.admin', { roles: adminRoles.join(', ') }) : null,
    use === 'service' ? say('state.service') : null,
    use === 'shared' ? say('state.shared') : null,
  ];
}
