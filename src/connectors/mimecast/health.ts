import type { CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { PERMISSION } from './permissions.js';
import { preparedGroups } from './prepared-groups.js';
import { probeAudit, probeDelegates, probeGroup, probeUsers } from './probes.js';
import type { Reader } from './reader.js';

const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
  name,
  ok: failure === null,
  detail: failure?.message ?? '',
});

/** One probe for each thing that containment needs; without a token there is no use in asking further. */
export async function health(reader: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const token = await reader.api.authenticate(call);
  const first = probe('credentials', token.ok ? null : token.error);
  if (!token.ok) return [first];
  const names = preparedGroups(reader.settings);
  const [users, audit, delegates, ...perGroup] = await Promise.all([
    probeUsers(reader, call),
    probeAudit(reader, call),
    probeDelegates(reader, call),
    ...names.map(async (name) => probe(`group "${name}"`, await probeGroup(reader, name, call))),
  ]);
  return [
    first,
    probe(`users (${PERMISSION.editUsers})`, users),
    probe(`audit events (${PERMISSION.readAudit})`, audit),
    probe(`delegates (${PERMISSION.readUsers})`, delegates),
    ...perGroup,
  ];
}
