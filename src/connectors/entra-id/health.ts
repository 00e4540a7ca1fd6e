import type { CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { PERMISSION, type Permission } from './permissions.js';
import { checkPrepared } from './prepared.js';
import type { Reader } from './reader.js';

const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
  name,
  ok: failure === null,
  detail: failure?.message ?? '',
});

async function readable(
  { api }: Reader,
  name: string,
  { path, needs, call }: { path: string; needs: readonly Permission[]; call: CallContext },
): Promise<HealthProbe> {
  const found = await api.list(path, needs, call, 1);
  return probe(name, found.ok ? null : found.error);
}

/** One probe for each thing that containment needs; without a token there is no use in asking further. */
export async function health(reader: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const access = await reader.api.access(call);
  const first = probe('access token', access.ok ? null : access.error);
  if (!access.ok) return [first];
  const [users, audits, prepared] = await Promise.all([
    readable(reader, `users (${PERMISSION.readUsers})`, {
      path: '/v1.0/users?$top=1&$select=id',
      needs: [PERMISSION.readUsers],
      call,
    }),
    readable(reader, `audit log (${PERMISSION.audit})`, {
      path: '/v1.0/auditLogs/directoryAudits?$top=1',
      needs: [PERMISSION.audit],
      call,
    }),
    checkPrepared(reader, call),
  ]);
  const prepares = [...prepared].map(([kind, { verdict, detail, fix }]): HealthProbe => {
    const fine = verdict === 'ok' || verdict === 'cannot_tell';
    return { name: `prepared for ${kind}`, ok: fine, detail: fine ? '' : `${detail} ${fix}` };
  });
  return [first, users, audits, ...prepares];
}
