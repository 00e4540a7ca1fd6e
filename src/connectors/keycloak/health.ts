import { z } from 'zod';
import type { CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { readGroupByPath } from './holdings.js';
import { readLogConfig } from './log.js';
import { ROLE } from './permissions.js';
import type { Reader } from './state.js';

const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
  name,
  ok: failure === null,
  detail: failure?.message ?? '',
});

/** One probe for each thing that containment needs; without a token there is no use in asking further. */
export async function health({ api, settings }: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const identity = await api.identity(call);
  const first = probe('access token', identity.ok ? null : identity.error);
  if (!identity.ok) return [first];
  const { quarantine_group: path } = settings;
  const [users, log, group] = await Promise.all([
    api.read({ path: '/users?max=1&first=0', schema: z.array(z.unknown()), need: ROLE.viewUsers, call }),
    readLogConfig(api, call),
    path === null ? null : readGroupByPath(api, path, call),
  ]);
  return [
    first,
    probe('users', users.ok ? null : users.error),
    probe('events', log.ok ? null : log.error),
    ...(group === null ? [] : [probe(`group ${path ?? ''}`, group.ok ? null : group.error)]),
  ];
}
