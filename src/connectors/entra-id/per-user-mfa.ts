import type { Bodies } from './bodies.js';
import { z } from 'zod';
import { err, ok } from '../../platform/result.js';
import { lost } from '../http/network-failure.js';
import { ALREADY, cannotTell, doesNotHold, holds, native } from '../kit/action.js';
import type { Action, Answer, Reading, Target } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import type { Receipt } from '../../ports/connector.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';
import { UNTIL_ASKED } from './residual.js';

/** `null`: not shown. A state that Microsoft adds is accepted too. */
const told = z.enum(['disabled', 'enabled', 'enforced']).nullable().catch(null);
export const requirements = z.object({ perUserMfaState: told }).transform(({ perUserMfaState }) => perUserMfaState);
const STATE = 'a multifactor state';

const requestFor = ({ account, call }: Target) => ({
  /** Only Graph's beta has it; Microsoft calls that "not supported for production". */
  path: userPath(account).replace('/v1.0/', '/beta/') + '/authentication/requirements',
  needs: [PERMISSION.perUserMfa],
  call,
});

export const readPerUserMfa = ({ api }: Reader, target: Target): Answer<string | null> =>
  api.get(requirements, STATE, requestFor(target));

/** Per-user multifactor authentication set to `enforced`; undone to the state that was before. */
export function perUserMfa(reader: Reader): Action<'require_two_step', Reading> {
  const set = (target: Target, perUserMfaState: Bodies['requirements']['perUserMfaState']): Answer<Receipt> =>
    reader.api.change({ method: 'PATCH', ...requestFor(target), json: { perUserMfaState }, sensitive: true });
  return {
    can: native(PERMISSION.readUsers, PERMISSION.perUserMfa),
    perform: (task) => set(task, 'enforced'),
    judge: (task) =>
      mapped(readPerUserMfa(reader, task), (present) => {
        if (present === null)
          return cannotTell('Graph does not tell the state of per-user multifactor authentication.');
        if (present === 'enforced') return holds('Per-user multifactor authentication is enforced.');
        return doesNotHold(`Per-user multifactor authentication is ${present}.`);
      }),
    undo: {
      capture: (task) =>
        andThen(readPerUserMfa(reader, task), (present) => {
          // Without it an undo would not know which state to restore.
          if (present === null) return err(lost(`Microsoft Graph answered something that is not ${STATE}`, false));
          return ok({ per_user_mfa: present });
        }),
      async restore(task, before) {
        const wanted = told.parse(before['per_user_mfa']);
        if (wanted === null) return ok(ALREADY);
        return andThen(readPerUserMfa(reader, task), (present) =>
          present === wanted ? ok(ALREADY) : set(task, wanted),
        );
      },
    },
    residual: UNTIL_ASKED,
  };
}
