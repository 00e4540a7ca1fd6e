import type { CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { z } from 'zod';
import { SCOPE } from './scopes.js';
import type { Parts } from './state.js';
import { readZone } from './zone.js';

const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
  name,
  ok: failure === null,
  detail: failure?.message ?? '',
});

/** The groups that the configuration names. */
export const preparedGroups = ({ settings }: Parts): readonly string[] => {
  const names = [
    settings.two_step_group,
    settings.quarantine_group,
    ...settings.login_range_groups.map(({ group }) => group),
  ];
  return [...new Set(names)].filter((name) => name !== null);
};

/** One harmless read of each kind that containment needs. */
export async function health(parts: Parts, call: CallContext): Promise<readonly HealthProbe[]> {
  const { api, groups, settings } = parts;
  const users = await api.list('/api/v1/users?limit=1', z.unknown(), call, 1);
  const first = probe(`users (${SCOPE.readUsers})`, users.ok ? null : users.error);
  if (!users.ok && users.error.kind !== 'permission') return [first];
  const [log, zone, ...prepared] = await Promise.all([
    api.list('/api/v1/logs?limit=1', z.unknown(), call, 1),
    settings.block_zone === null ? null : readZone(parts, call),
    ...preparedGroups(parts).map(async (name) => ({ name, id: await groups.idOf(name, call) })),
  ]);
  return [
    first,
    probe(`system log (${SCOPE.readLogs})`, log.ok ? null : log.error),
    ...(zone === null
      ? []
      : [probe(`zone "${settings.block_zone ?? ''}" (${SCOPE.readZones})`, zone.ok ? null : zone.error)]),
    ...prepared.map(({ name, id }) => probe(`group "${name}" (${SCOPE.readGroups})`, id.ok ? null : id.error)),
  ];
}
