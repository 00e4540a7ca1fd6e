import { err, ok } from '../../result.js';
import { PERMISSION } from './permissions.js';
import {
  already,
  cannotTell,
  doesNotHold,
  done,
  holds,
  userPath,
  type Handler,
  type Outcome,
  type Reader,
  type Target,
} from './reader.js';
import { readUser } from './user.js';

/** `accountEnabled`, by itself: a call that also sets a password fails whole when one right is missing. */
export function setEnabled(reader: Reader, wanted: boolean): Handler {
  const set = async ({ account, call }: Target, accountEnabled: boolean): Promise<Outcome> => {
    const needs = [PERMISSION.enableUsers];
    const json = { accountEnabled };
    const request = { method: 'PATCH', path: userPath(account), json, needs, sensitive: true, call } as const;
    const answer = await reader.api.send(request);
    return answer.ok ? done(answer.value.requestId) : err(answer.error);
  };
  return {
    perform: (target) => set(target, wanted),
    async capture(target) {
      const user = await readUser(reader, target);
      return user.ok ? ok({ enabled: user.value.accountEnabled }) : user;
    },
    async restore(target, before) {
      const { enabled } = before;
      if (typeof enabled !== 'boolean') return already;
      const user = await readUser(reader, target);
      if (!user.ok) return user;
      return user.value.accountEnabled === enabled ? already : set(target, enabled);
    },
    judge(_target, { enabled }) {
      if (enabled === null)
        return Promise.resolve(cannotTell('Entra ID does not show whether the account is enabled.'));
      const observed = `Sign-in to the Entra account is ${enabled ? 'permitted' : 'blocked'}.`;
      return Promise.resolve(enabled === wanted ? holds(observed) : doesNotHold(observed));
    },
  };
}
