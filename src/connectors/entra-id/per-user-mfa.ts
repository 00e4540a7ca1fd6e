import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import { lost } from '../http/network-failure.js';
import type { ConnectorFailure } from '../port.js';
import { PERMISSION } from './permissions.js';
import {
  already,
  done,
  doesNotHold,
  holds,
  userPath,
  type Handler,
  type Outcome,
  type Reader,
  type Target,
} from './reader.js';

const requirements = z.object({ perUserMfaState: z.enum(['disabled', 'enabled', 'enforced']) });
type PerUserMfa = z.output<typeof requirements>['perUserMfaState'];

/** Only Graph's beta has it; Microsoft calls that "not supported for production". */
const path = ({ account }: Target): string =>
  userPath(account).replace('/v1.0/', '/beta/') + '/authentication/requirements';

export async function readPerUserMfa({ api }: Reader, target: Target): Promise<Result<PerUserMfa, ConnectorFailure>> {
  const answer = await api.send({
    method: 'GET',
    path: path(target),
    needs: [PERMISSION.perUserMfa],
    call: target.call,
  });
  if (!answer.ok) return err(answer.error);
  const parsed = requirements.safeParse(answer.value.body);
  if (parsed.success) return ok(parsed.data.perUserMfaState);
  return err(lost('Microsoft Graph answered something that is not a multifactor state', false));
}

async function set({ api }: Reader, target: Target, state: PerUserMfa): Promise<Outcome> {
  const json = { perUserMfaState: state };
  const needs = [PERMISSION.perUserMfa];
  const answer = await api.send({
    method: 'PATCH',
    path: path(target),
    json,
    needs,
    sensitive: true,
    call: target.call,
  });
  return answer.ok ? done(answer.value.requestId) : err(answer.error);
}

/** Per-user multifactor authentication set to `enforced`; undone to the state that was before. */
export function perUserMfa(reader: Reader): Handler {
  return {
    perform: (target) => set(reader, target, 'enforced'),
    async capture(target) {
      const present = await readPerUserMfa(reader, target);
      return present.ok ? ok({ per_user_mfa: present.value }) : present;
    },
    async restore(target, before) {
      const wanted = requirements.safeParse({ perUserMfaState: before['per_user_mfa'] });
      if (!wanted.success) return already;
      const present = await readPerUserMfa(reader, target);
      if (!present.ok) return present;
      return present.value === wanted.data.perUserMfaState ? already : set(reader, target, wanted.data.perUserMfaState);
    },
    async judge(target) {
      const present = await readPerUserMfa(reader, target);
      if (!present.ok) return present;
      if (present.value === 'enforced') return holds('Per-user multifactor authentication is enforced.');
      return doesNotHold(`Per-user multifactor authentication is ${present.value}.`);
    },
  };
}
